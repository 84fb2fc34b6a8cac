import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { openAuthority } from "../../sandbox/cluster/pki";
import { at } from "../../sandbox/layout";
import { until } from "../../sandbox/wait";
import { core, networking } from "../support/cluster";
import { failureOf, layout, onTestCluster, OperationFailed, TestStack } from "../support/engine";
import { failures, Load } from "../support/load";
import { ask, url } from "../support/service";

const namespace = "gate";
const host = `${namespace}.localhost`;
const plan = { method: "GET" as const, path: "/v1/info" };
const faulty = "localhost/facefusion-faulty:v1.0.0";
let stack: TestStack;

beforeAll(async () => {
  const verification = {
    image: "localhost/facefusion-verification:v1.0.0",
    timeoutSeconds: 240,
    resources: { requests: 12 },
  };
  stack = await TestStack.open(
    namespace,
    "local",
    onTestCluster(namespace, { startupTimeoutSeconds: 20, schedulingTimeoutSeconds: 30, verification }),
  );
  await stack.up();
});

afterAll(() => stack.destroy());

const routeVersion = async () =>
  (await networking().readNamespacedIngress({ name: "facefusion-ingress", namespace })).metadata?.resourceVersion;

const reportSchema = z.object({
  verdict: z.enum(["passed", "failed"]),
  image: z.string(),
  checks: z.array(
    z.object({ name: z.string(), problems: z.array(z.string()), measurements: z.record(z.string(), z.unknown()) }),
  ),
});

/** What is kept of the last verification of a colour. */
async function reportOf(color: string) {
  const { data } = await core().readNamespacedConfigMap({ name: `facefusion-${color}-verification`, namespace });
  return reportSchema.parse(JSON.parse(data?.["report.json"] ?? "{}"));
}

function putOnGreen(fault: string): void {
  stack.set("services.facefusion.green.image", faulty);
  stack.set("services.facefusion.green.env.FAULT", fault);
}

/** What an update says that has to fail, while users are served by blue as if nothing had happened. */
async function refused(): Promise<string> {
  const before = await routeVersion();
  const load = new Load({ url, host, clients: 2, plan, repeat: true, limitMs: 280_000 });
  const failure = await failureOf(stack.up());
  const exchanges = await load.stop();
  expect(failure).toBeInstanceOf(OperationFailed);
  expect(failures(exchanges)).toEqual({});
  expect(new Set(exchanges.map(({ color }) => color))).toEqual(new Set(["blue"]));
  expect(await routeVersion()).toBe(before);
  return String(failure);
}

describe("a colour that has proved itself", () => {
  it("leaves a report with the numbers", async () => {
    for (const color of ["blue", "green"]) {
      const { verdict, checks } = await reportOf(color);
      expect(verdict).toBe("passed");
      expect(checks.map(({ name }) => name)).toEqual(["connectivity", "accuracy", "resources", "stability"]);
      for (const { name, measurements } of checks) expect(Object.keys(measurements), name).not.toEqual([]);
    }
  });

  it("is not asked again", async () => {
    expect((await stack.up()).changes).toEqual({});
  });

  it("does not go behind a certificate that is another host's", async () => {
    const { certificate, key } = await (
      await openAuthority(at(layout, "test-pki"))
    ).issue("another", { subject: "CN=another.localhost", names: [{ type: "dns", value: "another.localhost" }] });
    const stringData = { "tls.crt": certificate, "tls.key": key };
    const body = { metadata: { name: "another" }, type: "kubernetes.io/tls", stringData };
    await core().createNamespacedSecret({ namespace, body });
    stack.set("services.facefusion.tls.kind", "secret");
    stack.set("services.facefusion.tls.name", "another");
    expect(await refused()).toContain(
      `connectivity: the certificate of ${host} (Secret another) is for another.localhost`,
    );
    stack.unset("services.facefusion.tls");
    await stack.up();
  });
});

describe("a new version on the idle colour", () => {
  it.each([
    ["returns wrong faces", "wrongFaces", /accuracy: identity distance \d\.\d+ on \w+, at most 0\.50 accepted/],
    ["leaks memory", "leak", /resources: \S+ gained \d+ MiB of memory in .* requests, at most 64 MiB accepted/],
    ["is twice as slow", "slow", /resources: \d+\.\d+ times the other colour's (p95 )?latency/],
    ["logs errors", "errorLines", /stability: .*errorLines/],
    ["answers 500", "status500", /connectivity: POST \/v1\/swap.* 500/],
  ])("that %s is stopped by the gate, which says why", async (_, fault, reason) => {
    putOnGreen(fault);
    const message = await refused();
    expect(message).toContain("verification of facefusion green v1.0.0: FAILED");
    expect(message).toMatch(reason);
    const { verdict, image, checks } = await reportOf("green");
    expect({ verdict, image }).toEqual({ verdict: "failed", image: faulty });
    const [check] = reason.source.split(":");
    expect(checks.find(({ name }) => name === check)?.problems).not.toEqual([]);
  });

  it("that was stopped is not made live by a switch either", async () => {
    stack.set("liveColor", "green");
    expect(await refused()).toContain("verification of facefusion green v1.0.0: FAILED");
    stack.set("liveColor", "blue");
  });

  it("is not made live by an update that brings it and switches at once", async () => {
    putOnGreen("wrongFaces");
    stack.set("liveColor", "green");
    await refused();
    stack.set("liveColor", "blue");
  });

  it("that never becomes ready is stopped before that", async () => {
    putOnGreen("neverReady");
    expect(await refused()).toMatch(/Deployment gate\/facefusion-green: .*(timed out progressing|not ready)/);
  });

  it("that was good before is good again, with no new run", async () => {
    stack.set("services.facefusion.green.image", "localhost/facefusion:v2.0.0");
    stack.unset("services.facefusion.green.env.FAULT");
    const { changes } = await stack.up();
    const jobs = Object.entries(changes).filter(([name]) => /-verification-[0-9a-f]{10}$/.test(name));
    expect(jobs.length).toBeGreaterThan(0);
    expect(new Set(jobs.map(([, op]) => op))).toEqual(new Set(["delete"]));
    stack.set("liveColor", "green");
    const flip = await stack.up();
    expect(flip.changes).toEqual({ "facefusion-route-ingress": "update", "facefusion-preview-ingress": "update" });
  });
});

describe("the way past the gate", () => {
  it("is open for one image, and shows wherever somebody looks", async () => {
    const reason = "the checks are broken and blue is on fire";
    stack.set("services.facefusion.blue.image", faulty);
    stack.set("services.facefusion.blue.env.FAULT", "errorLines");
    stack.set("services.facefusion.skipVerification.image", faulty);
    stack.set("services.facefusion.skipVerification.reason", reason);
    const warning = `facefusion: blue (${faulty}) may go live unverified: ${reason}`;
    expect((await stack.preview()).output).toContain(warning);
    expect((await stack.up()).output).toContain(warning);
    stack.set("liveColor", "blue");
    const { output } = await stack.up();
    expect(output).toContain(`skipped: ${reason}`);
    await until("users to be on blue", async () => (await ask(host, "/v1/info")).color === "blue");
  });
});
