import { Argument, type Command } from "commander";
import { colorIn } from "../operations/options";
import { releaseCommand, type CommonOptions } from "../options";

export function rollbackCommand(): Command {
  return releaseCommand("rollback", "users back on the other colour, at once and without a question")
    .addArgument(new Argument("[color]", "where to (default: the colour that is not live)").argParser(colorIn))
    .action(async (color: ReturnType<typeof colorIn> | undefined, options: CommonOptions) => {
      const { rollback } = await import("../operations/rollback.js");
      await rollback(color, options);
    });
}
