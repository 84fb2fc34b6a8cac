import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiConnection } from "../support/apiConnection";
import { batch, networking, readyPods } from "../support/cluster";
import { onTestCluster, TestStack } from "../support/engine";
import { failures, Load, stale } from "../support/load";
import { updateUntil } from "../support/releaseActions";
import { url } from "../support/service";

const namespace = "interruption";
const host = `${namespace}.localhost`;
const plan = { method: "GET" as const, path: "/v1/info" };
let stack: TestStack;
let api: ApiConnection;

beforeAll(async () => {
  api = await ApiConnection.open(namespace);
  stack = await TestStack.open(namespace, "local", onTestCluster(namespace), { KUBECONFIG: api.kubeconfig });
  await stack.up();
});

afterAll(async () => {
  await stack.destroy();
  api.close();
});

/** The colour that the route leads to, which must be whole and verified whatever has happened. */
async function wholeLiveColor(): Promise<string> {
  const ingress = await networking().readNamespacedIngress({ name: "facefusion-ingress", namespace });
  const backend = ingress.spec?.rules?.[0]?.http?.paths[0]?.backend.service?.name ?? "";
  const color = backend.replace("facefusion-", "");
  expect(await readyPods(namespace, color)).toHaveLength(2);
  const jobs = await batch().listNamespacedJob({
    namespace,
    labelSelector: `color=${color},app.kubernetes.io/component=verification`,
  });
  expect(jobs.items.some(({ status }) => status?.succeeded === 1)).toBe(true);
  return color;
}

/** What a person does whose engine was killed; README.md tells it. */
async function recover(): Promise<void> {
  await stack.pulumi(["cancel", "--yes"]);
  await stack.pulumi(["refresh", "--yes", "--skip-preview", "--clear-pending-creates"]);
  await stack.pulumi(["up", "--yes", "--skip-preview"], { PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true" });
}

/** What another update would still change. That the provider was told to adopt objects passes with that update. */
async function pending(): Promise<string[]> {
  return Object.keys((await stack.up()).changes).filter((name) => name !== "cluster-provider");
}

/** Load while something goes wrong and is put right: nothing may fail, and nobody may be sent back and forth. */
async function underLoad(happening: () => Promise<void>): Promise<void> {
  const load = new Load({ url, host, clients: 4, plan, repeat: true, limitMs: 280_000 });
  await happening();
  const exchanges = await load.stop();
  expect(failures(exchanges)).toEqual({});
  expect(exchanges.length).toBeGreaterThan(200);
  const colors = new Set(exchanges.map(({ color }) => color));
  if (colors.size > 1) expect(stale(exchanges, await wholeLiveColor())).toEqual([]);
}

describe("an engine that is killed while it brings a new version to the idle colour", () => {
  it.each([
    ["looks at what is there", /refreshing/],
    ["makes the configuration", /facefusion-green-config-\w{10} creating/],
    ["waits for the Pods", /facefusion-green-deployment updating/],
    ["waits for the verdict", /facefusion-green-verification-\w{10} creating/],
    ["cleans up", /facefusion-green-verification-\w{10} deleting/],
  ])("when it %s leaves users where they are, and the next update goes on", async (moment, said) => {
    await underLoad(async () => {
      stack.set("services.facefusion.green.env.REVISION", moment.replaceAll(" ", "-"));
      await (await updateUntil(stack, said)).kill();
      expect(await wholeLiveColor()).toBe("blue");
      await recover();
      expect(await pending()).toEqual([]);
      expect(await wholeLiveColor()).toBe("blue");
    });
  });
});

describe("an engine that is killed while it switches", () => {
  it.each([
    ["begins", /refreshing/],
    ["moves the route", /facefusion-route-ingress updating/],
    ["has moved the route", /facefusion-route-ingress updated/],
    ["moves the preview", /facefusion-preview-ingress updating/],
  ])("when it %s leaves users on a whole colour, and the next update goes on", async (_, said) => {
    const from = await wholeLiveColor();
    const to = from === "blue" ? "green" : "blue";
    await underLoad(async () => {
      stack.set("liveColor", to);
      await (await updateUntil(stack, said)).kill();
      expect(["blue", "green"]).toContain(await wholeLiveColor());
      await recover();
      expect(await pending()).toEqual([]);
      expect(await wholeLiveColor()).toBe(to);
    });
  });
});

describe("an engine that loses the API server", () => {
  it.each([
    ["while it waits for Pods of the idle colour", /facefusion-\w+-deployment updating/, "release"],
    ["while it moves the route", /facefusion-route-ingress updating/, "switch"],
  ])("%s fails, users stay on a whole colour, and the next update goes on", async (what, said, kind) => {
    const from = await wholeLiveColor();
    const to = from === "blue" ? "green" : "blue";
    await underLoad(async () => {
      if (kind === "switch") stack.set("liveColor", to);
      else stack.set(`services.facefusion.${to}.env.REVISION`, what.replaceAll(" ", "-"));
      const update = await updateUntil(stack, said);
      api.cut();
      const ended = await update.ended;
      api.mend();
      expect(ended).not.toMatchObject({ exitCode: 0 });
      expect(["blue", "green"]).toContain(await wholeLiveColor());
      await recover();
      expect(await pending()).toEqual([]);
      expect(await wholeLiveColor()).toBe(kind === "switch" ? to : from);
    });
  });
});
