import { expect, it } from "vitest";
import { nodesStay } from "../../../components/nodesStay";
import { objectionOf } from "../../support/hooks";
import { record } from "../../support/mocks";

const group = {
  launchTemplate: { id: "lt-0a", version: "1" },
  releaseVersion: "1.35.2-20260917",
  labels: { color: "blue" },
};

async function objection(change: object): Promise<string | undefined> {
  const { made } = await record(() => nodesStay("gpu-blue"));
  return objectionOf(made, { oldInputs: group, newInputs: { ...group, ...change } });
}

it.each([
  ["launchTemplate.version", { launchTemplate: { id: "lt-0a", version: "2" } }],
  ["releaseVersion", { releaseVersion: "1.35.3-20261101" }],
  ["version", { version: "1.36" }],
])("nodes that users are on are not replaced by another %s", async (key, change) => {
  expect(await objection(change)).toContain(
    `gpu-blue: users are on these nodes, and a change of ${key} would replace them.`,
  );
});

it("nodes that users are on may get what does not replace them", async () => {
  expect(await objection({ labels: { color: "blue", team: "vision" } })).toBeUndefined();
});
