/** What a switch came to, for programs and for people. Pure. */
import type { Color } from "../../components/colors";
import { duration } from "../render/time";
import { percent } from "./bakeVerdict";
import { renderRollback, type RollbackResult } from "./rollbackResult";
import type { Watched } from "./watchSwitch";

export interface SwitchResult extends Watched {
  readonly service: string;
  readonly from: Color;
  readonly to: Color;
  readonly image: string;
  readonly switchMs: number | null;
  readonly measuredBy: "answers" | "route";
  /** Why it went live unverified. */
  readonly skipVerification: string | null;
  /** What the trial had to take back. */
  readonly rollback: RollbackResult | null;
}

export function renderSwitch(result: SwitchResult): string {
  const { service, from, to, image, skipVerification, rollback } = result;
  const what = rollback === null ? "is live" : "was live for a while";
  return [
    `${service}: ${to} ${what} with ${image}, instead of ${from}.`,
    ...(skipVerification === null ? [] : [`UNVERIFIED: ${skipVerification}`]),
    ...timeLines(result),
    ...trafficLines(result),
    ...jobLines(result),
    ...bakeLines(result),
    ...(rollback === null ? [] : [renderRollback(rollback)]),
  ].join("\n");
}

function timeLines({ switchMs, measuredBy, to }: SwitchResult): string[] {
  if (switchMs === null) return [];
  if (measuredBy === "route") return [`The route was changed in ${duration(switchMs)}.`];
  return [`From the change of the route to the first answer of ${to}: ${duration(switchMs)}.`];
}

function trafficLines({ traffic, from, to }: SwitchResult): string[] {
  if (traffic === null) return ["The Pods could not be asked what they answered."];
  const of = (color: Color) => {
    const { requests, errors } = traffic[color];
    const failed = errors === 0 ? "none failed" : `${errors} failed (${percent(errors / requests)})`;
    return `${color} ${requests} requests, ${failed}`;
  };
  return [`Answered since the update began: ${of(to)}; ${of(from)}.`];
}

function jobLines({ jobsAtSwitch, jobsLeft, from }: SwitchResult): string[] {
  if (jobsAtSwitch === null || jobsLeft === null) return [];
  if (jobsAtSwitch === 0) return [`${from} was at no job when the route changed.`];
  const left = jobsLeft === 0 ? "all of them finished" : `${jobsLeft} still under way, which goes on there`;
  return [`${from} was at ${jobsAtSwitch} ${jobsAtSwitch === 1 ? "job" : "jobs"} when the route changed: ${left}.`];
}

function bakeLines({ bake, interrupted, to }: SwitchResult): string[] {
  if (bake === null) return interrupted ? ["The watch was ended; the switch stays."] : [];
  const time = duration(bake.seconds * 1000);
  const reasons = bake.reasons.map((reason) => `  ${reason}`);
  if (bake.verdict === "worse") return [`On trial for ${time}, ${to} did worse, and was taken back:`, ...reasons];
  if (interrupted) return [`The trial was ended after ${time}; the switch stays.`];
  if (bake.verdict === "good") return [`On trial for ${time}, ${to} did as well as before.`];
  return [`On trial for ${time}, and it cannot be said how ${to} does:`, ...reasons];
}
