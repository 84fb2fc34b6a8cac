/** The cluster of the tests: what a sandbox has, and the images that only tests need. */
import { bringUp } from "../../sandbox/sandbox";
import { buildApprovalImage } from "../images/approval";
import { buildFaultyImage } from "../images/faulty";
import { layout } from "./engine";

export function bringUpTestCluster(): Promise<void> {
  return bringUp(layout, [buildApprovalImage, buildFaultyImage]);
}
