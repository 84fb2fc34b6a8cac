/**
 * `release schedule`: what a timer runs, again and again. It scales to what the configured schedule says for now, makes
 * sure that users were not touched, and tells what came of it; where the capacity is right already, nothing.
 */
import { DateTime } from "luxon";
import type { Settings } from "../../settings";
import { openContext, type Context } from "../context";
import { exitCodes, ReleaseError } from "../errors";
import { readCapacity } from "../history/capacity";
import type { ReleaseEvent } from "../notify/message";
import { notify } from "../notify/notify";
import { operator } from "../operator";
import type { Change } from "../operations/engine";
import type { ActOptions } from "../operations/options";
import { isVerificationJob } from "../operations/plan";
import {
  carryOut,
  oneCapacity,
  planScale,
  renderScaled,
  type Capacity,
  type Scaled,
  type ScalePlan,
} from "../operations/scale";
import { wholeStack } from "../options";
import { colors } from "../../components/colors";
import { stackName } from "../../components/labels";
import { readService } from "../cluster/read";
import { checkService, type Checked } from "./check";
import { savedIn, savedWords, type Saved } from "./saved";
import { troubleOf } from "./trouble";
import { momentWords, saidFor } from "./when";

export interface ScheduleOptions extends ActOptions {
  /** Milliseconds before peak in which it is peak already. */
  lead: number;
}

/** What a run came to. */
export interface ScheduleResult extends Scaled {
  /** When the schedule says the other capacity (ISO 8601); null where it says none. */
  readonly until: string | null;
  /** Whether anything had to be changed. */
  readonly changed: boolean;
  readonly checks: readonly Checked[];
  readonly saved: Saved;
  readonly besides: readonly string[];
}

export async function schedule(
  wanted: Capacity | undefined,
  options: ScheduleOptions,
  now = new Date(),
): Promise<void> {
  wholeStack(options, oneCapacity);
  const context = await openContext(options);
  const { settings, output } = context;
  const said = settings.schedule && saidFor(settings.schedule, now, options.lead / 60_000);
  const capacity = wanted ?? said?.capacity;
  if (capacity === undefined)
    throw new ReleaseError(
      "This stack has no schedule.",
      "Set facefusion:schedule (timeZone, days, from, until), or say what to scale to: release schedule peak",
      exitCodes.usage,
    );
  // What somebody asks for by hand lasts until the schedule speaks again.
  const until = said?.capacity === capacity ? said.until : undefined;
  output.progress(
    `${wanted === undefined ? "By the schedule it is" : "Asked for:"} ${capacity}${until === undefined ? "" : `, until ${momentWords(until)}`}.`,
  );
  try {
    await run(context, capacity, until, options, now);
  } catch (error) {
    await tellFailure(context, capacity, error);
    throw error;
  }
}

async function run(
  context: Context,
  capacity: Capacity,
  until: DateTime | undefined,
  options: ScheduleOptions,
  now: Date,
): Promise<void> {
  const { output, settings } = context;
  const scaling = await planScale(context, capacity);
  const { changes } = scaling.planned;
  const saved = savedIn(settings, await hoursOf(context, capacity, until, now));
  const common = { until: until?.toISO() ?? null, saved };
  if (changes.length === 0) {
    const result: ScheduleResult = {
      ...{ capacity, services: [], notes: [] },
      ...common,
      changed: false,
      checks: [],
      besides: [],
    };
    output.result(result, () => `Nothing to do: the stack is at ${capacity}.`);
    return;
  }
  const besides = besidesScaling(changes, Object.keys(settings.services));
  refuseDestruction(besides);
  const scaled = await carryOut(context, scaling, options);
  const checks = await check(context, scaling, capacity);
  const result: ScheduleResult = {
    ...scaled,
    ...common,
    changed: true,
    checks,
    besides: besides.map(({ name }) => name),
  };
  await notify(settings.notifications, doneEvent(context, result, until), output.progress);
  output.result(result, () => renderSchedule(result));
  if (checks.some(({ problems }) => problems.length > 0)) process.exitCode = exitCodes.failed;
}

