import type { Command } from "commander";
import type { DriftOptions } from "../drift/drift";
import { releaseCommand } from "../options";

export function driftCommand(): Command {
  return releaseCommand("drift", "what somebody has changed by hand, and the command that repairs it")
    .option("--comment", "keep one open issue about it at the forge", false)
    .action(async (options: DriftOptions) => {
      const { drift } = await import("../drift/drift.ts");
      await drift(options);
    });
}
