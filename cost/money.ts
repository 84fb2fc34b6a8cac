/** Amounts of money as people read them. */

/** `$1,234` or, below a hundred, `$12.34`. */
export function usd(amount: number): string {
  const digits = Math.abs(amount) < 100 ? 2 : 0;
  return `$${amount.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

export function percent(share: number): string {
  return `${share.toFixed(0)} %`;
}
