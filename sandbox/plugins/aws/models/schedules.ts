/** Checks of what Auto Scaling goes by in time, of which its model says only that it is a text. */

/** The fields of a recurrence, in their order. */
const fields = [
  { name: "minute", min: 0, max: 59, names: [] },
  { name: "hour", min: 0, max: 23, names: [] },
  { name: "day of the month", min: 1, max: 31, names: [] },
  {
    name: "month",
    min: 1,
    max: 12,
    names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
  },
  { name: "day of the week", min: 0, max: 7, names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] },
] as const;

type Field = (typeof fields)[number];

/** Unix cron with five fields, as Auto Scaling has it (docs.aws.amazon.com/autoscaling, Scheduled scaling). */
export function cronFault(text: string): string | undefined {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== fields.length)
    return `has ${parts.length} fields; AWS takes 5: ${fields.map(({ name }) => name).join(", ")}`;
  for (const [index, field] of fields.entries()) {
    const part = parts[index] ?? "";
    const names = field.names.length > 0 ? ` or ${field.names[0]} to ${field.names.at(-1)}` : "";
    if (!part.split(",").every((item) => isItem(item, field)))
      return `has ${JSON.stringify(part)} as its ${field.name}; AWS takes ${field.min} to ${field.max}${names}, *, lists, ranges and steps`;
  }
  return undefined;
}

/** `*`, `5`, `MON-FRI`, and each with a step: `* /15`. */
function isItem(item: string, field: Field): boolean {
  const [range = "", step, ...more] = item.split("/");
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
  if (range === "*") return true;
  const ends = range.split("-").map((end) => numberOf(end, field));
  const [from = Number.NaN, to = from] = ends;
  return ends.length <= 2 && from >= field.min && to <= field.max && from <= to;
}

function numberOf(text: string, { min, names }: Field): number {
  const named = (names as readonly string[]).indexOf(text.toUpperCase());
  if (named >= 0) return named + min;
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

export function timeZoneFault(text: string): string | undefined {
  try {
    // Names that lead to another one are accepted; other ways to write them (europe/berlin) and offsets are not.
    const resolved = new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone;
    if (/^[A-Z]/.test(text) && (resolved === text || resolved.toLowerCase() !== text.toLowerCase())) return undefined;
  } catch {
    // Said below.
  }
  return "is no time zone; AWS takes a name of the IANA database, such as Europe/Berlin or Etc/UTC";
}
