/**
 * The control groups of the machine's containers. The kernel keeps them when their processes are gone, until somebody
 * removes them; containerd does for containers that end, but not when it is ended itself.
 */
import { existsSync, readdirSync, rmdirSync } from "node:fs";
import * as path from "node:path";
import { at, type Layout } from "../layout";
import { until } from "../wait";

/** The mount of the control groups; below it one hierarchy (version 2), or one for each controller (version 1). */
const mount = "/sys/fs/cgroup";

/** The group in which containerd puts the containers of Kubernetes, each under its id. */
const parent = "k8s.io";

/** Removes the groups of the containers that the nodes' container runtimes know. Their processes must be gone. */
export async function removeControlGroups(layout: Layout): Promise<void> {
  const ids = containerIds(layout);
  for (const hierarchy of [mount, ...subdirectories(mount)]) {
    for (const id of ids) await removeTree(path.join(hierarchy, parent, id));
    const common = path.join(hierarchy, parent);
    if (existsSync(common) && subdirectories(common).length === 0) await removeTree(common);
  }
}

function containerIds(layout: Layout): string[] {
  return subdirectories(at(layout, "nodes")).flatMap((node) =>
    subdirectories(path.join(node, "containerd", "io.containerd.runtime.v2.task", parent)).map((task) =>
      path.basename(task),
    ),
  );
}

async function removeTree(group: string): Promise<void> {
  if (!existsSync(group)) return;
  for (const child of subdirectories(group)) await removeTree(child);
  // A process that has just been killed keeps its group for a moment.
  await until(`the control group ${group} to be empty`, () => removed(group), { everyMs: 50 });
}

function removed(group: string): boolean {
  rmdirSync(group);
  return true;
}

function subdirectories(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(directory, entry.name));
}
