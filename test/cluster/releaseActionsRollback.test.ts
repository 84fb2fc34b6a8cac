import { mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../../sandbox/wait";
import { readyPods } from "../support/cluster";
import type { TestStack } from "../support/engine";
import { act, configured, kubectl, lockAsSomebody, openStack, updateUntil } from "../support/releaseActions";
import { ask } from "../support/service";

const namespace = "act-rollback";
const host = `${namespace}.localhost`;
let stack: TestStack;

beforeAll(async () => {
  stack = await openStack(namespace, { replicas: 1 });
});

afterAll(() => stack.destroy());

const liveColor = async () => (await ask(host, "/v1/info")).color;

/** Green is live, by the engine, and everything agrees. */
async function greenIsLive(): Promise<void> {
  stack.set("liveColor", "green");
  await stack.up();
  expect(await liveColor()).toBe("green");
}

/** Users are on blue, in less than half a minute, and the next update finds nothing to move. */
async function backOnBlue(how: "engine" | "direct", env: Record<string, string> = {}, args: string[] = []) {
  const acted = await act(stack, ["rollback", ...args], env);
  expect(acted).toMatchObject({ code: 0, value: { from: "green", to: "blue", how } });
  expect(acted.seconds).toBeLessThan(30);
  await until("blue to answer", async () => (await liveColor()) === "blue", { timeoutMs: 5_000 });
  expect(configured(stack, "liveColor")).toBe("blue");
  return acted;
}

/** What an update would do to the route; nothing, where the configuration says what the route says. */
async function routeStays(): Promise<void> {
  const { changes } = await stack.preview();
  expect(Object.keys(changes)).not.toContain("facefusion-route-ingress");
}

describe("a rollback", () => {
  it("leads back in seconds by the engine, and doing it twice is doing it once", async () => {
    await greenIsLive();
    const { value } = await backOnBlue("engine");
    expect(value).toMatchObject({
      image: "localhost/facefusion:v1.0.0",
      answeredAfterSeconds: expect.any(Number) as number,
    });
    expect(await act(stack, ["rollback"])).toMatchObject({ code: 0, value: { how: "none", to: "blue" } });
    expect(await liveColor()).toBe("blue");
    await routeStays();
  });

  it("says so where the colour to go back to was changed by hand since it was verified", async () => {
    const cpu = { op: "replace", path: "/spec/template/spec/containers/0/resources/requests/cpu", value: "40m" };
    await greenIsLive();
    await kubectl(
      namespace,
      "patch",
      "deployment",
      "facefusion-blue",
      "--type=json",
      `--patch=${JSON.stringify([cpu])}`,
    );
    await kubectl(namespace, "rollout", "status", "deployment", "facefusion-blue", "--timeout=60s");
    const { value } = await backOnBlue("engine");
    expect(JSON.stringify(value)).toContain("as they are, nothing has verified them");
    await kubectl(namespace, "rollout", "undo", "deployment", "facefusion-blue");
    await kubectl(namespace, "rollout", "status", "deployment", "facefusion-blue", "--timeout=60s");
  });

  it("works when all Pods of the new colour are gone", async () => {
    await greenIsLive();
    await kubectl(namespace, "scale", "deployment", "facefusion-green", "--replicas=0");
    await until("no Pod to be ready", async () => (await readyPods(namespace, "green")).length === 0);
    await backOnBlue("engine");
    await routeStays();
  });

  it("works when the new colour's Deployment is deleted", async () => {
    await greenIsLive();
    await kubectl(namespace, "delete", "deployment", "facefusion-green");
    await backOnBlue("engine");
  });

  it("works when a verification that is needed cannot succeed", async () => {
    await greenIsLive();
    stack.set("services.facefusion.verification.image", "localhost/approval:not-there");
    await backOnBlue("direct");
    stack.set("services.facefusion.verification.image", "localhost/approval:v1");
    await stack.up();
  });

  it("works when the configuration has another version for the colour to go back to", async () => {
    await greenIsLive();
    stack.set("services.facefusion.blue.image", "localhost/facefusion:v2.0.0");
    stack.set("liveColor", "blue");
    const { value } = await backOnBlue("direct");
    // What runs is what was live before, whatever the configuration says.
    expect(value).toMatchObject({ image: "localhost/facefusion:v1.0.0" });
    expect((await ask(host, "/v1/info")).version).toBe("v1.0.0");
    stack.set("services.facefusion.blue.image", "localhost/facefusion:v1.0.0");
  });

  it("works after an engine was killed half way, whose lock is still there", async () => {
    await greenIsLive();
    stack.set("services.facefusion.blue.env.REVISION", "half");
    await (await updateUntil(stack, /facefusion-blue-deployment updating/)).kill();
    const { value } = await backOnBlue("direct");
    expect(JSON.stringify(value)).toContain("pulumi cancel");
    await stack.pulumi(["cancel", "--yes"]);
    stack.unset("services.facefusion.blue.env.REVISION");
  });

  it("works after an engine was killed half way, with its work still pending in the state", async () => {
    await until("blue to be whole", async () => (await readyPods(namespace, "blue")).length === 1);
    await stack.pulumi(["refresh", "--yes", "--skip-preview", "--clear-pending-creates"]);
    stack.set("liveColor", "green");
    await stack.pulumi(["up", "--yes", "--skip-preview"], { PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true" });
    const replaced = ["--replace", "**::facefusion-blue-disruption-budget"];
    await (await updateUntil(stack, /facefusion-blue-disruption-budget (creat|delet)ing/, replaced)).kill();
    await stack.pulumi(["cancel", "--yes"]);
    await backOnBlue("engine");
    await stack.pulumi(["refresh", "--yes", "--skip-preview", "--clear-pending-creates"]);
    await stack.pulumi(["up", "--yes", "--skip-preview"], { PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true" });
  });

  it("works when the route was patched by hand, which the engine does not know", async () => {
    await stack.up();
    const path = "/spec/rules/0/http/paths/0/backend/service/name";
    const patch = JSON.stringify([{ op: "replace", path, value: "facefusion-green" }]);
    await kubectl(namespace, "patch", "ingress", "facefusion-ingress", "--type=json", `--patch=${patch}`);
    await until("green to answer", async () => (await liveColor()) === "green");
    await backOnBlue("engine");
    await routeStays();
  });

  it("works when the engine cannot reach its state, and leaves the rest to the next update", async () => {
    await greenIsLive();
    const { value } = await backOnBlue("direct", { PULUMI_BACKEND_URL: "file:///nowhere/at/all" });
    expect(JSON.stringify(value)).toContain("The engine cannot be used");
    await routeStays();
    expect((await stack.up()).changes).not.toHaveProperty("facefusion-route-ingress");
  });

  it("works when there is no engine, and the configuration is not even accepted", async () => {
    await greenIsLive();
    stack.set("services.facefusion.replicas", "many");
    const bin = path.join(stack.directory, "bin");
    mkdirSync(bin, { recursive: true });
    for (const name of ["ps", "node"])
      symlinkSync(name === "node" ? process.execPath : "/bin/ps", path.join(bin, name));
    await backOnBlue("direct", { PATH: bin });
    stack.set("services.facefusion.replicas", "1");
    await routeStays();
  });

  it("leads to the older version where an update has stopped before the route", async () => {
    stack.set("liveColor", "green");
    const acted = await act(stack, ["rollback"]);
    expect(acted).toMatchObject({ code: 0, value: { how: "none", to: "blue" } });
    expect(configured(stack, "liveColor")).toBe("blue");
    expect(await liveColor()).toBe("blue");
  });

  it("is refused where nobody is there to go back to, with what helps", async () => {
    await greenIsLive();
    await kubectl(namespace, "scale", "deployment", "facefusion-blue", "--replicas=0");
    await until("no Pod to be ready", async () => (await readyPods(namespace, "blue")).length === 0);
    const { code, value } = await act(stack, ["rollback"]);
    expect(code).toBe(3);
    expect(JSON.stringify(value)).toContain("blue has no ready Pod to go back to");
    expect(JSON.stringify(value)).toContain("scale deployment facefusion-blue --replicas=1");
    expect(await liveColor()).toBe("green");
    await kubectl(namespace, "scale", "deployment", "facefusion-blue", "--replicas=1");
  });

  it("leaves no engine behind, and one that is locked out takes nobody's lock", async () => {
    await until("blue to be back", async () => (await readyPods(namespace, "blue")).length === 1);
    lockAsSomebody(stack);
    const { value } = await backOnBlue("direct");
    expect(JSON.stringify(value)).toContain(`somebody@${os.hostname()}'s (process ${process.pid}`);
    await stack.pulumi(["cancel", "--yes"]);
    expect(engines()).toEqual([]);
  });
});

/** Engines that still run in this test's project. */
function engines(): number[] {
  return readdirSync("/proc").flatMap((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/comm`, "utf8").trim();
      return command === "pulumi" && readlinkSync(`/proc/${pid}/cwd`) === stack.directory ? [Number(pid)] : [];
    } catch {
      return [];
    }
  });
}
