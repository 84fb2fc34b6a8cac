/** How many hours of a month the services are at peak. */

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
 */
export function monthlyHours(schedule: Schedule | undefined): Hours {
  if (schedule === undefined) return { peak: hoursPerMonth, offPeak: 0 };
  const perWeek = new Set(schedule.days).size * (hourOf(schedule.until) - hourOf(schedule.from));
  const peak = (hoursPerMonth * perWeek) / hoursPerWeek;
  return { peak, offPeak: hoursPerMonth - peak };
}

function hourOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours + minutes / 60;
}
