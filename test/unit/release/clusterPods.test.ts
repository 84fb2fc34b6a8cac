import type { V1ContainerStatus, V1ObjectMeta, V1Pod } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { podState } from "../../../release/cluster/pods";

function aPod(container: Partial<V1ContainerStatus> = {}, ready = false): V1Pod {
  const containerStatuses = [{ name: "inference", image: "i:v1", imageID: "", ready, restartCount: 0, ...container }];
  const conditions = [
    { type: "PodScheduled", status: "True" },
    { type: "Ready", status: ready ? "True" : "False" },
  ];
  return { metadata: { name: "pod" }, status: { phase: "Running", conditions, containerStatuses } };
}

function unscheduled(message: string, metadata: V1ObjectMeta = { name: "pod" }): V1Pod {
  return {
    metadata,
    status: { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", message }] },
  };
}

const ended = (exitCode: number, reason = "Error") => ({ lastState: { terminated: { exitCode, reason } } });

describe("why a Pod is not ready", () => {
  it.each([
    [
      "no GPU is free",
      unscheduled(
        "0/3 nodes are available: 1 Insufficient nvidia.com/gpu, 2 node(s) had untolerated taint(s). preemption: 0/3 nodes",
      ),
      "insufficientGpus",
      "no GPU is free for it (1 Insufficient nvidia.com/gpu, 2 node(s) had untolerated taint(s))",
    ],
    [
      "there is no node of its colour",
      unscheduled("0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector."),
      "noNode",
      "no node of its colour",
    ],
    [
      "no node has room",
      unscheduled("0/2 nodes are available: 2 Insufficient cpu."),
      "unschedulable",
      "Insufficient cpu",
    ],
    [
      "its image cannot be pulled",
      aPod({ state: { waiting: { reason: "ImagePullBackOff", message: "no such tag" } } }),
      "imagePull",
      "its image i:v1 cannot be pulled: no such tag",
    ],
    [
      "it used too much memory",
      aPod({ restartCount: 3, ...ended(137, "OOMKilled"), state: { waiting: { reason: "CrashLoopBackOff" } } }),
      "outOfMemory",
      "used more memory than its limit and was ended, 3 restarts so far",
    ],
    [
      "it crashes",
      aPod({ restartCount: 1, ...ended(2), state: { waiting: { reason: "CrashLoopBackOff" } } }),
      "crashLoop",
      "ended with exit code 2, 1 restart so far",
    ],
    [
      "its configuration is not there",
      aPod({ state: { waiting: { reason: "CreateContainerConfigError", message: 'configmap "x" not found' } } }),
      "configuration",
      'configmap "x" not found',
    ],
    ["its probe fails", aPod({ started: true, state: { running: {} } }), "probe", "its readiness probe fails"],
    ["it still loads", aPod({ started: false, state: { running: {} } }), "starting", "still loading"],
    ["it is being made", aPod({ state: { waiting: { reason: "ContainerCreating" } } }), "starting", "being made"],
  ])("is told where %s", (_, pod, kind, words) => {
    const { trouble } = podState(pod);
    expect(trouble?.kind).toBe(kind);
    expect(trouble?.words).toContain(words);
  });

  it("is nothing for a Pod that is ready, whatever happened to it before", () => {
    expect(podState(aPod({ restartCount: 4, ...ended(1) }, true))).toMatchObject({ ready: true, restarts: 4 });
    expect(podState(aPod({}, true)).trouble).toBeUndefined();
  });

  it("is nothing for a Pod that was told to stop", () => {
    const stopping = unscheduled("0/2 nodes are available", { deletionTimestamp: new Date() });
    expect(podState(stopping)).toMatchObject({ terminating: true, trouble: undefined });
  });
});
