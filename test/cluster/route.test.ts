import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { until } from "../../sandbox/wait";
import { core, networking, readyPods } from "../support/cluster";
import { deployed } from "../support/deployed";
import { failureOf, OperationFailed } from "../support/engine";
import { ask } from "../support/service";

const namespace = "route";
const service = deployed(namespace);
const { host, liveColor } = service;

describe("a route that was moved by hand", () => {
  it("is put back by a plain update, which shows it", async () => {
    await networking().patchNamespacedIngress({
      name: "facefusion-ingress",
      namespace,
      body: [{ op: "replace", path: "/spec/rules/0/http/paths/0/backend/service/name", value: "facefusion-green" }],
    });
    await until("users to be on green", async () => (await liveColor()) === "green");
    expect((await service.stack.preview()).changes).toEqual({ "facefusion-route-ingress": "update" });
    expect((await service.stack.up()).changes).toEqual({ "facefusion-route-ingress": "update" });
    await until("users to be back on blue", async () => (await liveColor()) === "blue");
  });
});

describe("a colour that has lost its Pods since it was verified", () => {
  const quota = "no-more-pods";

  it("is not made live, as the preview says already", async () => {
    // Room for blue's Pods alone: green's cannot come back, and nothing in the configuration has changed.
    await core().createNamespacedResourceQuota({
      namespace,
      body: { metadata: { name: quota }, spec: { hard: { pods: "2" } } },
    });
    await core().deleteCollectionNamespacedPod({ namespace, labelSelector: "color=green", gracePeriodSeconds: 0 });
    await until("green to have none", async () => (await readyPods(namespace, "green")).length === 0);
    service.stack.set("liveColor", "green");
    const failure = await failureOf(service.stack.preview());
    expect(failure).toBeInstanceOf(OperationFailed);
    expect(String(failure)).toContain("facefusion: green has 0 of 2 Pods available, so it does not go live");
  });

  it("is waited for by an update, and users come to it once it is whole", async () => {
    const update = service.stack.up();
    await sleep(8_000);
    expect(await ask(host, "/v1/info")).toMatchObject({ status: 200, color: "blue" });
    await core().deleteNamespacedResourceQuota({ name: quota, namespace });
    await update;
    expect(await readyPods(namespace, "green")).toHaveLength(2);
    await until("users to be on green", async () => (await liveColor()) === "green");
    service.stack.set("liveColor", "blue");
    await service.stack.up();
  });
});

describe("off-peak", () => {
  it("scales a colour up and verifies it before users come to it, and the old one down after they have left", async () => {
    service.stack.set("services.facefusion.standbyReplicas", "0");
    service.stack.set("capacity", "offPeak");
    await service.stack.up();
    await until("green to be gone", async () => (await readyPods(namespace, "green")).length === 0);
    service.stack.set("liveColor", "green");
    const { changes } = await service.stack.up();
    const order = Object.keys(changes).map((name) => name.replace(/[0-9a-f]{10}$/, "<hash>"));
    const steps = [
      "facefusion-green-deployment",
      "facefusion-green-verification-<hash>",
      "facefusion-route-ingress",
      "facefusion-blue-deployment",
    ];
    expect(order.filter((name) => steps.includes(name))).toEqual(steps);
    await until("users to be on green", async () => (await liveColor()) === "green");
    expect(await readyPods(namespace, "green")).toHaveLength(2);
  });
});

describe("a service that is protected", () => {
  it("is not removed, whole or in part", async () => {
    service.stack.set("protect", "true");
    await service.stack.up();
    const failure = await failureOf(service.stack.destroy());
    service.stack.set("protect", "false");
    expect(failure).toBeDefined();
    expect(String(failure)).toContain("protect");
    expect((await ask(host, "/v1/info")).status).toBe(200);
    await service.stack.up();
  });
});
