/** The order in which vitest takes the files. */
import { statSync } from "node:fs";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * What starts a sandbox waits for minutes: it goes first, beside all that keeps the processors busy.
 *
 * On the cluster, a file that keeps the processors busy beside one that mostly waits: large files are of the first kind,
 * small ones of the second. From those of middle size outwards, so that the end is one of the busy ones'.
 */
export class BusyBesideWaiting extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const large = sorted.filter(onCluster).sort((a, b) => sizeOf(b) - sizeOf(a));
    const inTurn = large.map((_, index) => large.at(index % 2 === 0 ? index / 2 : -(index + 1) / 2));
    const ordered = sorted.map((file) => (onCluster(file) ? (inTurn.pop() ?? file) : file));
    return [...ordered.filter(startsSandbox), ...ordered.filter((file) => !startsSandbox(file))];
  }
}

function onCluster({ project }: TestSpecification): boolean {
  return project.name === "cluster";
}

function startsSandbox({ project }: TestSpecification): boolean {
  return project.name === "sandbox";
}

function sizeOf({ moduleId }: TestSpecification): number {
  return statSync(moduleId).size;
}
