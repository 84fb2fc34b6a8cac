import type { Command } from "commander";
import { releaseCommand } from "../options";
import type { StatusOptions } from "../status/status";

export function statusCommand(): Command {
  return releaseCommand("status", "which colour is live, and how both are")
    .option("--watch", "again and again, until Ctrl+C", false)
    .action(async (options: StatusOptions) => {
      const { status } = await import("../status/status.ts");
      await status(options);
    });
}
