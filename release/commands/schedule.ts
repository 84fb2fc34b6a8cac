import { Argument, Option, type Command } from "commander";
import { nodeMarginMinutes } from "../../components/peakHours";
import { durationIn, waitOption } from "../operations/options";
import type { Capacity } from "../operations/scale";
import { releaseCommand } from "../options";
import type { ScheduleOptions } from "../schedule/schedule";

export function scheduleCommand(): Command {
  return releaseCommand("schedule", "for a timer: scale to what the configured schedule says for now")
    .addArgument(
      new Argument("[capacity]", "what to scale to (default: what the schedule says)").choices(["peak", "offPeak"]),
    )
    .addOption(
      new Option("--lead <duration>", "how long before peak to begin, so that the Pods are ready")
        .argParser(durationIn)
        // When nodes come.
        .default(nodeMarginMinutes * 60_000, `${nodeMarginMinutes}m`),
    )
    .addOption(waitOption())
    .action(async (capacity: Capacity | undefined, options: ScheduleOptions) => {
      const { schedule } = await import("../schedule/schedule.ts");
      await schedule(capacity, options);
    });
}
