/** The hours of peak, and when GPU nodes come and go for them: what scheduled actions, prices and settings all go by. */

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

/**
 * Minutes that nodes come before peak, and go after it: a GPU node takes ten to boot and to load its models, and the
 * pipeline that takes the Pods away waits for their jobs.
 */
export const nodeMarginMinutes = 30;

const minutesOfADay = 24 * 60;

/** When nodes come and go, in cron's five fields. */
export function scheduleTimes({ days, from, until }: PeakHours): { peak: string; offPeak: string } {
  return {
    peak: cron(minutesOf(from) - nodeMarginMinutes, days),
    offPeak: cron(minutesOf(until) + nodeMarginMinutes, days),
  };
}

/** What is wrong with the hours, in words; undefined where nothing is. */
export function hoursFault({ days: peakDays, from, until }: PeakHours): string | undefined {
  if (minutesOf(from) >= minutesOf(until))
    return `from (${from}) must be earlier than until (${until}), on the same day; a peak over midnight cannot be said`;
  const quiet = minutesOfADay - minutesOf(until) + minutesOf(from);
  const hasNeighbours = days.some((day, i) => peakDays.includes(day) && peakDays.includes(days[(i + 1) % 7] ?? day));
  if (hasNeighbours && quiet <= 2 * nodeMarginMinutes)
    return `${quiet} minutes of off-peak from ${until} to ${from} are too few: nodes go ${nodeMarginMinutes} minutes after peak and come ${nodeMarginMinutes} before, so that more than ${2 * nodeMarginMinutes} are needed`;
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

/** @param clock Such as `07:00`; since midnight. */
export function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(":").map(Number);
  return hours * 60 + minutes;
}
