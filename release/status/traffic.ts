/** Who answers the users: each colour's part of the requests, from the services' own counters. */
import { setTimeout as sleep } from "node:timers/promises";
import { forEachColor, type PerColor } from "../../components/colors";
import { TrafficMeter, type Traffic } from "../metrics/traffic";

/** What one colour has answered. */
export interface TrafficShare {
  /** Part of all requests, 0 to 1; null where there were none at all. */
  readonly share: number | null;
  readonly requestsPerSecond: number;
  readonly errorsPerSecond: number;
  /** Requests that were being answered at the end. */
  readonly inFlight: number;
}

/** How long the counters are watched. */
const watchMs = 2000;

/** Watches the counters for a moment; null for a colour whose Pods do not tell. */
export async function measureTraffic(sample: () => Promise<PerColor<Traffic>>): Promise<PerColor<TrafficShare | null>> {
  const before = await sample();
  const begin = performance.now();
  await sleep(watchMs);
  const after = await sample();
  return trafficBetween(before, after, (performance.now() - begin) / 1000);
}

export function trafficBetween(
  before: PerColor<Traffic>,
  after: PerColor<Traffic>,
  seconds: number,
): PerColor<TrafficShare | null> {
  const grown = forEachColor((color) => new TrafficMeter(before[color]).add(after[color]));
  const total = grown.blue.requests + grown.green.requests;
  return forEachColor((color) => {
    const { silent, processes, inFlight } = after[color];
    if (silent.length > 0 && processes.size === 0) return null;
    return {
      share: total === 0 ? null : grown[color].requests / total,
      requestsPerSecond: grown[color].requests / seconds,
      errorsPerSecond: grown[color].errors / seconds,
      inFlight,
    };
  });
}
