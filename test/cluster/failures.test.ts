import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at } from "../../sandbox/layout";
import { until } from "../../sandbox/wait";
import { core, networking, readyPods } from "../support/cluster";
import { failureOf, layout, onTestCluster, OperationFailed, TestStack } from "../support/engine";
import { failures, Load } from "../support/load";
import { ask, url } from "../support/service";

const namespace = "failures";
const host = `${namespace}.localhost`;
const plan = { method: "GET" as const, path: "/v1/info" };
let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.open(
    namespace,
    "local",
    onTestCluster(namespace, { startupTimeoutSeconds: 20, schedulingTimeoutSeconds: 30 }),
  );
  await stack.up();
});

afterAll(() => stack.destroy());

describe("a live Pod whose process is killed", () => {
  it("costs no request, and comes back", async () => {
    const [victim] = await readyPods(namespace, "blue");
    const id = victim?.status?.containerStatuses?.[0]?.containerID?.replace("containerd://", "") ?? "";
    const load = new Load({ url, host, clients: 4, plan, repeat: true });
    const socket = at(layout, "nodes", "blue", "containerd.sock");
    const kill = ["--address", socket, "--namespace", "k8s.io", "tasks", "kill", "--signal", "SIGKILL", id];
    await execa("ctr", kill);
    await until("it to be noticed", async () => (await readyPods(namespace, "blue")).length === 1);
    await until("it to be back", async () => (await readyPods(namespace, "blue")).length === 2);
    const exchanges = await load.stop();
    expect(failures(exchanges)).toEqual({});
    expect(exchanges.length).toBeGreaterThan(100);
  });
});

describe.each([
  {
    what: "whose image cannot be had",
    key: "services.facefusion.green.image",
    bad: "localhost/facefusion:v9.9.9",
    good: "localhost/facefusion:v2.0.0",
    reason: /facefusion-green-\w+-\w+.*(ErrImagePull|ImagePullBackOff)/,
  },
  {
    what: "that does not find its models",
    key: "services.facefusion.green.env.MODELS_DIR",
    bad: "/nowhere",
    good: "/models",
    // The last that it logged.
    reason: /nowhere/,
  },
])("a new version $what", ({ key, bad, good, reason }) => {
  it("fails the update with its reason, and leaves the traffic alone", async () => {
    const before = await networking().readNamespacedIngress({ name: "facefusion-ingress", namespace });
    const load = new Load({ url, host, clients: 4, plan, repeat: true, limitMs: 240_000 });
    stack.set(key, bad);
    const failure = await failureOf(stack.up());
    const exchanges = await load.stop();

    expect(failure).toBeInstanceOf(OperationFailed);
    expect((failure as OperationFailed).message).toMatch(reason);
    expect(failures(exchanges)).toEqual({});
    expect(new Set(exchanges.map(({ color }) => color))).toEqual(new Set(["blue"]));
    const after = await networking().readNamespacedIngress({ name: "facefusion-ingress", namespace });
    expect(after.metadata?.resourceVersion).toBe(before.metadata?.resourceVersion);
    // The old Pods of the idle colour stay until new ones are ready, so testers and a rollback still have it.
    expect(await ask(`preview.${host}`, "/v1/info")).toMatchObject({ status: 200, color: "green", version: "v2.0.0" });
  });

  it("is put right by the next update, with all that its Pods need", async () => {
    stack.set(key, good);
    await stack.up();
    expect((await stack.up()).changes).toEqual({});
    // A Pod made only now needs everything that its template names to be there still.
    const [old] = await readyPods(namespace, "green");
    await core().deleteNamespacedPod({ name: old?.metadata?.name ?? "", namespace, gracePeriodSeconds: 0 });
    await until("another Pod to take its place", async () => {
      const names = (await readyPods(namespace, "green")).map(({ metadata }) => metadata?.name);
      return names.length === 2 && !names.includes(old?.metadata?.name);
    });
  });
});
