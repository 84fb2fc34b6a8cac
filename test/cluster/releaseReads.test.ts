import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { KubeConfig, AppsV1Api, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kubeconfigPath } from "../../sandbox/layout";
import { until } from "../../sandbox/wait";
import { networking } from "../support/cluster";
import { layout, onTestCluster, TestStack } from "../support/engine";
import { Load } from "../support/load";
import { differentKeys, documented, releaseProcess, runRelease, tellingRelease } from "../support/releaseCommand";
import { url } from "../support/service";

const namespace = "release-reads";
const host = `${namespace}.localhost`;
let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.open(namespace, "local", onTestCluster(namespace));
  stack.set("services.facefusion.replicas", "1");
  await stack.up();
});

afterAll(() => stack.destroy());

const release = (args: readonly string[], env?: Record<string, string>) => runRelease(stack, args, env);
const told = (args: readonly string[], env?: Record<string, string>) => tellingRelease(stack, args, env);

const finding = (check: string, words: Record<string, unknown>): unknown =>
  expect.objectContaining({
    findings: expect.arrayContaining([expect.objectContaining({ check, ...words })]) as unknown,
  });

describe("on a healthy stack", () => {
  it("status tells which colour is live and how both are", async () => {
    const color = (version: string) => ({
      image: `localhost/facefusion:${version}`,
      version,
      desired: 1,
      ready: 1,
      available: 1,
      updating: false,
      troubles: [],
      verification: { status: "passed", image: `localhost/facefusion:${version}`, reason: null },
      traffic: { share: null, requestsPerSecond: 0, errorsPerSecond: 0, inFlight: 0 },
    });
    const service = { service: "facefusion", host, live: "blue", liveProblem: null, configured: "blue", drift: false };
    expect(await told(["status"])).toMatchObject({
      code: 0,
      value: {
        stack: "local",
        capacity: "peak",
        services: [
          { ...service, preview: "green", colors: { blue: color("v1.0.0"), green: color("v2.0.0") }, lastSwitch: null },
        ],
      },
    });
    const { stdout } = await release(["status"]);
    expect(stdout).toMatch(/blue +live +v1\.0\.0 +1\/1 +passed, .* no requests/);
    // No terminal, no colours.
    expect(stdout).not.toContain("\u001b");
  });

  it("status measures who answers the users", async () => {
    const load = new Load({ url, host, clients: 2, plan: { method: "GET", path: "/v1/info" }, repeat: true });
    const { value } = await told(["status"]);
    await load.stop();
    expect(value).toMatchObject({
      services: [{ colors: { blue: { traffic: { share: 1, errorsPerSecond: 0 } }, green: { traffic: { share: 0 } } } }],
    });
  });

  it("status --watch --json tells it again and again, one line each time", async () => {
    const { command, environment } = releaseProcess(stack, ["status", "--watch", "--json"]);
    const child = spawn(process.execPath, command, { env: environment, stdio: ["ignore", "pipe", "inherit"] });
    const lines: unknown[] = [];
    for await (const line of createInterface(child.stdout)) {
      lines.push(JSON.parse(line));
      if (lines.length === 2) break;
    }
    child.kill("SIGINT");
    expect(lines).toMatchObject([{ stack: "local" }, { stack: "local" }]);
  });

  it("doctor finds nothing wrong", async () => {
    const { code, value } = await told(["doctor"]);
    expect(value).toMatchObject({ stack: "local", healthy: true, services: [{ service: "facefusion" }] });
    expect(code).toBe(0);
  });

  it("diff tells what differs: the images and the models, and in the Pods the image alone", async () => {
    const images = { blue: "localhost/facefusion:v1.0.0", green: "localhost/facefusion:v2.0.0" };
    expect(await told(["diff"])).toEqual({
      code: 0,
      value: {
        stack: "local",
        services: [
          {
            service: "facefusion",
            live: "blue",
            configured: [
              { key: "image", ...images },
              { key: "models", blue: "v1", green: "v2" },
            ],
            deployed: [{ key: "spec.containers.0.image", ...images }],
            pending: [],
          },
        ],
      },
    });
  });

  it("history tells what was released", async () => {
    const { code, value } = await told(["history"]);
    expect(code).toBe(0);
    expect(value).toMatchObject({
      stack: "local",
      releases: [{ result: "succeeded", changes: [{ kind: "first", words: "first deployment of facefusion" }] }],
    });
  });
});

