import { Argument, type Command } from "commander";
import { waitOption, type ActOptions } from "../operations/options";
import type { Capacity } from "../operations/scale";
import { releaseCommand } from "../options";

export function scaleCommand(): Command {
  return releaseCommand(
    "scale",
    "peak: both colours at full capacity; offPeak: the idle one on standby, when its jobs are done",
  )
    .addArgument(new Argument("<capacity>").choices(["peak", "offPeak"]))
    .addOption(waitOption())
    .action(async (capacity: Capacity, options: ActOptions) => {
      const { scale } = await import("../operations/scale.ts");
      await scale(capacity, options);
    });
}
