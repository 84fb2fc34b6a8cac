import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at } from "../../sandbox/layout";
import { networking } from "../support/cluster";
import { layout, type TestStack } from "../support/engine";
import { failures, Load, stale } from "../support/load";
import { act, configured, kubectl, lockAsSomebody, longJobs, openStack, updateUntil } from "../support/releaseActions";
import { ask, url } from "../support/service";
import { webhook, type Webhook } from "../support/webhook";

const namespace = "act-switch";
const host = `${namespace}.localhost`;
const plan = { method: "GET" as const, path: "/v1/info" };
let stack: TestStack;
let listener: Webhook;

beforeAll(async () => {
  listener = await webhook();
  // One that is there, and one that is not.
  const notifications = { webhook: listener.url, slack: "http://127.0.0.1:1/services/T0/B0/SECRET" };
  stack = await openStack(namespace, { replicas: 1 }, { "facefusion:notifications": notifications });
});

afterAll(async () => {
  listener.close();
  await stack.destroy();
});

const liveColor = async () => (await ask(host, "/v1/info")).color;
const routeVersion = async () =>
  (await networking().readNamespacedIngress({ name: "facefusion-ingress", namespace })).metadata?.resourceVersion;

/** An engine that can do all but update. */
function withoutUpdates({ directory, environment }: TestStack): Record<string, string> {
  const bin = path.join(directory, "bin");
  const script = [
    "#!/bin/sh",
    'case " $* " in *" up "*) echo "error: the session has expired" >&2; exit 255;; esac',
    `exec ${at(layout, "bin", "pulumi")} "$@"`,
  ];
  mkdirSync(bin, { recursive: true });
  writeFileSync(path.join(bin, "pulumi"), script.join("\n"), { mode: 0o755 });
  return { PATH: [bin, environment["PATH"]].join(path.delimiter) };
}

describe("a switch under load", () => {
  it("loses nothing, tells how it went, and ends when the old colour's jobs have", async () => {
    const jobs = await longJobs(namespace, "blue", 4, 35);
    const load = new Load({ url, host, clients: 4, plan, repeat: true, limitMs: 280_000 });
    const { code, value, stderr } = await act(stack, ["switch"]);
    const finished = (await Promise.all(jobs)).map(({ status, color }) => ({ status, color }));
    const exchanges = await load.stop();

    expect(code).toBe(0);
    expect(value).toMatchObject({
      ...{ service: "facefusion", from: "blue", to: "green", measuredBy: "answers" },
      ...{ jobsAtSwitch: 4, jobsLeft: 0, bake: null, interrupted: false },
      traffic: { green: { errors: 0 }, blue: { errors: 0 } },
    });
    expect(stderr).toContain("update  Ingress  facefusion-route-ingress");
    expect(stderr).not.toContain("Besides the switch");
    expect(finished).toEqual(Array.from({ length: 4 }, () => ({ status: 200, color: "blue" })));
    expect(failures(exchanges)).toEqual({});
    expect(stale(exchanges, "green")).toEqual([]);
    expect(new Set(exchanges.map(({ color }) => color))).toEqual(new Set(["blue", "green"]));
    expect(configured(stack, "liveColor")).toBe("green");
  });

  it("is told to whoever listens, and one who does not answer costs a line without the address", async () => {
    listener.bodies.length = 0;
    const { code, stderr } = await act(stack, ["switch", "blue"]);
    expect(code).toBe(0);
    expect(listener.bodies).toMatchObject([{ kind: "switch", from: "green", to: "blue", skipVerification: null }]);
    expect(listener.bodies[0]?.text).toContain("blue is live with localhost/facefusion:v1.0.0, instead of green.");
    expect(stderr).toContain("notifications.slack cannot be reached (ECONNREFUSED)");
    expect(stderr).not.toContain("SECRET");
  });

  it("is nothing where users are there already", async () => {
    const before = await routeVersion();
    expect(await act(stack, ["switch", "blue"])).toMatchObject({ code: 0, value: { changed: false } });
    expect(await routeVersion()).toBe(before);
  });

  it("is refused where the colour has another image than the one that was agreed to", async () => {
    const before = await routeVersion();
    const { code, value } = await act(stack, ["switch", "--image", "localhost/facefusion:v9.9.9"]);
    expect(code).toBe(3);
    expect(JSON.stringify(value)).toContain(
      "green has localhost/facefusion:v2.0.0, and not localhost/facefusion:v9.9.9",
    );
    expect(await routeVersion()).toBe(before);
    expect(configured(stack, "liveColor")).toBe("blue");
  });
});

