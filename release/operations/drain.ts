/** Letting Pods finish before some of them go, and having the idle ones go first. */
import { setTimeout as sleep } from "node:timers/promises";
import { PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { other, type Color, type PerColor } from "../../components/colors";
import type { Cluster } from "../cluster/connection";
import { within } from "../metrics/timeLimit";
import type { Traffic } from "../metrics/traffic";
import { duration } from "../render/time";

/** By which Kubernetes chooses the Pods that go: the cheapest first. */
const costAnnotation = "controller.kubernetes.io/pod-deletion-cost";

/** What is to become of a service's Pods. */
export interface Shrinking {
  readonly service: string;
  readonly live: Color;
  /** Pods of the live colour that are to go. */
  readonly surplus: number;
  /** How long a job may take once its Pod has been told to stop: nobody is waited for longer. */
  readonly limitMs: number;
}

/** Jobs that have to end before Pods may go; none where nothing would be cut short. */
export function jobsInTheWay({ live, surplus }: Shrinking, traffic: PerColor<Traffic>): number {
  const idle = traffic[other(live)].inFlight;
  // The live colour always has work: it is enough that as many of its Pods as are to go have none.
  const byWork = [...traffic[live].processes.values()].map(({ inFlight }) => inFlight).toSorted((a, b) => a - b);
  return idle + byWork.slice(0, surplus).reduce((sum, jobs) => sum + jobs, 0);
}

/**
 * Waits for the jobs that are in the way.
 *
 * @returns Those that still were when the time was over; their Pods still let them finish.
 */
export async function waitForJobs(
  shrinking: Shrinking,
  sample: () => Promise<PerColor<Traffic>>,
  report: (line: string) => void,
  everyMs = 2_000,
): Promise<number> {
  const begin = performance.now();
  for (;;) {
    const jobs = jobsInTheWay(shrinking, await sample());
    const elapsed = performance.now() - begin;
    if (jobs === 0 || elapsed >= shrinking.limitMs) return jobs;
    const words = `${shrinking.service}: ${jobs} ${jobs === 1 ? "job" : "jobs"} to finish`;
    report(`${words}, for ${duration(elapsed)} of at most ${duration(shrinking.limitMs)}`);
    await sleep(everyMs);
  }
}

/** What each Pod costs to lose: the jobs that it is at. */
export function costsOf(traffic: PerColor<Traffic>): ReadonlyMap<string, number> {
  const all = [...traffic.blue.processes.values(), ...traffic.green.processes.values()];
  return new Map(all.map(({ pod, inFlight }) => [pod, inFlight]));
}

/** Has Kubernetes take the idle Pods first. Where a Pod has gone meanwhile, there is nothing to say of it. */
export async function markCosts(
  cluster: Cluster,
  namespace: string,
  costs: ReadonlyMap<string, number>,
): Promise<void> {
  const options = () => setHeaderOptions("Content-Type", PatchStrategy.MergePatch, within(5_000));
  await Promise.all(
    [...costs].map(([name, cost]) => {
      const body = { metadata: { annotations: { [costAnnotation]: String(cost) } } };
      return cluster.core.patchNamespacedPod({ namespace, name, body }, options()).catch(() => undefined);
    }),
  );
}