/** How long off-peak is to last, or has lasted. */
async function hoursOf(
  { stack, settings }: Context,
  capacity: Capacity,
  until: DateTime | undefined,
  now: Date,
): Promise<number | undefined> {
  if (capacity === "offPeak") return until?.diff(DateTime.fromJSDate(now), "hours").hours;
  const { name: project } = await stack.workspace.projectSettings();
  const current = await readCapacity(stack, project);
  if (settings.schedule === undefined || current?.capacity !== "offPeak") return undefined;
  return (now.getTime() - current.since.getTime()) / 3_600_000;
}

/** Changes that have nothing to do with the number of Pods: what is on the branch and was not deployed yet. */
export function besidesScaling(changes: readonly Change[], services: readonly string[]): Change[] {
  return changes.filter(
    ({ name, op }) =>
      !services.some((service) =>
        colors.some(
          (color) =>
            (op === "update" && name === `${stackName(service, color)}-deployment`) ||
            // A colour without Pods has none; it comes and goes with them.
            isVerificationJob(name, service, color),
        ),
      ),
  );
}

/** Nobody looks at what a timer does: it takes nothing away. */
export function refuseDestruction(besides: readonly Change[]): void {
  const lost = besides.filter(({ op }) => op === "delete" || op === "replace");
  if (lost.length === 0) return;
  throw new ReleaseError(
    `Besides the number of Pods, this would ${lost.map(({ op, name }) => `${op} ${name}`).join(", ")}.`,
    "That is not for a timer to do: look at it (release preview), and deploy it first (pulumi up).",
    exitCodes.refused,
  );
}

function check(
  { cluster, settings, services }: Context,
  { before }: ScalePlan,
  capacity: Capacity,
): Promise<Checked[]> {
  const at: Settings = { ...settings, capacity };
  return Promise.all(
    before.flatMap((was) => {
      const service = services.find(({ name }) => name === was.state.service)?.settings;
      return service === undefined ? [] : [checkService(cluster, at, service, was)];
    }),
  );
}

function doneEvent({ stack }: Context, result: ScheduleResult, until: DateTime | undefined): ReleaseEvent {
  const { capacity, services, checks, saved, notes, besides } = result;
  return {
    ...{ kind: "schedule", stack: stack.name, by: operator(), capacity, trouble: null },
    until: until === undefined ? null : momentWords(until),
    saved: savedWords(saved, capacity === "offPeak") ?? null,
    services: services.map(({ service, live, ready }) => ({
      ...{ service, live, ready },
      problems: checks.find((each) => each.service === service)?.problems ?? [],
    })),
    notes: [...notes, ...(besides.length === 0 ? [] : [`Besides, it changed ${besides.join(", ")}.`])],
  };
}

/** What went wrong, and what users have all the same. */
async function tellFailure(context: Context, capacity: Capacity, error: unknown): Promise<void> {
  const { cluster, settings, services, stack, output } = context;
  const states = await Promise.all(
    services.map(async ({ name }) => {
      const state = await readService(cluster, settings.namespace, name).catch(() => undefined);
      if (state === undefined || state.live.color === "unknown") return [];
      const ready = (color: "blue" | "green") =>
        state.colors[color].pods.filter((pod) => pod.ready && !pod.terminating).length;
      const live = state.live.color;
      return [
        {
          service: name,
          live,
          ready: { live: ready(live), idle: ready(live === "blue" ? "green" : "blue") },
          problems: [],
        },
      ];
    }),
  );
  const event: ReleaseEvent = {
    ...{ kind: "schedule", stack: stack.name, by: operator(), capacity, until: null, saved: null, notes: [] },
    services: states.flat(),
    trouble: troubleOf(error),
  };
  await notify(settings.notifications, event, output.progress);
}

export function renderSchedule(result: ScheduleResult): string {
  const { checks, saved, capacity, besides } = result;
  const words = savedWords(saved, capacity === "offPeak");
  return [
    renderScaled(result),
    ...checks.map(({ service, live, answering, problems }) =>
      problems.length === 0
        ? `${service}: ${live} is untouched; the other colour answers its health probes with ${answering} ${answering === 1 ? "Pod" : "Pods"}.`
        : [`${service}: NOT as it should be:`, ...problems.map((problem) => `  ${problem}`)].join("\n"),
    ),
    ...(besides.length === 0 ? [] : [`Besides, it changed ${besides.join(", ")}.`]),
    ...(words === undefined ? [] : [words]),
  ].join("\n");
}
