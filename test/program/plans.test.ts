import { beforeAll, describe, expect, it } from "vitest";
import { failureOf, OperationFailed, TestStack, type Outcome } from "../support/engine";

/** How many resources of each kind a plan makes, for those that a reader of the plan looks for. */
function made({ changes }: Outcome, pattern: RegExp): string[] {
  return Object.entries(changes)
    .filter(([name, op]) => op === "create" && pattern.test(name))
    .map(([name]) => name)
    .sort();
}

describe.each(["dev", "prod"] as const)("the plan of %s, with no credentials", (name) => {
  let plan: Outcome;
  let again: Outcome;

  beforeAll(async () => {
    plan = await (await TestStack.open(`plan-${name}`, name)).preview();
    again = await (await TestStack.open(`again-${name}`, name)).preview();
  });

  it("has a pair of GPU node groups and, for each service, a pair of Deployments behind a route", () => {
    const services = name === "dev" ? ["facefusion"] : ["deepfake-detection", "facefusion", "motion-transfer"];
    expect(made(plan, /^gpu-.*-nodes$/)).toEqual(["gpu-blue-nodes", "gpu-green-nodes"]);
    expect(made(plan, /-deployment$/)).toEqual(
      services.flatMap((s) => [`${s}-blue-deployment`, `${s}-green-deployment`]),
    );
    expect(made(plan, /-route-ingress$/)).toEqual(services.map((service) => `${service}-route-ingress`));
    expect(Object.values(plan.changes).every((op) => op === "create")).toBe(true);
  });

  it("says what machines cost whom, and what is in the cluster, although there is none yet", () => {
    expect(plan.inputs["gpu-blue-template"]).toHaveProperty(["tagSpecifications", 0, "tags"], {
      project: "facefusion",
      stack: name,
      "facefusion:color": "blue",
    });
    expect(plan.inputs[`images-${name === "dev" ? "dev/" : ""}facefusion-repository`]).toHaveProperty("tags", {
      "facefusion:service": "facefusion",
    });
    expect(plan.inputs["facefusion-blue-deployment"]).toHaveProperty(["metadata", "namespace"], "facefusion");
  });

  it("is the same from run to run to the last input, in another folder with a state of its own", () => {
    expect(again.changes).toEqual(plan.changes);
    expect(again.inputs).toEqual(plan.inputs);
  });
});

describe("a configuration with faults", () => {
  it("stops the engine before anything is registered, with every fault in one message", async () => {
    const stack = await TestStack.open("faults", "dev", (config) => ({
      ...config,
      "facefusion:liveColor": "red",
      "facefusion:capcity": "peak",
    }));
    const failure = await failureOf(stack.preview());
    expect(failure).toBeInstanceOf(OperationFailed);
    const { message } = failure as OperationFailed;
    expect(message).toContain('facefusion:liveColor: "red" is not accepted; accepted: blue or green');
    expect(message).toContain("facefusion:capcity: unknown key (did you mean capacity?)");
    expect(message).not.toContain("kubernetes:");
    expect(message).not.toMatch(/^\s+at /m);
  });
});
