import type { Command } from "commander";
import { releaseCommand, type CommonOptions } from "../options";

export function diffCommand(): Command {
  return releaseCommand("diff", "what differs between the two colours").action(async (options: CommonOptions) => {
    const { diff } = await import("../diff/diff.ts");
    await diff(options);
  });
}
