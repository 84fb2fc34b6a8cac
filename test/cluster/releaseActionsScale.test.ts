import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../../sandbox/wait";
import { readyPods } from "../support/cluster";
import type { TestStack } from "../support/engine";
import { act, configured, jobsAtWork, longJobs, openStack } from "../support/releaseActions";
import { ask } from "../support/service";

const namespace = "act-scale";
const host = `${namespace}.localhost`;
let stack: TestStack;

beforeAll(async () => {
  stack = await openStack(namespace, { replicas: 2, standbyReplicas: 1 });
});

afterAll(() => stack.destroy());

/** The Pods of a colour that stay. */
const names = async (color: string) =>
  (await readyPods(namespace, color)).flatMap(({ metadata }) =>
    metadata?.deletionTimestamp === undefined ? (metadata?.name ?? []) : [],
  );

describe("a scale-down", () => {
  it("lets a long job finish on the old colour after a switch, and keeps the live one as it is", async () => {
    const [job] = await longJobs(namespace, "blue", 1, 40);
    // Watched for a moment only: the point is that the job goes on.
    const switched = await act(stack, ["switch"], {}, /Watch blue finish/);
    expect(switched).toMatchObject({ value: { to: "green", jobsLeft: 1, interrupted: true } });
    const live = await names("green");
    const { code, value, stderr } = await act(stack, ["scale", "offPeak"]);
    const answer = await job;
    expect(answer).toMatchObject({ status: 200, color: "blue" });
    expect(stderr).toContain("facefusion: 1 job to finish");
    expect(value).toMatchObject({
      capacity: "offPeak",
      services: [{ service: "facefusion", live: "green", ready: { live: 2, idle: 1 }, jobsLeft: 0, notes: [] }],
    });
    expect(code).toBe(0);
    expect(configured(stack, "capacity")).toBe("offPeak");
    expect((await names("green")).toSorted()).toEqual(live.toSorted());
    expect(await ask(host, "/v1/info")).toMatchObject({ status: 200, color: "green" });
  });

  it("is followed by a rollback that serves at once with what there is, and grows meanwhile", async () => {
    const { code, value, seconds } = await act(stack, ["rollback"]);
    expect(value).toMatchObject({ from: "green", to: "blue", how: "direct", ready: 1 });
    expect(JSON.stringify(value)).toContain("blue has 1 of 2 Pods ready: it answers with what it has, and grows to 2");
    expect(code).toBe(0);
    expect(seconds).toBeLessThan(30);
    await until("blue to answer", async () => (await ask(host, "/v1/info")).color === "blue", { timeoutMs: 5_000 });
    await until("blue to have grown", async () => (await names("blue")).length === 2);
    // What was done past the engine is what the next update would do.
    const { changes } = await stack.up();
    expect(changes).not.toHaveProperty("facefusion-route-ingress");
    expect(await names("green")).toHaveLength(1);
  });

  it("by the engine alone lets a Pod with work finish it, though the Pod is told to stop", async () => {
    expect(await act(stack, ["scale", "peak"])).toMatchObject({ code: 0 });
    const [job] = await longJobs(namespace, "blue", 1, 40);
    stack.set("liveColor", "green");
    await stack.up();
    stack.set("services.facefusion.standbyReplicas", "0");
    stack.set("capacity", "offPeak");
    await stack.up();
    await until("no Pod of blue to stay", async () => (await names("blue")).length === 0);
    expect(await job).toMatchObject({ status: 200, color: "blue" });
    stack.set("services.facefusion.standbyReplicas", "1");
    stack.set("capacity", "peak");
    await stack.up();
    stack.set("liveColor", "blue");
    await stack.up();
  });

  it("takes the Pods without work first", async () => {
    const peak = await act(stack, ["scale", "peak"]);
    expect(peak).toMatchObject({ code: 0, value: { services: [{ ready: { live: 2, idle: 2 } }] } });
    stack.set("services.facefusion.offPeakReplicas", "1");
    const [job] = await longJobs(namespace, "blue", 1, 40);
    const atWork = [...(await jobsAtWork(namespace, "blue"))].filter(([, jobs]) => jobs > 0).map(([name]) => name);
    const { value } = await act(stack, ["scale", "offPeak"]);
    expect(value).toMatchObject({ services: [{ live: "blue", ready: { live: 1, idle: 1 }, jobsLeft: 0 }] });
    expect(await names("blue")).toEqual(atWork);
    expect(await job).toMatchObject({ status: 200, color: "blue" });
  });
});
