/** What a server has counted, and what that says about the time between two looks at it. */
import type { Series } from "./exposition";

/** Requests that were answered, or are: machines' own questions (probes, metrics) are not among them. */
export interface Counts {
  readonly requests: number;
  /** Those with a status of 500 and above. */
  readonly errors: number;
  /** How many took at most so many seconds, by that bound in ascending order; empty where the server does not say. */
  readonly latency: readonly Bucket[];
}

export interface Bucket {
  readonly atMost: number;
  readonly count: number;
}

/** One process of the service, as it was when it was asked. */
export interface ProcessCounts extends Counts {
  readonly inFlight: number;
  /** When it began to count, in seconds since 1970. */
  readonly startedAt: number;
}

export const nothing: Counts = { requests: 0, errors: 0, latency: [] };

/** Asked by machines every few seconds, whether anybody uses the service or not. */
export const machinePaths: readonly string[] = ["/healthz", "/readyz", "/metrics"];

export function processCounts(all: readonly Series[]): ProcessCounts {
  const series = all.filter(({ labels }) => !machinePaths.includes(labels["path"] ?? ""));
  const named = (name: string) => series.filter((each) => each.name === name);
  const requests = named("inference_requests_total");
  const buckets = named("inference_request_duration_seconds_bucket").map(({ labels, value }) => ({
    atMost: labels["le"] === "+Inf" ? Infinity : Number(labels["le"]),
    count: value,
  }));
  return {
    requests: sumOf(requests),
    errors: sumOf(requests.filter(({ labels }) => labels["status"]?.startsWith("5") === true)),
    latency: addedUp(buckets),
    inFlight: sumOf(named("inference_jobs_in_flight")),
    startedAt: named("process_start_time_seconds")[0]?.value ?? 0,
  };
}

/** Two countings together. */
export function plus(a: Counts, b: Counts): Counts {
  return {
    requests: a.requests + b.requests,
    errors: a.errors + b.errors,
    latency: addedUp([...a.latency, ...b.latency]),
  };
}

/** What came after an earlier look at the same process. */
export function minus(later: Counts, earlier: Counts): Counts {
  return plus(later, {
    requests: -earlier.requests,
    errors: -earlier.errors,
    latency: earlier.latency.map(({ atMost, count }) => ({ atMost, count: -count })),
  });
}

/**
 * The latency that the given part of the requests did not exceed, in seconds: within a bucket they are taken as spread
 * evenly, as Prometheus does.
 *
 * @returns Undefined where there was no request, or none that the buckets can place.
 */
export function quantile(part: number, { latency }: Counts): number | undefined {
  const total = latency.at(-1)?.count ?? 0;
  const rank = part * total;
  const at = latency.findIndex(({ count }) => count >= rank);
  const bucket = latency[at];
  if (total <= 0 || bucket === undefined) return undefined;
  const below = latency[at - 1] ?? { atMost: 0, count: 0 };
  // Slower than the last bound that was thought of: that is all that is known.
  if (bucket.atMost === Infinity) return below.atMost;
  return below.atMost + ((bucket.atMost - below.atMost) * (rank - below.count)) / (bucket.count - below.count);
}

function sumOf(series: readonly Series[]): number {
  return series.reduce((sum, { value }) => sum + value, 0);
}

/** One bucket for each bound. */
function addedUp(buckets: readonly Bucket[]): Bucket[] {
  const counts = new Map<number, number>();
  for (const { atMost, count } of buckets) counts.set(atMost, (counts.get(atMost) ?? 0) + count);
  return [...counts].map(([atMost, count]) => ({ atMost, count })).toSorted((a, b) => a.atMost - b.atMost);
}