describe("a switch is refused", () => {
  const refused = async (words: string) => {
    const before = await routeVersion();
    const { code, value } = await act(stack, ["switch"]);
    expect(JSON.stringify(value)).toContain(words);
    expect(code).toBe(3);
    expect(await routeVersion()).toBe(before);
    expect(configured(stack, "liveColor")).toBe("blue");
  };

  it("to a version that is configured and not deployed", async () => {
    stack.set("services.facefusion.green.env.REVISION", "not-deployed");
    await refused("liveColor says green, and the Pods of green would change under its users");
    stack.unset("services.facefusion.green.env.REVISION");
  });

  it("to a version that would have to be verified first", async () => {
    stack.set("services.facefusion.verification.timeoutSeconds", "61");
    await refused("facefusion: green has changed since it was verified. It does not go live.");
    stack.set("services.facefusion.verification.timeoutSeconds", "60");
  });

  it("to a version whose verification is not there", async () => {
    await kubectl(namespace, "delete", "job", "--selector=color=green");
    await refused("facefusion: green has never been verified. It does not go live.");
    await stack.up();
  });

  it("to a colour that is not whole", async () => {
    await kubectl(namespace, "set", "image", "deployment/facefusion-green", "inference=localhost/facefusion:v9.9.9");
    await refused("green has 0 of 1 Pods of localhost/facefusion:v9.9.9 ready");
    await stack.up();
  });

  it("unless the configuration says, with a reason, that this image may: everybody is told", async () => {
    listener.bodies.length = 0;
    stack.set("services.facefusion.skipVerification.image", "localhost/facefusion:v2.0.0");
    stack.set("services.facefusion.skipVerification.reason", "the fix for the outage of this morning");
    // Deployed and not verified; a colour does not change in the same update in which it goes live.
    await stack.up();
    const { code, value, stderr } = await act(stack, ["switch"]);
    expect(code).toBe(0);
    expect(value).toMatchObject({ to: "green", skipVerification: "the fix for the outage of this morning" });
    expect(stderr).toContain("UNVERIFIED, because: the fix for the outage of this morning");
    expect(listener.bodies.at(0)?.text).toContain("UNVERIFIED: the fix for the outage of this morning");
    stack.unset("services.facefusion.skipVerification");
    await stack.up();
    await act(stack, ["switch", "blue"]);
    expect(await liveColor()).toBe("blue");
  });

  it("where it would move another service's users, too", async () => {
    const before = configured(stack, "liveColor");
    for (const [key, value] of Object.entries({
      host: "other.localhost",
      "blue.image": "localhost/facefusion:v1.0.0",
      "green.image": "localhost/facefusion:v2.0.0",
      "green.models": "v2",
      "verification.image": "localhost/facefusion-verification:v1.0.0",
    }))
      stack.set(`services.other.${key}`, value);
    const { code, value } = await act(stack, ["switch", "--service", "facefusion"]);
    stack.unset("services.other");
    expect(JSON.stringify(value)).toContain("This would change the traffic: create other-route-ingress.");
    expect(code).toBe(3);
    expect(configured(stack, "liveColor")).toBe(before);
  });

  it("by an engine that ends without a word about any resource, and the configuration is again what it was", async () => {
    const file = path.join(stack.directory, "Pulumi.local.yaml");
    const before = readFileSync(file, "utf8");
    const { code, value } = await act(stack, ["switch"], withoutUpdates(stack));
    expect(JSON.stringify(value)).toContain("the session has expired");
    expect(JSON.stringify(value)).toContain("Users are still on blue, and the configuration says so again.");
    expect(code).toBe(1);
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  it("by the engine itself, and the configuration is again what it was, to the letter", async () => {
    const file = path.join(stack.directory, "Pulumi.local.yaml");
    const before = readFileSync(file, "utf8");
    lockAsSomebody(stack);
    const { code, value } = await act(stack, ["switch", "--wait", "0s"]);
    await stack.pulumi(["cancel", "--yes"]);
    expect(JSON.stringify(value)).toContain("Users are still on blue, and the configuration says so again.");
    expect(code).toBe(1);
    expect(readFileSync(file, "utf8")).toBe(before);
  });
});

describe("two updates at once", () => {
  it("both work, one after the other, and it is said who is waited for", async () => {
    stack.set("services.facefusion.green.env.REVISION", "slow-to-come");
    const other = await updateUntil(stack, /facefusion-green-deployment updating/);
    const [{ code, stderr }] = await Promise.all([act(stack, ["scale", "peak"]), other.holdUp(20_000)]);
    expect(stderr).toMatch(/Another update of this stack is under way: \S+'s \(process \d+, since/);
    expect(code).toBe(0);
    await other.ended;
  });

  it("fail with words where the other takes too long", async () => {
    lockAsSomebody(stack);
    const { code, value } = await act(stack, ["scale", "peak", "--wait", "0s"]);
    expect(JSON.stringify(value)).toContain("has not ended within 0 s");
    expect(JSON.stringify(value)).toContain("Only where it runs no more: pulumi cancel");
    expect(code).toBe(1);
    await stack.pulumi(["cancel", "--yes"]);
  });
});
