/** `release scale`: all Pods of both colours at peak; at off-peak the idle colour's standby, once its jobs are done. */
import { other, type Color } from "../../components/colors";
import { readService } from "../cluster/read";
import type { ServiceState } from "../cluster/state";
import { openContext, type Context } from "../context";
import { asError } from "../errors";
import { isLocked } from "../locks";
import { sampleTraffic } from "../metrics/traffic";
import { wholeStack } from "../options";
import { costsOf, markCosts, waitForJobs, type Shrinking } from "./drain";
import type { Change } from "./engine";
import type { ActOptions } from "./options";
import { agreedLive, mustNotTouchTraffic, podsWhenIdle, podsWhenLive, renderChanges } from "./plan";
import { seldom, step } from "./progress";
import { confirmed, plan, updateStack, write, type Plan } from "./run";
import { writeStackFile } from "./stackFile";
import { endedAtGate } from "./verdict";

export type Capacity = "peak" | "offPeak";

export interface ScaledService {
  readonly service: string;
  readonly live: Color;
  /** Ready Pods of each role. */
  readonly ready: { readonly live: number; readonly idle: number };
  /** Jobs that were still under way when Pods were told to go; they are let finish. */
  readonly jobsLeft: number;
  readonly notes: readonly string[];
}

/** What scaling came to. */
export interface Scaled {
  readonly capacity: Capacity;
  readonly services: readonly ScaledService[];
  readonly notes: readonly string[];
}

/** What scaling would do. */
export interface ScalePlan {
  readonly capacity: Capacity;
  readonly before: readonly Before[];
  readonly planned: Plan;
}

/** Why no single service can be scaled. */
export const oneCapacity = "capacity is one for all services of a stack.";

export async function scale(capacity: Capacity, options: ActOptions): Promise<void> {
  wholeStack(options, oneCapacity);
  const context = await openContext(options);
  const scaling = await planScale(context, capacity);
  const { changes } = scaling.planned;
  if (changes.length > 0) await confirmed(context, options, `Scale to ${capacity}?`);
  const scaled = await carryOut(context, scaling, options);
  context.output.result(scaled, () => renderScaled(scaled));
}

/** Looks at what is there and at what scaling would change, and shows it; nothing is touched. */
export async function planScale(context: Context, capacity: Capacity): Promise<ScalePlan> {
  const before = await readAll(context);
  const planned = await plan(context, [{ path: ["capacity"], value: capacity }]);
  mustNotTouchTraffic(planned.changes, Object.keys(context.settings.services));
  show(context, capacity, planned.changes);
  return { capacity, before, planned };
}

/** Scales, once the jobs are done whose Pods are to go. */
export async function carryOut(
  context: Context,
  { capacity, before, planned }: ScalePlan,
  options: Pick<ActOptions, "wait">,
): Promise<Scaled> {
  const drains = capacity === "offPeak" && planned.changes.length > 0;
  const left = drains ? await drain(context, before) : new Map<string, number>();
  write(context, planned);
  const failure = await updateStack(context, `Scale to ${capacity}`, `scale to ${capacity}`, {
    wait: options.wait,
  }).then(() => undefined, asError);
  // The gate of an idle colour comes after its Pods: what it says is no matter of their number.
  const atGate = before.find(({ state, live }) => endedAtGate(failure, state.service, other(live)));
  if (failure !== undefined && atGate === undefined) {
    // Nothing was done: the configuration must not say that it was.
    if (isLocked(failure.cause)) writeStackFile(planned.file, planned.file.text);
    throw failure;
  }

  const services = await Promise.all(before.map((was) => outcome(context, was, capacity, left)));
  const notes =
    atGate === undefined
      ? []
      : [`${atGate.state.service}: ${other(atGate.live)} is not verified: ${failure?.message ?? ""}`];
  return { capacity, services, notes };
}

export function renderScaled({ services, notes }: Scaled): string {
  return [...services.map(renderService), ...notes].join("\n");
}

