/** A stack's cost in one line. */
import { percent, usd } from "./money";
import type { StackCost } from "./stackCost";

/** `≈ $36,870 a month, $51,905 always on, saves 29 %`; says so where something has no price. */
export function costSummary({ scheduled, alwaysOn, savingPercent, missing }: StackCost): string {
  const without = missing.length === 0 ? "" : `, without ${missing.join(", ")}`;
  return `≈ ${usd(scheduled)} a month, ${usd(alwaysOn)} always on, saves ${percent(savingPercent)}${without}`;
}
