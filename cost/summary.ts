/** Amounts of money as people read them, and a stack's cost in one line. */
import type { StackCost } from "./stackCost";

/** `$1,234` or, below a hundred, `$12.34`. */
export function usd(amount: number): string {
  const digits = Math.abs(amount) < 100 ? 2 : 0;
  return `$${amount.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

export function percent(share: number): string {
  return `${share.toFixed(0)} %`;
}

/** `≈ $36,870 a month, $51,905 always on, saves 29 %`; says so where something has no price. */
export function costSummary({ scheduled, alwaysOn, savingPercent, missing }: StackCost): string {
  const without = missing.length === 0 ? "" : `, without ${missing.join(", ")}`;
  return `≈ ${usd(scheduled)} a month, ${usd(alwaysOn)} always on, saves ${percent(savingPercent)}${without}`;
}
