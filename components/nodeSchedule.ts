/**
 * The sizes of one Auto Scaling group at peak and off-peak, set by AWS itself: what brings nodes down even if no pipeline
 * runs, and has them up again before the day begins. docs/capacity.md tells how it goes together with the pipeline.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { GroupSizes } from "./nodeNeeds";

const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

/** When it is peak; off-peak at all other times. */
export interface PeakHours {
  /** An IANA name such as `Europe/Berlin`; AWS minds daylight saving time. */
  timeZone: string;
  days: readonly (typeof days)[number][];
  /** Such as `07:00`. */
  from: string;
  /** Later on the same day, such as `20:00`. */
  until: string;
}

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

/**
 * Minutes that nodes come before peak, and go after it: a GPU node takes ten to boot and to load its models, and the
 * pipeline that takes the Pods away waits for their jobs.
 */
const marginMinutes = 30;

const minutesOfADay = 24 * 60;

/** When nodes come and go, in cron's five fields. */
export function scheduleTimes({ days, from, until }: PeakHours): { peak: string; offPeak: string } {
  return {
    peak: cron(minutesOf(from) - marginMinutes, days),
    offPeak: cron(minutesOf(until) + marginMinutes, days),
  };
}

/** What is wrong with the hours, in words; undefined where nothing is. */
export function hoursFault({ days: peakDays, from, until }: PeakHours): string | undefined {
  if (minutesOf(from) >= minutesOf(until))
    return `from (${from}) must be earlier than until (${until}), on the same day; a peak over midnight cannot be said`;
  const quiet = minutesOfADay - minutesOf(until) + minutesOf(from);
  const hasNeighbours = days.some((day, i) => peakDays.includes(day) && peakDays.includes(days[(i + 1) % 7] ?? day));
  if (hasNeighbours && quiet <= 2 * marginMinutes)
    return `${quiet} minutes of off-peak from ${until} to ${from} are too few: nodes go ${marginMinutes} minutes after peak and come ${marginMinutes} before, so that more than ${2 * marginMinutes} are needed`;
  return undefined;
}

/** @param minutes Since midnight; less than none is the evening before, more than a day's the morning after. */
function cron(minutes: number, on: PeakHours["days"]): string {
  const shift = Math.floor(minutes / minutesOfADay);
  const time = minutes - shift * minutesOfADay;
  const numbers = on.map((day) => (days.indexOf(day) + shift + 7) % 7);
  const weekdays = new Set(numbers).size === 7 ? "*" : [...new Set(numbers)].sort().join(",");
  return `${time % 60} ${Math.floor(time / 60)} * * ${weekdays}`;
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(":").map(Number);
  return hours * 60 + minutes;
}
