import { Argument, type Command } from "commander";
import { colorIn, durationIn, waitOption } from "../operations/options";
import type { SwitchOptions } from "../operations/switch";
import { releaseCommand } from "../options";

export function switchCommand(): Command {
  return releaseCommand(
    "switch",
    "users to the other colour, if it is verified; watched until the old one has finished",
  )
    .addArgument(new Argument("[color]", "where to (default: the colour that is not live)").argParser(colorIn))
    .option(
      "--bake <duration>",
      "keep the new colour on trial, such as 10m; it is rolled back if it does worse",
      durationIn,
    )
    .option("--image <image>", "refuse another image than this: what somebody has agreed to")
    .addOption(waitOption())
    .action(async (color: ReturnType<typeof colorIn> | undefined, options: SwitchOptions) => {
      const { switchTo } = await import("../operations/switch.ts");
      await switchTo(color, options);
    });
}
