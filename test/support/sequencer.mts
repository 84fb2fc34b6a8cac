/** The order in which vitest takes the files. */
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * On the cluster, a file that keeps the processors busy beside one that mostly waits: the files with many tests are of the
 * first kind, those with few of the second. From the middle of them outwards, so that the end is one of the busy ones'.
 */
export class BusyBesideWaiting extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const onCluster = sorted.filter(({ project }) => project.name === "cluster");
    const inTurn = onCluster.map((_, index) => onCluster.at(index % 2 === 0 ? index / 2 : -(index + 1) / 2));
    const reversed = inTurn.reverse();
    return sorted.map((file) => (file.project.name === "cluster" ? (reversed.shift() ?? file) : file));
  }
}
