/** How many hours of a month the services, and their nodes, are at peak. */
import { minutesOf, nodeMarginMinutes } from "../components/peakHours";

/** An average month, which AWS's own calculator takes as well. */
export const hoursPerMonth = 730;

const hoursPerWeek = 168;

/** Peak is from one time of day until a later one, on some days of the week. */
export interface Schedule {
  readonly days: readonly string[];
  /** Such as `07:00`. */
  readonly from: string;
  /** Such as `20:00`. */
  readonly until: string;
}

export interface Hours {
  readonly peak: number;
  readonly offPeak: number;
}

/**
 * A month's hours at peak and off-peak, by their share of a week; without a schedule all are at peak. The time zone makes
 * no difference: the hour that the clock skips in spring comes back in autumn.
 *
 * @param marginMinutes For which it is peak before `from` already, and after `until` still.
 */
export function monthlyHours(schedule: Schedule | undefined, marginMinutes = 0): Hours {
  if (schedule === undefined) return { peak: hoursPerMonth, offPeak: 0 };
  const perDay = (minutesOf(schedule.until) - minutesOf(schedule.from) + 2 * marginMinutes) / 60;
  const perWeek = Math.min(new Set(schedule.days).size * perDay, hoursPerWeek);
  const peak = (hoursPerMonth * perWeek) / hoursPerWeek;
  return { peak, offPeak: hoursPerMonth - peak };
}

/** The same for GPU nodes, which come before peak and go after it. */
export function monthlyNodeHours(schedule: Schedule | undefined): Hours {
  return monthlyHours(schedule, nodeMarginMinutes);
}
