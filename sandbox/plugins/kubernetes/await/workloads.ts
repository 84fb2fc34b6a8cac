/** Deployments, StatefulSets and DaemonSets: ready when their controller has rolled the change out to every Pod. */
import type { Values } from "../../shared/values";
import { at, conditionOf, listAt, numberAt, objectAt, referenceOf, textAt } from "../objects";
import { isOwnedBy, problemsOfOwner } from "./pods";
import { failed, ready, waiting, type Situation, type Verdict, type Wait } from "./verdict";

const unseen = waiting("its controller has not seen the change yet");

export const deployment: Wait = {
  timeoutSeconds: 600,
  onRead: true,
  judge: deploymentVerdict,
  async problems({ cluster, live }) {
    const refused = conditionOf(live, "ReplicaFailure");
    if (refused?.status === "True") return [{ text: `${refused.reason}: ${refused.message}` }];
    const { namespace } = referenceOf(live);
    const sets = await cluster.list({ apiVersion: "apps/v1", kind: "ReplicaSet", namespace });
    const newest = sets.find(
      (set) => isOwnedBy(set, textAt(live, "metadata", "uid")) && revisionOf(set) === revisionOf(live),
    );
    return newest === undefined ? [] : problemsOfOwner(cluster, newest, objectAt(newest, "spec", "selector"));
  },
};

export const statefulSet: Wait = {
  timeoutSeconds: 600,
  onRead: true,
  judge: ({ live }) => statefulSetVerdict(live),
  problems: ({ cluster, live }) => problemsOfOwner(cluster, live, objectAt(live, "spec", "selector")),
};

export const daemonSet: Wait = {
  timeoutSeconds: 600,
  onRead: true,
  judge: ({ live }) => daemonSetVerdict(live),
  problems: ({ cluster, live }) => problemsOfOwner(cluster, live, objectAt(live, "spec", "selector")),
};

export function deploymentVerdict({
  live,
  applied,
  seconds,
}: Pick<Situation, "live" | "applied" | "seconds">): Verdict {
  if (!isObserved(live)) return unseen;
  const progressing = conditionOf(live, "Progressing");
  if (progressing?.status === "False" && progressing.reason === "ProgressDeadlineExceeded") {
    // A deadline that had passed before the wait says nothing of what was changed since: it gets its time again.
    const news = lastProgress(live) !== lastProgress(applied);
    if (news || seconds > numberAt(live, "spec", "progressDeadlineSeconds")) return failed(progressing.message);
  }
  const wanted = replicasOf(live);
  const updated = numberAt(live, "status", "updatedReplicas");
  const available = numberAt(live, "status", "availableReplicas");
  const rolledOut = progressing === undefined || progressing.reason === "NewReplicaSetAvailable";
  const complete = updated === wanted && available >= wanted && numberAt(live, "status", "replicas") <= wanted;
  if (rolledOut && complete && conditionOf(live, "Available")?.status === "True") return ready;
  return waiting(`${updated} of ${wanted} Pods updated, ${available} available`);
}

export function statefulSetVerdict(live: Values): Verdict {
  if (!isObserved(live)) return unseen;
  const wanted = replicasOf(live);
  const upToDate = numberAt(live, "status", "readyReplicas");
  const { type, rollingUpdate } = objectAt(live, "spec", "updateStrategy");
  const toUpdate = type === "OnDelete" ? 0 : Math.max(0, wanted - numberAt(rollingUpdate, "partition"));
  const current = textAt(live, "status", "currentRevision") === textAt(live, "status", "updateRevision");
  const updated = current ? wanted : numberAt(live, "status", "updatedReplicas");
  if (upToDate >= wanted && updated >= toUpdate) return ready;
  return waiting(`${upToDate} of ${wanted} Pods ready, ${updated} updated`);
}

export function daemonSetVerdict(live: Values): Verdict {
  if (!isObserved(live)) return unseen;
  const wanted = numberAt(live, "status", "desiredNumberScheduled");
  const available = numberAt(live, "status", "numberAvailable");
  const byHand = textAt(live, "spec", "updateStrategy", "type") === "OnDelete";
  const updated = byHand ? wanted : numberAt(live, "status", "updatedNumberScheduled");
  if (updated >= wanted && available >= wanted) return ready;
  return waiting(`${updated} of ${wanted} Pods updated, ${available} available`);
}

function isObserved(live: Values): boolean {
  return numberAt(live, "status", "observedGeneration") >= numberAt(live, "metadata", "generation");
}

function replicasOf(live: Values): number {
  const replicas = at(live, "spec", "replicas");
  return typeof replicas === "number" ? replicas : 1;
}

/** When the Deployment controller last had something to say about its progress. */
function lastProgress(live: Values): string {
  const progressing = listAt(live, "status", "conditions").find((condition) => condition["type"] === "Progressing");
  return textAt(progressing, "lastUpdateTime");
}

function revisionOf(live: Values): string {
  return textAt(live, "metadata", "annotations", "deployment.kubernetes.io/revision");
}