/** A service before it is scaled. */
export interface Before {
  readonly state: ServiceState;
  readonly live: Color;
}

function readAll({ cluster, settings, services }: Context): Promise<Before[]> {
  return Promise.all(
    services.map(async ({ name, configured }) => {
      const state = await readService(cluster, settings.namespace, name);
      return { state, live: agreedLive(state, configured) };
    }),
  );
}

function show({ output, services }: Context, capacity: Capacity, changes: readonly Change[]): void {
  output.progress(
    changes.length === 0
      ? `The stack is at ${capacity} already.`
      : `To ${capacity}:\n${renderChanges(changes, services[0]?.name ?? "")}`,
  );
}

/** Waits for jobs, and marks the Pods that still have some. */
async function drain(context: Context, before: readonly Before[]): Promise<Map<string, number>> {
  const { cluster, settings } = context;
  const { namespace } = settings;
  const left = new Map<string, number>();
  await step("Wait for jobs under way", async (report) => {
    await Promise.all(
      shrinkings(context, before).map(async (shrinking) => {
        const sample = () => sampleTraffic(cluster, namespace, shrinking.service);
        left.set(shrinking.service, await waitForJobs(shrinking, sample, seldom(report)));
        await markCosts(cluster, namespace, costsOf(await sample()));
      }),
    );
  });
  return left;
}

function shrinkings({ settings, services }: Context, before: readonly Before[]): Shrinking[] {
  return before.flatMap(({ state, live }) => {
    const service = services.find(({ name }) => name === state.service)?.settings;
    if (service === undefined) return [];
    const kept = podsWhenLive({ ...settings, capacity: "offPeak" }, service);
    const surplus = Math.max(0, (state.colors[live].deployment?.desired ?? 0) - kept);
    const limitMs = service.terminationGracePeriodSeconds * 1000;
    return [{ service: state.service, live, surplus, limitMs }];
  });
}

/** What there is afterwards, with a word where it is not what it should be. */
async function outcome(
  { cluster, settings, services }: Context,
  { state: before, live }: Before,
  capacity: Capacity,
  left: ReadonlyMap<string, number>,
): Promise<ScaledService> {
  const { service } = before;
  const state = await readService(cluster, settings.namespace, service);
  const wanted = services.find(({ name }) => name === service)?.settings;
  const at = { ...settings, capacity };
  const ready = (color: Color) => state.colors[color].pods.filter((pod) => pod.ready && !pod.terminating);
  const [now, idle] = [ready(live), ready(other(live))];
  const notes: string[] = [];
  if (state.live.color !== live) notes.push(`the route led to ${live}, and leads to ${state.live.color} now`);
  const known = before.colors[live].pods.map(({ name }) => name);
  const others = now.filter(({ name }) => !known.includes(name));
  if (capacity === "offPeak" && others.length > 0)
    notes.push(`Pods of ${live} were replaced meanwhile: ${others.map(({ name }) => name).join(", ")}`);
  if (wanted !== undefined) {
    if (now.length < podsWhenLive(at, wanted))
      notes.push(`${live} has ${now.length} of ${podsWhenLive(at, wanted)} Pods ready`);
    if (idle.length < podsWhenIdle(at, wanted))
      notes.push(`${other(live)} has ${idle.length} of ${podsWhenIdle(at, wanted)} Pods ready`);
  }
  return { service, live, ready: { live: now.length, idle: idle.length }, jobsLeft: left.get(service) ?? 0, notes };
}

function renderService({ service, live, ready, jobsLeft, notes }: ScaledService): string {
  const pods = (count: number) => `${count} ${count === 1 ? "Pod" : "Pods"}`;
  const head = `${service}: ${live} is live with ${pods(ready.live)}, ${other(live)} is idle with ${pods(ready.idle)}.`;
  const jobs = jobsLeft === 0 ? [] : [`${jobsLeft} jobs were still under way; their Pods let them finish.`];
  return [head, ...jobs, ...notes.map((note) => `  ${note}`)].join("\n");
}
