/**
 * The sizes of one Auto Scaling group at peak and off-peak, set by AWS itself: what brings nodes down even if no pipeline
 * runs, and has them up again before the day begins. docs/capacity.md tells how it goes together with the pipeline.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { GroupSizes } from "./nodeNeeds";
import { hoursFault, scheduleTimes, type PeakHours } from "./peakHours";

export interface NodeScheduleArgs {
  autoscalingGroupName: pulumi.Input<string>;
  hours: PeakHours;
  /** See nodeNeeds.ts. */
  sizes: { peak: GroupSizes; offPeak: GroupSizes };
}

export class NodeSchedule extends pulumi.ComponentResource {
  /** @throws RunError for hours that cannot be kept; see {@link hoursFault}. */
  constructor(name: string, args: NodeScheduleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:NodeSchedule", name, {}, opts);
    const { hours, sizes, autoscalingGroupName } = args;
    const fault = hoursFault(hours);
    if (fault !== undefined) throw new pulumi.RunError(`${name}: hours: ${fault}`);
    const times = scheduleTimes(hours);
    for (const [action, recurrence, { minSize, desiredSize, maxSize }] of [
      ["peak", times.peak, sizes.peak],
      ["off-peak", times.offPeak, sizes.offPeak],
    ] as const) {
      new aws.autoscaling.Schedule(
        `${name}-${action}`,
        {
          autoscalingGroupName,
          scheduledActionName: action,
          recurrence,
          timeZone: hours.timeZone,
          // All three: what is left out is set to zero.
          minSize,
          desiredCapacity: desiredSize === "unchanged" ? -1 : desiredSize,
          maxSize,
        },
        {
          parent: this,
          // Made anew: along with an update the provider sends the old start time, which AWS refuses once it is past.
          replaceOnChanges: ["recurrence", "timeZone", "minSize", "desiredCapacity", "maxSize"],
          deleteBeforeReplace: true,
        },
      );
    }
    this.registerOutputs();
  }
}
