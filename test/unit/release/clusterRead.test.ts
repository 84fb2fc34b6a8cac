import type { V1Node, V1Pod } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { colorState, nodeState } from "../../../release/cluster/read";

const labels = (color: string, more: object = {}) => ({ "app.kubernetes.io/name": "facefusion", color, ...more });

describe("a colour", () => {
  const deployment = (name: string) => ({
    metadata: { name, generation: 5 },
    spec: {
      replicas: 3,
      selector: {},
      template: {
        spec: { containers: [{ name: "inference", image: "i:v2", envFrom: [{ configMapRef: { name: "env-2" } }] }] },
      },
    },
    status: { observedGeneration: 4, readyReplicas: 2, availableReplicas: 1, updatedReplicas: 3 },
  });
  const none = { deployments: [], pods: [], jobs: [], configMaps: [], budgets: [], services: [] };

  it("is put together from what is its own, and not the other's", () => {
    const verification = { "app.kubernetes.io/component": "verification" };
    const state = colorState("facefusion", "green", {
      deployments: [deployment("facefusion-blue"), deployment("facefusion-green")],
      pods: [{ metadata: { name: "b", labels: labels("blue") } }, { metadata: { name: "g", labels: labels("green") } }],
      jobs: [
        { metadata: { name: "other", labels: labels("green") } },
        { metadata: { name: "b", labels: labels("blue", verification) } },
        { metadata: { name: "g", labels: labels("green", verification) } },
      ],
      configMaps: [
        { metadata: { name: "env-1" }, data: { LEVEL: "1" } },
        { metadata: { name: "env-2" }, data: { LEVEL: "2" } },
      ],
      budgets: [
        {
          metadata: { name: "facefusion-green" },
          status: { disruptionsAllowed: 1, currentHealthy: 2, desiredHealthy: 2, expectedPods: 3 },
        },
      ],
      services: [{ metadata: { name: "facefusion-green" } }],
    });
    expect(state).toMatchObject({
      deployment: { name: "facefusion-green", image: "i:v2", desired: 3, ready: 2, available: 1, updated: 3 },
      pods: [{ name: "g" }],
      hasService: true,
      environment: { LEVEL: "2" },
      disruptionBudget: { allowed: 1, healthy: 2, desired: 2 },
      verification: { job: "g" },
    });
  });

  it("knows when the numbers are about an earlier state of its Deployment", () => {
    const state = colorState("facefusion", "green", { ...none, deployments: [deployment("facefusion-green")] });
    expect(state.deployment?.observed).toBe(false);
  });

  it("is empty where nothing of it is there", () => {
    expect(colorState("facefusion", "green", none)).toMatchObject({
      deployment: undefined,
      pods: [],
      hasService: false,
      environment: {},
      disruptionBudget: undefined,
      verification: { status: "none" },
    });
  });
});

describe("a node", () => {
  const node = (ready: string): V1Node => ({
    metadata: { name: "gpu-blue", labels: { color: "blue" } },
    spec: {},
    status: {
      allocatable: { "nvidia.com/gpu": "4" },
      conditions: [{ type: "Ready", status: ready, message: "kubelet stopped posting node status." }],
    },
  });
  const pod = (nodeName: string, gpus?: string): V1Pod => ({
    spec: { nodeName, containers: [{ name: "c", ...(gpus && { resources: { limits: { "nvidia.com/gpu": gpus } } }) }] },
  });

  it("counts the GPUs of the Pods that run on it", () => {
    const pods = [pod("gpu-blue", "2"), pod("gpu-blue", "1"), pod("gpu-blue"), pod("gpu-green", "1")];
    expect(nodeState(node("True"), pods)).toMatchObject({ color: "blue", ready: true, gpus: 4, gpusInUse: 3 });
  });

  it("says why it is not ready", () => {
    expect(nodeState(node("Unknown"), [])).toMatchObject({
      ready: false,
      reason: "kubelet stopped posting node status.",
    });
  });

  it("does not claim to know about Pods that may not be listed", () => {
    expect(nodeState(node("True"), undefined).gpusInUse).toBeUndefined();
  });
});
