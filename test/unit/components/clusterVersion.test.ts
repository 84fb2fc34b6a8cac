import { expect, it } from "vitest";
import { neverBack } from "../../../components/clusterVersion";
import { objectionOf } from "../../support/hooks";
import { record } from "../../support/mocks";

async function objection(runs: string, asked: string | undefined): Promise<string | undefined> {
  const { made } = await record(() => neverBack("eks"));
  return objectionOf(made, { oldOutputs: { version: runs }, newInputs: { version: asked } });
}

it("a cluster that AWS has taken to a later version is not taken back", async () => {
  expect(await objection("1.36", "1.35")).toBe(
    "cluster.version: the cluster runs 1.36 by now, and 1.35 is asked for; accepted: 1.36 or later",
  );
});

it.each(["1.36", "1.37", undefined])("a cluster on 1.36 may be asked for %s", async (asked) => {
  expect(await objection("1.36", asked)).toBeUndefined();
});
