/** Why a Pod is not ready, from its own status and its events. */
import type { Values } from "../../shared/values";
import { selectorText, type Cluster } from "../cluster";
import { at, conditionOf, listAt, numberAt, objectAt, referenceOf, textAt } from "../objects";
import { failed, ready, waiting, type Problem, type Verdict, type Wait } from "./verdict";

export const pod: Wait = {
  timeoutSeconds: 600,
  onRead: true,
  judge: ({ live }) => podVerdict(live),
  problems: ({ cluster, live }) => problemsOfPods(cluster, [live]),
};

export function podVerdict(live: Values): Verdict {
  const phase = textAt(live, "status", "phase");
  if (phase === "Succeeded" || conditionOf(live, "Ready")?.status === "True") return ready;
  if (phase === "Failed") return failed(`the Pod failed: ${textAt(live, "status", "message") || "see its containers"}`);
  return waiting(`the Pod is ${phase.toLowerCase() || "new"}`);
}

/** The Pods that an object made; Pods that are on their way out do not count. */
export async function podsOf(cluster: Cluster, owner: Values, selector: Values): Promise<Values[]> {
  const { namespace } = referenceOf(owner);
  const uid = textAt(owner, "metadata", "uid");
  const selected = await cluster.list(
    { apiVersion: "v1", kind: "Pod", namespace },
    { labelSelector: selectorText(selector) },
  );
  return selected.filter((item) => isOwnedBy(item, uid) && at(item, "metadata", "deletionTimestamp") === undefined);
}

export function isOwnedBy(object: Values, uid: string): boolean {
  return listAt(object, "metadata", "ownerReferences").some((owner) => owner["uid"] === uid);
}

/** What the Pods complain of, or, where there are none, what kept their owner from making them. */
export async function problemsOfOwner(cluster: Cluster, owner: Values, selector: Values): Promise<Problem[]> {
  const pods = await podsOf(cluster, owner, selector);
  if (pods.length > 0) return problemsOfPods(cluster, pods);
  const warnings = (await eventsOf(cluster, owner)).filter((event) => event["type"] === "Warning");
  return warnings.slice(-1).map((event) => ({ text: `${textAt(event, "reason")}: ${textAt(event, "message")}` }));
}

/** Pods of one cause complain alike: a few say enough, and each costs a request. */
const askedPods = 5;

export async function problemsOfPods(cluster: Cluster, pods: readonly Values[]): Promise<Problem[]> {
  const unready = pods.filter((item) => podVerdict(item).state !== "ready").slice(0, askedPods);
  const found = await Promise.all(unready.map(async (item) => problemsOf(item, await eventsOf(cluster, item))));
  return found.flat();
}

/** Events about the object, the latest last. */
async function eventsOf(cluster: Cluster, object: Values): Promise<Values[]> {
  const { namespace } = referenceOf(object);
  const fieldSelector = `involvedObject.uid=${textAt(object, "metadata", "uid")}`;
  const events = await cluster.list({ apiVersion: "v1", kind: "Event", namespace }, { fieldSelector });
  const time = (event: Values) =>
    textAt(event, "lastTimestamp") || textAt(event, "eventTime") || textAt(event, "metadata", "creationTimestamp");
  return events.sort((a, b) => time(a).localeCompare(time(b)));
}

/** What keeps the Pod from being ready: nothing, for one that is ready or has done its work. */
export function problemsOf(item: Values, events: readonly Values[]): Problem[] {
  if (podVerdict(item).state === "ready") return [];
  const name = `Pod ${textAt(item, "metadata", "name")}`;
  const scheduled = conditionOf(item, "PodScheduled");
  if (scheduled?.status === "False") return [{ text: `${name} cannot be scheduled: ${scheduled.message}` }];
  const reason = textAt(item, "status", "reason");
  if (reason !== "") return [{ text: `${name}: ${reason}: ${textAt(item, "status", "message")}` }];
  const statuses = [...listAt(item, "status", "initContainerStatuses"), ...listAt(item, "status", "containerStatuses")];
  if (statuses.length === 0) return [{ text: `${name} has not been started on a node yet` }];
  return statuses.flatMap((status) => {
    const trouble = containerTrouble(status, events);
    if (trouble === undefined) return [];
    const container = textAt(status, "name");
    const { text, log } = trouble;
    return [
      {
        text: `${name}, container ${container}: ${text}`,
        ...(log !== undefined && { log: { pod: referenceOf(item), container, previous: log === "previous" } }),
      },
    ];
  });
}

interface Trouble {
  text: string;
  /** Of which run the log tells more. */
  log?: "current" | "previous";
}

/** Reasons that every container passes through. */
const usual = new Set(["ContainerCreating", "PodInitializing"]);

function containerTrouble(status: Values, events: readonly Values[]): Trouble | undefined {
  const { waiting: held, terminated, running } = objectAt(status, "state");
  const last = objectAt(status, "lastState", "terminated");
  const restarts = numberAt(status, "restartCount");
  if (held !== undefined) {
    const reason = textAt(held, "reason");
    if (usual.has(reason)) return warned(events, reason);
    if (reason === "CrashLoopBackOff" && at(last, "exitCode") !== undefined)
      return { text: `${ending(last)}, ${restarts} restarts, waiting: ${reason}`, log: "previous" };
    return { text: `waiting: ${reason}: ${textAt(held, "message")}` };
  }
  if (terminated !== undefined)
    return numberAt(terminated, "exitCode") === 0 ? undefined : { text: ending(objectAt(terminated)), log: "current" };
  if (running === undefined || status["ready"] === true) return undefined;
  const unhealthy = events.findLast((event) => event["reason"] === "Unhealthy");
  const probe =
    unhealthy === undefined ? "running, not ready yet" : `not ready: ${textAt(unhealthy, "message").trim()}`;
  return { text: restarts === 0 ? probe : `${probe} (${restarts} restarts, ${ending(last)})`, log: "current" };
}

/** A container that takes long to start is in trouble only if an event says so. */
function warned(events: readonly Values[], reason: string): Trouble | undefined {
  const warning = events.findLast((event) => event["type"] === "Warning" && event["reason"] !== "FailedScheduling");
  return warning && { text: `waiting: ${reason}: ${textAt(warning, "reason")}: ${textAt(warning, "message").trim()}` };
}

function ending(terminated: Values): string {
  const reason = textAt(terminated, "reason");
  const message = textAt(terminated, "message").trim();
  return `exit code ${numberAt(terminated, "exitCode")}${reason === "" ? "" : ` (${reason})`}${message === "" ? "" : `: ${message}`}`;
}
