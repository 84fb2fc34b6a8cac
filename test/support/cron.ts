/** When a line of cron is due: its times within a span, in a time zone with its daylight saving. */
import { DateTime } from "luxon";

const weekdays: Readonly<Record<string, number>> = { SUN: 0, MON: 1, TUE: 2, WED: 3, THU: 4, FRI: 5, SAT: 6 };

/** @param expression Minutes and hours as lists, every day of every month, days of the week as a list or a range. */
export function cronTimes(expression: string, zone: string, from: DateTime, until: DateTime): DateTime[] {
  const [minute = "", hour = "", day, month, weekday = ""] = expression.split(" ");
  if (day !== "*" || month !== "*") throw new Error(`not read here: ${expression}`);
  const wanted = { minutes: list(minute, 59), hours: list(hour, 23), days: list(weekday, 6) };
  const times: DateTime[] = [];
  for (let date = from.setZone(zone).startOf("day"); date < until; date = date.plus({ days: 1 })) {
    if (!wanted.days.includes(date.weekday % 7)) continue;
    for (const h of wanted.hours) for (const m of wanted.minutes) times.push(date.set({ hour: h, minute: m }));
  }
  return times.filter((time) => time >= from && time < until);
}

function list(field: string, last: number): number[] {
  if (field === "*") return range(0, last);
  return field.split(",").flatMap((part) => {
    const [first = NaN, end = first] = part.split("-").map((text) => weekdays[text] ?? Number(text));
    return range(first, end);
  });
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
