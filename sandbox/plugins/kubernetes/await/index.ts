/** Waiting until an object that was applied is ready, as the official provider does, and saying why one is not. */
import { setTimeout as pause } from "node:timers/promises";
import type { Values } from "../../shared/values";
import { isTransient } from "../client";
import type { Cluster } from "../cluster";
import { annotationOf, conditionOf, describe, referenceOf, textAt } from "../objects";
import { groupOf } from "../tokens";
import { ingress } from "./ingress";
import { job } from "./job";
import { pod } from "./pods";
import { service } from "./service";
import type { Situation, Verdict, Wait, Problem } from "./verdict";
import { failed, ready, waiting } from "./verdict";
import { persistentVolume, persistentVolumeClaim } from "./volumes";
import { customWait } from "./waitFor";
import { daemonSet, deployment, statefulSet } from "./workloads";

/** Every other kind is ready once it is there. */
const waits: Readonly<Record<string, Wait>> = {
  "/PersistentVolume": persistentVolume,
  "/PersistentVolumeClaim": persistentVolumeClaim,
  "/Pod": pod,
  "/Service": service,
  "apiextensions.k8s.io/CustomResourceDefinition": {
    timeoutSeconds: 60,
    onRead: false,
    judge: ({ live }) => definitionVerdict(live),
  },
  "apps/DaemonSet": daemonSet,
  "apps/Deployment": deployment,
  "apps/StatefulSet": statefulSet,
  "batch/Job": job,
  "networking.k8s.io/Ingress": ingress,
};

/** The object is there, but not ready: the engine keeps it, with the reasons, and tries again on the next update. */
export class NotReadyError extends Error {
  constructor(
    readonly live: Values,
    readonly reasons: readonly string[],
  ) {
    super(reasons.join("\n"));
  }
}

export interface AwaitOptions {
  cluster: Cluster;
  /** The object as the API server answered the apply. */
  applied: Values;
  /** What the program wrote: its annotations say how to wait. */
  inputs: Values;
  /** Of the resource's customTimeouts; 0 if it has none. */
  timeoutSeconds: number;
  /** Shows how far it is. */
  report: (progress: string) => void;
  clock?: Clock;
}

export interface Clock {
  /** Milliseconds since any fixed time. */
  now(): number;
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) => pause(milliseconds, undefined, { signal }),
};

/** Short enough to be felt as at once, long enough for dozens of waits at a time to be no load. */
const pollMilliseconds = 200;
/** How often the Pods are asked what they complain of. */
const problemsMilliseconds = 3000;
/** Before that, most waits are over. */
const firstReportMilliseconds = 500;

/** Answers with the object once it is ready; throws NotReadyError if it fails, or is not ready in time. */
export async function awaitReady(options: AwaitOptions): Promise<Values> {
  const { cluster, applied, inputs, report, clock = systemClock } = options;
  const wait = waitOf(inputs, applied);
  if (wait === undefined) return applied;
  const limit = options.timeoutSeconds || annotatedTimeout(inputs) || wait.timeoutSeconds;
  const start = clock.now();
  let situation: Situation = { cluster, applied, live: applied, seconds: 0 };
  let verdict: Verdict = waiting("not looked at yet");
  let told = start - problemsMilliseconds + firstReportMilliseconds;
  for (;;) {
    try {
      verdict = await wait.judge(situation);
      if (verdict.state === "ready") {
        report("");
        return situation.live;
      }
      if (verdict.state === "failed") throw await notReady(wait, situation, verdict.reason);
      if (situation.seconds >= limit)
        throw await notReady(wait, situation, `not ready after ${limit} s: ${verdict.progress}`);
      if (clock.now() - told >= problemsMilliseconds) {
        told = clock.now();
        report([verdict.progress, ...(await problemsIn(wait, situation)).map(({ text }) => text)].join("; "));
      }
      await clock.sleep(pollMilliseconds, cluster.signal);
      const live = await cluster.get(referenceOf(applied));
      if (live === undefined) throw new NotReadyError(situation.live, ["it was deleted while it was waited for"]);
      situation = { ...situation, live, seconds: (clock.now() - start) / 1000 };
    } catch (error) {
      situation = { ...situation, seconds: (clock.now() - start) / 1000 };
      const progress = verdict.state === "waiting" ? verdict.progress : "";
      if (cluster.signal.aborted)
        throw new NotReadyError(situation.live, [
          `cancelled while waiting for it (${progress}); it stays as it was applied, and the next update waits again`,
        ]);
      // An API server that restarts is no fault of the object.
      if (!isTransient(error)) throw error;
      if (situation.seconds >= limit)
        throw new NotReadyError(situation.live, [`not ready after ${limit} s: ${textOf(error)}`]);
      report(`the API server does not answer: ${textOf(error)}`);
      await clock.sleep(pollMilliseconds, cluster.signal).catch(() => undefined);
    }
  }
}

/** Why the object is not ready at this moment; empty if it is, or if its kind is not looked at on a refresh. */
export async function readinessReasons(cluster: Cluster, live: Values, inputs: Values): Promise<string[]> {
  const wait = waitOf(inputs, live);
  if (wait?.onRead !== true) return [];
  const situation: Situation = { cluster, live, applied: live, seconds: 0 };
  const verdict = await wait.judge(situation);
  if (verdict.state === "ready") return [];
  const said = verdict.state === "failed" ? verdict.reason : verdict.progress;
  return [...(await notReady(wait, situation, said)).reasons];
}

function waitOf(inputs: Values, live: Values): Wait | undefined {
  if (annotationOf(inputs, "pulumi.com/skipAwait") === "true") return undefined;
  const custom = annotationOf(inputs, "pulumi.com/waitFor");
  if (custom !== undefined && custom !== "") return customWait(custom);
  return waits[`${groupOf(textAt(live, "apiVersion"))}/${textAt(live, "kind")}`];
}

export function annotatedTimeout(inputs: Values): number {
  const seconds = Number(annotationOf(inputs, "pulumi.com/timeoutSeconds"));
  return Number.isFinite(seconds) ? seconds : 0;
}

async function notReady(wait: Wait, situation: Situation, headline: string): Promise<NotReadyError> {
  const problems = await problemsIn(wait, situation);
  const logs = await Promise.all(problems.map((problem) => logOf(situation.cluster, problem)));
  const what = describe(referenceOf(situation.live));
  return new NotReadyError(situation.live, [
    `${what}: ${headline}`,
    ...problems.map(({ text }, index) => `${text}${logs[index] ?? ""}`),
  ]);
}

/** The last lines of the container in trouble, below the problem itself. */
async function logOf(cluster: Cluster, { log }: Problem): Promise<string> {
  if (log === undefined) return "";
  const text = await cluster.log(log.pod, log.container, log.previous);
  const lines = text.trimEnd().split("\n");
  return text.trim() === "" ? "" : `\n    its log ends with:\n${lines.map((line) => `      ${line}`).join("\n")}`;
}

/** More would hide the first. */
const problemLimit = 3;

async function problemsIn(wait: Wait, situation: Situation): Promise<Problem[]> {
  // They explain; that they cannot be had is no further fault.
  const problems = (await wait.problems?.(situation).catch(() => [])) ?? [];
  return problems.slice(0, problemLimit);
}

function definitionVerdict(live: Values): Verdict {
  const names = conditionOf(live, "NamesAccepted");
  if (names?.status === "False") return failed(names.message);
  return conditionOf(live, "Established")?.status === "True" ? ready : waiting("the API server does not serve it yet");
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
