import type { Command } from "commander";
import { releaseCommand, type CommonOptions } from "../options";

export function costCommand(): Command {
  return releaseCommand("cost", "what a stack costs in a month, and what its schedule saves").action(
    async (options: CommonOptions) => {
      const { cost } = await import("../cost/cost.ts");
      cost(options);
    },
  );
}
