import { describe, expect, it } from "vitest";
import { podVerdict, problemsOf } from "../../../sandbox/plugins/kubernetes/await/pods";
import type { Values } from "../../../sandbox/plugins/shared/values";

function condition(type: string, status: string, reason = "", message = ""): Values {
  return { type, status, reason, message };
}

describe("what a Pod complains of", () => {
  const pod = (status: Values): Values => ({
    metadata: { name: "p", namespace: "ns" },
    status: { phase: "Pending", ...status },
  });
  const withContainer = (state: Values, more: Values = {}) =>
    pod({ containerStatuses: [{ name: "c", ready: false, restartCount: 0, state, ...more }] });
  const texts = (item: Values, events: Values[] = []) => problemsOf(item, events).map(({ text }) => text);

  it("is nothing once it is ready or has done its work", () => {
    expect(texts(pod({ conditions: [condition("Ready", "True")] }))).toEqual([]);
    expect(texts(pod({ phase: "Succeeded" }))).toEqual([]);
    expect(podVerdict(pod({ phase: "Failed", message: "evicted" }))).toMatchObject({ state: "failed" });
  });

  it.each([
    [
      "no node for it",
      pod({ conditions: [condition("PodScheduled", "False", "Unschedulable", "0/2 nodes")] }),
      "Pod p cannot be scheduled: 0/2 nodes",
    ],
    ["an eviction", pod({ phase: "Failed", reason: "Evicted", message: "disk" }), "Pod p: Evicted: disk"],
    ["no kubelet that has seen it", pod({}), "Pod p has not been started on a node yet"],
    [
      "an image that cannot be had",
      withContainer({ waiting: { reason: "ImagePullBackOff", message: "not found" } }),
      "Pod p, container c: waiting: ImagePullBackOff: not found",
    ],
    [
      "a container that dies again and again",
      withContainer(
        { waiting: { reason: "CrashLoopBackOff" } },
        { restartCount: 3, lastState: { terminated: { exitCode: 1, reason: "Error" } } },
      ),
      "Pod p, container c: exit code 1 (Error), 3 restarts, waiting: CrashLoopBackOff",
    ],
    [
      "a container that ended",
      withContainer({ terminated: { exitCode: 137, reason: "OOMKilled" } }),
      "Pod p, container c: exit code 137 (OOMKilled)",
    ],
    ["a container that takes its time", withContainer({ running: {} }), "Pod p, container c: running, not ready yet"],
  ])("is %s", (_what, item, text) => {
    expect(texts(item)).toEqual([text]);
  });

  it("is the probe that failed last, and the volume that cannot be mounted", () => {
    const events = [
      { reason: "Unhealthy", type: "Warning", message: "first" },
      { reason: "Unhealthy", type: "Warning", message: "Readiness probe failed: 503" },
    ];
    expect(texts(withContainer({ running: {} }), events)).toEqual([
      "Pod p, container c: not ready: Readiness probe failed: 503",
    ]);
    const creating = withContainer({ waiting: { reason: "ContainerCreating" } });
    expect(texts(creating)).toEqual([]);
    expect(texts(creating, [{ reason: "FailedMount", type: "Warning", message: "no such claim" }])).toEqual([
      "Pod p, container c: waiting: ContainerCreating: FailedMount: no such claim",
    ]);
  });

  it("points to the log that tells more: of the run that died, or of the one that is not ready", () => {
    const logOf = (item: Values) => problemsOf(item, [])[0]?.log;
    const died = withContainer(
      { waiting: { reason: "CrashLoopBackOff" } },
      { lastState: { terminated: { exitCode: 1 } } },
    );
    expect(logOf(died)).toMatchObject({ container: "c", previous: true });
    expect(logOf(withContainer({ running: {} }))).toMatchObject({ container: "c", previous: false });
    expect(logOf(withContainer({ waiting: { reason: "ErrImagePull" } }))).toBeUndefined();
  });
});
