import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { batch, networking } from "../support/cluster";
import type { TestStack } from "../support/engine";
import { failures, Load } from "../support/load";
import { act, configured, lockAsSomebody, openStack } from "../support/releaseActions";
import { ask, url } from "../support/service";

const namespace = "act-deploy";
const host = `${namespace}.localhost`;
const plan = { method: "GET" as const, path: "/v1/info" };
let stack: TestStack;

beforeAll(async () => {
  // The real suite: it is what people read. What is measured is not the point, on a machine that may be busy.
  const resources = { requests: 4, concurrency: 1, maxSlowdown: 100 };
  const verification = { image: "localhost/facefusion-verification:v1.0.0", timeoutSeconds: 600, resources };
  stack = await openStack(namespace, { replicas: 1, verification });
});

afterAll(() => stack.destroy());

const routeVersion = async () =>
  (await networking().readNamespacedIngress({ name: "facefusion-ingress", namespace })).metadata?.resourceVersion;

/** Which Jobs have verified, by name. */
async function jobs(): Promise<Record<string, string | undefined>> {
  const { items } = await batch().listNamespacedJob({ namespace });
  return Object.fromEntries(items.map(({ metadata }) => [metadata?.name ?? "", metadata?.uid]));
}

/** Deploys, while users are served by blue as if nothing had happened. */
async function deploying(...args: string[]) {
  const before = await routeVersion();
  const load = new Load({ url, host, clients: 2, plan, repeat: true, limitMs: 280_000 });
  const acted = await act(stack, ["deploy", ...args]);
  const exchanges = await load.stop();
  expect(failures(exchanges)).toEqual({});
  expect(new Set(exchanges.map(({ color }) => color))).toEqual(new Set(["blue"]));
  expect(await routeVersion()).toBe(before);
  return acted;
}

describe("a version that is deployed", () => {
  it("is verified on the idle colour, and told with its numbers", async () => {
    const { code, value } = await deploying("localhost/facefusion:v1.0.0", "--env", "LOG_LEVEL=DEBUG");
    expect(value).toMatchObject({
      ...{ service: "facefusion", color: "green", live: "blue", verdict: "passed", reasons: [] },
      report: { verdict: "passed", image: "localhost/facefusion:v1.0.0" },
    });
    expect(code).toBe(0);
    expect(await ask(`preview.${host}`, "/v1/info")).toMatchObject({ color: "green", version: "v1.0.0" });
    // As a person writes it: a value in quotes stays a text.
    expect(configured(stack, "services")).toMatchObject({
      facefusion: {
        green: { image: "localhost/facefusion:v1.0.0", env: { LOG_LEVEL: "DEBUG", TEST_JOB_SECONDS_MAX: "60" } },
      },
    });
  });

  it("keeps its verification while another update runs", async () => {
    const before = await jobs();
    lockAsSomebody(stack);
    const { code, value } = await act(stack, ["verify", "--wait", "0s"]);
    await stack.pulumi(["cancel", "--yes"]);
    expect(JSON.stringify(value)).toContain("has not ended within 0 s");
    expect(code).toBe(1);
    expect(await jobs()).toEqual(before);
  });

  it("can be verified once more, by a Job anew, and nothing else is touched", async () => {
    const [before, route] = [await jobs(), await routeVersion()];
    const { code, value } = await act(stack, ["verify"]);
    const after = await jobs();
    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual([
      expect.stringMatching(/^facefusion-green-verification-/),
    ]);
    expect(await routeVersion()).toBe(route);
    expect(value).toMatchObject({ color: "green", verdict: "passed", report: { verdict: "passed" } });
    expect(code).toBe(0);
  });

  it("that fails its verification is refused with the verdict, and does not go live", async () => {
    const { code, value } = await deploying("localhost/facefusion-faulty:v1.0.0", "--env", "FAULT=status500");
    const { message } = (value as { error: { message: string } }).error;
    expect(message).toContain("green has failed its verification and does not go live.");
    expect(message).toMatch(/connectivity\s+failed/);
    expect(message).toContain("Traffic is untouched: blue is live with localhost/facefusion:v1.0.0.");
    expect(code).toBe(3);
    const refused = await act(stack, ["switch"]);
    expect(refused.code).toBe(3);
    expect(JSON.stringify(refused.value)).toContain("green has failed its verification. It does not go live.");
  });

  it("that is none is refused before anything is touched, by the rule of the configuration", async () => {
    const before = configured(stack, "services");
    const { code, value } = await act(stack, ["deploy", "localhost/facefusion:latest"]);
    expect(JSON.stringify(value)).toContain("facefusion:services.facefusion.green.image");
    expect(code).toBe(2);
    expect(configured(stack, "services")).toEqual(before);
  });

  it("is refused while route and configuration disagree, with the way out", async () => {
    stack.set("liveColor", "green");
    const { code, value } = await act(stack, ["deploy", "localhost/facefusion:v2.0.0"]);
    stack.set("liveColor", "blue");
    expect(JSON.stringify(value)).toContain("the route leads to blue, and the configuration says green");
    expect(code).toBe(3);
  });
});
