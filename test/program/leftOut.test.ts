import type { Stack } from "@pulumi/pulumi/automation";
import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { exitCodes } from "../../release/errors";
import { nameOf, preview } from "../../release/operations/engine";
import { readRecord } from "../../release/operations/record";
import { byEngine } from "../../release/operations/rollbackEngine";
import { failureOf, TestStack } from "../support/engine";
import { fixtureProject, stackAt } from "../support/policies";

let stack: Stack;

async function deploy(): Promise<void> {
  stack = await stackAt(fixtureProject("left-out", "leftOut"), "prod");
  await stack.up({ color: "never" });
}

const set = (key: string, value: string) => stack.setConfig(`facefusion:${key}`, { value });
/** What the next update does. The fixture's route is drawn anew where an Ingress is changed: its predecessor goes then. */
const pending = async () =>
  (await preview(stack, {}))
    .filter(({ name }) => name !== "facefusion-route-ingress")
    .map(({ op, name }) => `${op} ${name}`)
    .sort();
const deployed = async () => (await readRecord(stack)).resources.map(({ urn }) => nameOf(urn));

describe("a controller that is configured and not deployed", () => {
  beforeEach(async () => {
    await deploy();
    await set("certManager", "true");
  });

  it("stops a release at its preview: the services would depend on what is not there", async () => {
    expect(await failureOf(preview(stack, {}))).toMatchObject({
      message: expect.stringContaining("configured and not deployed: controllers-cert-manager.") as string,
      exitCode: exitCodes.refused,
    });
  });

  it("is no obstacle to a rollback, nor to the updates after it", async () => {
    await rollBack();
    expect(await deployed()).toContain("controllers-cert-manager");
    expect(await pending()).toEqual([]);
  });
});

describe("a change to the colour that is left", () => {
  beforeEach(async () => {
    await deploy();
    await set("green", "v2");
  });

  it("is left out of a rollback, and made by the next update", async () => {
    await rollBack();
    expect(await deployed()).toContain("facefusion-green-config-v1");
    expect(await pending()).toEqual(["create facefusion-green-config-v2", "delete facefusion-green-config-v1"]);
  });
});

describe("what is configured and not deployed of anything else", () => {
  it.each([
    ["nodes", "gpu-blue-nodes"],
    ["motion", "motion-blue-deployment"],
  ])("is left alone by a rollback: %s", async (key, name) => {
    await deploy();
    await set(key, "v2");
    await rollBack();
    expect(await pending()).toEqual([`replace ${name}`]);
  });
});

const planSchema = z.object({
  steps: z.array(
    z.object({ urn: z.string(), newState: z.object({ dependencies: z.array(z.string()).optional() }).optional() }),
  ),
});

describe("the plan of dev", () => {
  it("has nothing depend on the colour that a rollback leaves out, but for the preview on its Service", async () => {
    const dev = await TestStack.open("left-out-dev", "dev");
    const { stdout } = await dev.pulumi(["preview", "--json"]);
    const isGreen = (urn: string) => nameOf(urn).startsWith("facefusion-green-");
    const dependents = planSchema
      .parse(JSON.parse(stdout))
      .steps.filter(({ urn }) => !isGreen(urn))
      .flatMap(({ urn, newState }) =>
        (newState?.dependencies ?? []).filter(isGreen).map((on) => `${nameOf(urn)} on ${nameOf(on)}`),
      );
    expect(dependents).toEqual(["facefusion-preview-ingress on facefusion-green-service"]);
  });
});

/** By the engine, as the release command does it. */
async function rollBack(): Promise<void> {
  await set("liveColor", "green");
  let moved = false;
  const { done, ended } = byEngine(stack, {
    service: "facefusion",
    to: "blue",
    configure: () => undefined,
    onMoved: () => (moved = true),
    limitMs: 60_000,
  });
  await done;
  await ended;
  expect(moved).toBe(true);
}
