/** How one colour did over some time, whoever measured it: what a bake judges by. */
import { quantile, type Counts } from "./counts";

export interface Observation {
  readonly requests: number;
  /** Those with a status of 500 and above. */
  readonly errors: number;
  /** Seconds that half of the requests, and 95 % of them, did not exceed; undefined where that is not known. */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
}

export function observationOf(counts: Counts): Observation {
  const { requests, errors } = counts;
  return { requests, errors, p50: quantile(0.5, counts), p95: quantile(0.95, counts) };
}
