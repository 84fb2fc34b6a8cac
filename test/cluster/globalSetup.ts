/** A cluster of the tests' own, beside any sandbox in use; gone when they end, unless KEEP_TEST_CLUSTER is set. */
import { takeDown } from "../../sandbox/sandbox";
import { layout } from "../support/engine";
import { leftovers } from "../support/leftovers";
import { bringUpTestCluster } from "../support/testCluster";

export default async function setup(): Promise<() => Promise<void>> {
  // Not this run's, whatever it is: an earlier one may have been killed.
  const before = leftovers(layout);
  await bringUpTestCluster();
  return async () => {
    if (process.env["KEEP_TEST_CLUSTER"] !== undefined) return;
    await takeDown(layout);
    const left = leftovers(layout).filter((line) => !before.includes(line));
    if (left.length > 0) throw new Error(`the sandbox left behind:\n${left.join("\n")}`);
  };
}
