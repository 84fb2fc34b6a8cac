import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../../sandbox/wait";
import type { TestStack } from "../support/engine";
import { Load } from "../support/load";
import { act, configured, openStack } from "../support/releaseActions";
import { ask, url } from "../support/service";
import { webhook, type Webhook } from "../support/webhook";

const namespace = "act-bake";
const host = `${namespace}.localhost`;
// Not a picture: the service has to read it and to answer. The faulty one answers 500 to whatever it gets.
const plan = {
  method: "POST" as const,
  path: "/v1/swap",
  headers: { "content-type": "multipart/form-data; boundary=x" },
  body: "--x--\r\n",
};
const faulty = "localhost/facefusion-faulty:v1.0.0";
let stack: TestStack;
let hook: Webhook;

beforeAll(async () => {
  hook = await webhook();
  stack = await openStack(namespace, { replicas: 1 }, { "facefusion:notifications": { webhook: hook.url } });
});

afterAll(async () => {
  hook.close();
  await stack.destroy();
});

const liveColor = async () => (await ask(host, "/v1/info")).color;

async function underLoad<T>(happening: () => Promise<T>): Promise<T> {
  const load = new Load({ url, host, clients: 2, plan, repeat: true, limitMs: 280_000 });
  try {
    return await happening();
  } finally {
    await load.stop();
  }
}

describe("a colour on trial", () => {
  it("stays live where it does as well as the other did", async () => {
    const { code, value } = await underLoad(() => act(stack, ["switch", "green", "--bake", "10s"]));
    expect(value).toMatchObject({ to: "green", bake: { verdict: "good" }, rollback: null });
    expect(code).toBe(0);
    expect(await liveColor()).toBe("green");
  });

  it("cannot be judged without traffic, and stays live", async () => {
    const { code, value } = await act(stack, ["switch", "blue", "--bake", "5s"]);
    expect(value).toMatchObject({ bake: { verdict: "unknown" } });
    expect(JSON.stringify(value)).toContain("too little traffic to tell");
    expect(code).toBe(0);
    expect(await liveColor()).toBe("blue");
  });

  it("stays live where its watch is interrupted, and that is said", async () => {
    const { code, value } = await act(stack, ["switch", "green", "--bake", "10m"], {}, /on trial for/);
    expect(value).toMatchObject({ interrupted: true, rollback: null });
    expect(code).toBe(1);
    expect(await liveColor()).toBe("green");
    await act(stack, ["switch", "blue"]);
  });

  it("that somebody takes users away from meanwhile has not stayed live, and the configuration says so", async () => {
    const [{ code, value }] = await Promise.all([
      act(stack, ["switch", "green", "--bake", "40s"]),
      until("green to be live", async () => (await liveColor()) === "green").then(() => act(stack, ["rollback"])),
    ]);
    expect(JSON.stringify(value)).toContain("users are on blue again: somebody took them back meanwhile");
    expect(code).toBe(1);
    expect(await liveColor()).toBe("blue");
    expect(configured(stack, "liveColor")).toBe("blue");
  });

  it("that answers 500 to users is rolled back by itself, and it is said why", async () => {
    expect(await act(stack, ["deploy", faulty, "--env", "FAULT=status500"])).toMatchObject({ code: 0 });
    hook.bodies.length = 0;
    const { code, value } = await underLoad(() => act(stack, ["switch", "--bake", "10m"]));
    expect(value).toMatchObject({
      ...{ from: "blue", to: "green" },
      bake: { verdict: "worse" },
      rollback: { from: "green", to: "blue", image: "localhost/facefusion:v1.0.0" },
    });
    expect(JSON.stringify(value)).toMatch(/\d+ of \d+ requests failed \(\d+(\.\d)? %\), at most .* is accepted/);
    expect(code).toBe(4);
    expect(hook.bodies.at(-1)).toMatchObject({ kind: "bake", color: "green", image: faulty, rolledBack: true });
    expect(await liveColor()).toBe("blue");
    expect(configured(stack, "liveColor")).toBe("blue");
  });
});