describe("after a switch", () => {
  it("status and history tell of it", async () => {
    stack.set("liveColor", "green");
    await stack.up();
    expect((await told(["history", "--limit", "1"])).value).toMatchObject({
      releases: [{ result: "succeeded", changes: [{ kind: "switch", from: "blue", to: "green" }] }],
    });
    expect((await told(["status"])).value).toMatchObject({
      services: [{ live: "green", configured: "green", preview: "blue", lastSwitch: { from: "blue", to: "green" } }],
    });
  });
});

describe("what a program is told", () => {
  it.each(["status", "history", "diff", "doctor"])(
    "has the shape that the page of the command shows: %s",
    async (command) => {
      const { value } = await told([command]);
      expect(differentKeys(documented(command), value)).toEqual([]);
    },
  );
});

describe("after the route was moved by hand", () => {
  const route = "facefusion-ingress";

  it("status shows the drift, and doctor says what it means and what helps", async () => {
    const ingress = await networking().readNamespacedIngress({ namespace, name: route });
    const backend = ingress.spec?.rules?.[0]?.http?.paths[0]?.backend.service;
    if (backend === undefined) throw new Error("the route has no backend");
    backend.name = "facefusion-blue";
    await networking().replaceNamespacedIngress({ namespace, name: route, body: ingress });

    expect((await told(["status"])).value).toMatchObject({
      services: [{ live: "blue", configured: "green", drift: true }],
    });
    expect((await release(["status"])).stdout).toContain("DRIFT: the configuration says green");
    const { code, value } = await told(["doctor"]);
    expect(code).toBe(1);
    expect(value).toEqual(
      finding("route-moved", { severity: "error", help: expect.stringContaining("pulumi up") as unknown }),
    );
    expect(JSON.stringify(value)).toContain("it leads to blue, Pulumi left it at green (last written by");
  });

  it("the next update puts that right", async () => {
    await stack.up();
    expect((await told(["doctor"])).code).toBe(0);
  });

  it("and where it is gone, both say so", async () => {
    await networking().deleteNamespacedIngress({ namespace, name: route });
    const gone = "there is no Ingress facefusion-ingress";
    expect((await told(["status"])).value).toMatchObject({
      services: [{ live: null, liveProblem: gone, drift: true }],
    });
    const { code, value } = await told(["doctor"]);
    expect(code).toBe(1);
    expect(value).toEqual(finding("route", { severity: "error", problem: expect.stringContaining(gone) as unknown }));
    await stack.up();
  });
});

describe("with an idle colour that cannot start", () => {
  const name = "facefusion-blue";

  it("status and doctor say why, and that users do not feel it", async () => {
    const configuration = new KubeConfig();
    configuration.loadFromFile(kubeconfigPath(layout));
    const body = {
      spec: {
        // Not one Pod after the other: there may be no GPU for a third one.
        strategy: { type: "Recreate", rollingUpdate: null },
        template: { spec: { containers: [{ name: "inference", image: "localhost/facefusion:v9.9.9" }] } },
      },
    };
    await configuration
      .makeApiClient(AppsV1Api)
      .patchNamespacedDeployment(
        { namespace, name, body },
        setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch),
      );

    const broken = await until(
      "the image to be missed",
      async () => {
        const answer = await told(["doctor"]);
        return JSON.stringify(answer.value).includes("cannot be pulled") && answer;
      },
      { timeoutMs: 120_000, everyMs: 1000 },
    );
    expect(broken.code).toBe(1);
    expect(broken.value).toEqual(
      finding("pods", { severity: "error", meaning: expect.stringContaining("users do not feel this") as unknown }),
    );
    expect(broken.value).toEqual(finding("image", { severity: "warning" }));
    expect((await release(["status"])).stdout).toMatch(/! facefusion-blue-\S+: its image \S+v9\.9\.9 cannot be pulled/);
    expect((await told(["diff"])).value).toMatchObject({
      services: [{ pending: [{ color: "blue", key: "image", deployed: "localhost/facefusion:v9.9.9" }] }],
    });
  });
});
