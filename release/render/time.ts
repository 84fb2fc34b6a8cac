/** Durations and ages as people say them. */

const units = [
  { name: "d", ms: 86_400_000 },
  { name: "h", ms: 3_600_000 },
  { name: "min", ms: 60_000 },
] as const;

/** `2.8 s`, `45 s`, `3 min 10 s`, `2 h 5 min`, `3 d 4 h`: the two largest units. */
export function duration(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1).replace(/\.0$/, "")} s`;
  const whole = Math.round(ms / 1000) * 1000;
  const first = units.findIndex((unit) => whole >= unit.ms);
  const unit = units[first];
  if (unit === undefined) return `${whole / 1000} s`;
  const smaller = units[first + 1] ?? { name: "s", ms: 1000 };
  const rest = Math.floor((whole % unit.ms) / smaller.ms);
  return `${Math.floor(whole / unit.ms)} ${unit.name}${rest === 0 ? "" : ` ${rest} ${smaller.name}`}`;
}

/** `just now`, `45 s ago`, `3 min ago`, `2 d ago`: the largest unit. */
export function age(date: Date, now: Date): string {
  const ms = now.getTime() - date.getTime();
  if (ms < 5_000) return "just now";
  const unit = units.find((each) => ms >= each.ms) ?? { name: "s", ms: 1000 };
  return `${Math.floor(ms / unit.ms)} ${unit.name} ago`;
}

/** `2026-11-25 00:48` in the time zone of whoever looks. */
export function timeOf(date: Date): string {
  const [day, time] = [date.toLocaleDateString("sv-SE"), date.toLocaleTimeString("sv-SE")];
  return `${day} ${time.slice(0, 5)}`;
}
