/** What the configured schedule says for a moment: peak or off-peak, and until when. Pure. */
import { DateTime } from "luxon";
import type { Settings } from "../../settings";

type Schedule = NonNullable<Settings["schedule"]>;
type Capacity = Settings["capacity"];

/** In the order of the weekdays of ISO 8601, Monday first. */
const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** One peak, from when the Pods have to come until they may go. */
interface Peak {
  readonly begin: DateTime;
  readonly end: DateTime;
}

export interface Said {
  readonly capacity: Capacity;
  /** When it says the other; undefined where it never does. */
  readonly until: DateTime | undefined;
}

/**
 * @param leadMinutes How long before peak it is peak already, so that the Pods are ready when it begins. By the clock on
 *   the wall peak is at the same time in summer and in winter; these minutes are minutes in either.
 */
export function saidFor(schedule: Schedule, now: Date, leadMinutes: number): Said {
  const here = DateTime.fromJSDate(now, { zone: schedule.timeZone });
  const peaks = peaksAround(schedule, here, leadMinutes);
  const current = peaks.find(({ begin, end }) => begin <= here && here < end);
  if (current === undefined) return { capacity: "offPeak", until: peaks.find(({ begin }) => begin > here)?.begin };
  // Where one peak begins as another ends, there is no night between.
  let { end } = current;
  for (const next of peaks) if (next.begin <= end && next.end > end) end = next.end;
  return { capacity: "peak", until: end };
}

/** The peaks of yesterday, of today and of the coming week, in their order. */
function peaksAround({ days, from, until }: Schedule, here: DateTime, leadMinutes: number): Peak[] {
  return Array.from({ length: 10 }, (_, i) => here.startOf("day").plus({ days: i - 1 })).flatMap((day) => {
    const weekday = weekdays[day.weekday - 1];
    if (weekday === undefined || !days.includes(weekday)) return [];
    return [{ begin: atTime(day, from).minus({ minutes: leadMinutes }), end: atTime(day, until) }];
  });
}

/** A time that the clock skips in spring is the one an hour later; one that comes twice in autumn is the first. */
function atTime(day: DateTime, clock: string): DateTime {
  const [hour = 0, minute = 0] = clock.split(":").map(Number);
  return day.set({ hour, minute });
}

/** `Mon 30 Nov 06:30 (Europe/Dublin)`. */
export function momentWords(moment: DateTime): string {
  return `${moment.setLocale("en-GB").toFormat("ccc d LLL HH:mm")} (${moment.zoneName ?? "UTC"})`;
}
