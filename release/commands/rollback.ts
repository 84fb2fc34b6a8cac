import { Argument, Option, type Command } from "commander";
import { colorIn } from "../operations/options";
import type { GroundOptions } from "../operations/rollbackGround";
import { releaseCommand } from "../options";

export function rollbackCommand(): Command {
  return releaseCommand("rollback", "users back on the other colour, at once and without a question")
    .addArgument(new Argument("[color]", "where to (default: the colour that is not live)").argParser(colorIn))
    .addOption(new Option("--context <name>", "the kubeconfig's context, where the stack's state cannot be read"))
    .action(async (color: ReturnType<typeof colorIn> | undefined, options: GroundOptions) => {
      const { rollback } = await import("../operations/rollback.ts");
      await rollback(color, options);
    });
}
