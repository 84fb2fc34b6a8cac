/** Pods as plain values, and in words why one is not ready: pure functions over what the API server holds. */
import type { V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import type { PodState, Trouble } from "./state";

export function podState(pod: V1Pod): PodState {
  const { metadata, spec, status } = pod;
  const containers = status?.containerStatuses ?? [];
  const ready = condition(pod, "Ready")?.status === "True";
  return {
    name: metadata?.name ?? "",
    ready,
    phase: status?.phase ?? "Unknown",
    restarts: containers.reduce((sum, { restartCount }) => sum + restartCount, 0),
    node: spec?.nodeName,
    image: spec?.containers[0]?.image,
    createdAt: metadata?.creationTimestamp,
    terminating: metadata?.deletionTimestamp !== undefined,
    trouble: ready || metadata?.deletionTimestamp !== undefined ? undefined : troubleOf(pod),
  };
}

/** Why a Pod is not ready. */
export function troubleOf(pod: V1Pod): Trouble {
  const { status } = pod;
  const scheduled = condition(pod, "PodScheduled");
  if (scheduled?.status === "False") return unscheduled(scheduled.message ?? "no node has been found");
  if (status?.phase === "Failed") return { kind: "evicted", words: status.message ?? status.reason ?? "it has failed" };
  const container = status?.containerStatuses?.find(({ ready }) => !ready);
  return container === undefined
    ? { kind: "starting", words: "its container is being made" }
    : containerTrouble(container);
}

/** What the scheduler says is a list of counts by reason, such as "0/2 nodes are available: 1 Insufficient nvidia.com/gpu". */
function unscheduled(message: string): Trouble {
  const reasons = message.replace(/^\d+\/\d+ nodes are available: /, "").replace(/\. preemption:.*$/s, "");
  if (/Insufficient nvidia\.com\/gpu/.test(message))
    return { kind: "insufficientGpus", words: `no GPU is free for it (${reasons})` };
  if (/didn't match Pod's node (affinity|selector)|no nodes available/.test(message))
    return { kind: "noNode", words: `there is no node of its colour (${reasons})` };
  return { kind: "unschedulable", words: `no node takes it (${reasons})` };
}

function containerTrouble({ state, lastState, started, restartCount, image }: V1ContainerStatus): Trouble {
  const waiting = state?.waiting;
  const ended = state?.terminated ?? lastState?.terminated;
  const reason = waiting?.reason ?? "";
  if (/ImagePull|ErrImage|InvalidImageName/.test(reason))
    return { kind: "imagePull", words: `its image ${image} cannot be pulled: ${waiting?.message ?? reason}` };
  if (/CreateContainer|RunContainer/.test(reason))
    return { kind: "configuration", words: `its container cannot be made: ${waiting?.message ?? reason}` };
  if (ended?.reason === "OOMKilled")
    return { kind: "outOfMemory", words: `it used more memory than its limit and was ended, ${times(restartCount)}` };
  if (ended !== undefined && (restartCount > 0 || state?.terminated !== undefined))
    return { kind: "crashLoop", words: `its container ended with exit code ${ended.exitCode}, ${times(restartCount)}` };
  if (state?.running !== undefined)
    return started === true
      ? { kind: "probe", words: "it runs, and its readiness probe fails" }
      : { kind: "starting", words: "it is still loading: its startup probe has not passed" };
  if (reason === "ContainerCreating" || reason === "PodInitializing")
    return { kind: "starting", words: "its container is being made" };
  return { kind: "unknown", words: waiting?.message ?? (reason === "" ? "Kubernetes does not say why" : reason) };
}

function condition(pod: V1Pod, type: string) {
  return pod.status?.conditions?.find((each) => each.type === type);
}

function times(restarts: number): string {
  return restarts === 1 ? "1 restart so far" : `${restarts} restarts so far`;
}
