/** Watching real traffic after a switch: until the old colour has finished, and for as long as the new one is on trial. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Color, PerColor } from "../../components/colors";
import { nothing, type Counts } from "../metrics/counts";
import { TrafficMeter, type Traffic } from "../metrics/traffic";
import { duration } from "../render/time";
import { percent, type BakeVerdict } from "./bakeVerdict";

export interface WatchArgs {
  readonly from: Color;
  readonly to: Color;
  /** Asks the Pods of both colours; undefined where they cannot be asked. */
  readonly sample: () => Promise<PerColor<Traffic> | undefined>;
  /** As it was before the switch, and when the route had just changed. */
  readonly before: PerColor<Traffic> | undefined;
  readonly atSwitch: PerColor<Traffic> | undefined;
  /** How long a request may take: the old colour is waited for no longer. */
  readonly drainMs: number;
  /** How long the new colour is on trial, and the judgement on what it has answered since it is live. */
  readonly bake: { readonly ms: number; readonly judge: (since: Counts) => Promise<BakeVerdict> } | undefined;
  readonly report: (line: string) => void;
  /** Ends the watch early. */
  readonly stopped: AbortSignal;
  readonly everyMs?: number;
}

export interface Watched {
  /** What each colour has answered since before the switch; null where the Pods could not be asked. */
  readonly traffic: PerColor<{ readonly requests: number; readonly errors: number }> | null;
  /** Jobs of the old colour that were under way when the route changed; null as above. */
  readonly jobsAtSwitch: number | null;
  /** Of those, the ones that still were at the end. */
  readonly jobsLeft: number | null;
  readonly bake: (BakeVerdict & { readonly seconds: number }) | null;
  readonly interrupted: boolean;
}

export async function watchSwitch(args: WatchArgs): Promise<Watched> {
  const { from, to, before, atSwitch, bake, drainMs, stopped, everyMs = 2_000 } = args;
  const begin = performance.now();
  const elapsed = () => performance.now() - begin;
  const meters = before && { blue: new TrafficMeter(before.blue), green: new TrafficMeter(before.green) };
  const onTrial = (atSwitch ?? before) && new TrafficMeter((atSwitch ?? before)?.[to] ?? nobody);
  let totals: PerColor<Counts> = { blue: nothing, green: nothing };
  let left = atSwitch?.[from].inFlight;
  let verdict: BakeVerdict | undefined;
  // A request may be on its way that no Pod has counted yet: twice none is none.
  let quiet = 0;

  for (;;) {
    const sample = await args.sample().catch(() => undefined);
    if (sample !== undefined) {
      if (meters !== undefined) totals = { blue: meters.blue.add(sample.blue), green: meters.green.add(sample.green) };
      left = sample[from].inFlight;
    }
    if (bake !== undefined)
      verdict = await bake.judge(sample === undefined || onTrial === undefined ? nothing : onTrial.add(sample[to]));
    quiet = left === undefined || left === 0 ? quiet + 1 : 0;
    const drained = quiet >= 2 || elapsed() >= drainMs;
    const baked = bake === undefined || elapsed() >= bake.ms || verdict?.verdict === "worse";
    if ((drained && baked) || verdict?.verdict === "worse" || stopped.aborted) break;
    args.report(progressLine(args, totals, left, elapsed()));
    await sleep(everyMs, undefined, { signal: stopped }).catch(() => undefined);
  }
  const counted = ({ requests, errors }: Counts) => ({ requests, errors });
  return {
    traffic: meters === undefined ? null : { blue: counted(totals.blue), green: counted(totals.green) },
    jobsAtSwitch: atSwitch?.[from].inFlight ?? null,
    jobsLeft: left ?? null,
    bake: verdict === undefined ? null : { ...verdict, seconds: elapsed() / 1000 },
    interrupted: stopped.aborted,
  };
}

const nobody: Traffic = { requests: 0, errors: 0, inFlight: 0, processes: new Map(), silent: [] };

function progressLine(
  { from, to, bake }: WatchArgs,
  totals: PerColor<Counts>,
  left: number | undefined,
  elapsedMs: number,
): string {
  const { requests, errors } = totals[to];
  const failed = errors === 0 ? "none failed" : `${errors} failed (${percent(errors / requests)})`;
  const parts = [`${to} has answered ${requests} requests, ${failed}`];
  if (left !== undefined && left > 0) parts.push(`${from} is still at ${left} ${left === 1 ? "job" : "jobs"}`);
  if (bake !== undefined) parts.push(`on trial for ${duration(elapsedMs)} of ${duration(bake.ms)}`);
  return parts.join("; ");
}
