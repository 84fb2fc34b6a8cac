/** The project's own stacks keep to its policies. */
import { expect, it } from "vitest";
import { TestStack } from "../support/engine";
import { verdictOn, withoutOutputs } from "../support/policies";

it.each([
  ["dev", "the sandbox's engine", {}],
  ["prod", "the sandbox's engine", {}],
  ["dev", "an engine that plans no outputs", withoutOutputs],
] as const)("no policy has anything against the plan of %s by %s, or cannot tell", async (name, _engine, more) => {
  const stack = await TestStack.open(`policies-${name}`, name, (config) => config, more);
  const verdict = await verdictOn(stack, name);
  expect(verdict).toEqual({ violations: {}, advice: [], passed: true });
});
