import type { Command } from "commander";
import { waitOption, type ActOptions } from "../operations/options";
import { releaseCommand } from "../options";

export function applyCommand(): Command {
  return releaseCommand("apply", "what the configuration and the program say, as pulumi up does; a switch is told")
    .addOption(waitOption())
    .action(async (options: ActOptions) => {
      const { apply } = await import("../operations/apply.ts");
      await apply(options);
    });
}
