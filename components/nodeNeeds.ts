/** How many GPU nodes a colour needs for its Pods, at peak and off-peak. */
import { replicasFor, type CapacityArgs } from "./capacity";
import type { Color } from "./colors";

/** A service, as far as its nodes are concerned. */
export interface Workload {
  liveColor: Color;
  gpusPerPod: number;
  capacity: Omit<CapacityArgs, "mode">;
}

/** Pods that are alike. */
export interface PodsOfASize {
  count: number;
  /** GPUs of one. */
  gpus: number;
}

/** The Pods of a colour, those of all services that share its nodes. */
export function podsOn(workloads: readonly Workload[], color: Color, mode: CapacityArgs["mode"]): PodsOfASize[] {
  return workloads.map(({ liveColor, gpusPerPod, capacity }) => ({
    count: replicasFor({ ...capacity, mode }, color === liveColor),
    gpus: gpusPerPod,
  }));
}

/**
 * So many nodes hold these Pods in whatever order they come; fewer might not.
 *
 * A Pod's GPUs are all on one node, and Kubernetes moves no Pod to make room for another. A Pod finds no place on a node
 * on which fewer GPUs are free than it wants. So the others can keep it off so many nodes as they can fill that far, and
 * one Pod fills one node at most.
 *
 * @throws Error where a Pod fits on no node.
 */
export function nodesNeeded(pods: readonly PodsOfASize[], gpusPerNode: number): number {
  const some = pods.filter(({ count }) => count > 0);
  const needs = some.map(({ gpus }) => {
    if (gpus > gpusPerNode) throw new Error(`a Pod with ${gpus} GPUs fits on no node, which has ${gpusPerNode}`);
    const keepsOneOff = gpusPerNode - gpus + 1;
    const part = (size: number) => Math.min(size, keepsOneOff);
    const others = some.reduce((sum, each) => sum + each.count * part(each.gpus), -part(gpus));
    return Math.floor(others / keepsOneOff) + 1;
  });
  return Math.max(0, ...needs);
}

/** The sizes of an Auto Scaling group. */
export interface GroupSizes {
  minSize: number;
  desiredSize: number | "unchanged";
  maxSize: number;
}

/**
 * The sizes of a colour's group at the two times of the day.
 *
 * @param group The sizes that are configured: `minSize` is held at peak, `maxSize` always, so that a release at night, or
 * a peak that nobody foresaw, finds nodes.
 */
export function scheduledSizes(
  workloads: readonly Workload[],
  color: Color,
  gpusPerNode: number,
  { minSize, maxSize }: { minSize: number; maxSize: number },
): { peak: GroupSizes; offPeak: GroupSizes } {
  const needed = (mode: CapacityArgs["mode"]) =>
    Math.min(nodesNeeded(podsOn(workloads, color, mode), gpusPerNode), maxSize);
  const peak = Math.max(needed("peak"), minSize);
  const offPeak = needed("offPeak");
  const isLive = workloads.some(({ liveColor }) => liveColor === color);
  return {
    // The floor rises, and lifts the group to it. A number of nodes would also end those above it, that a release at that
    // hour has started.
    peak: { minSize: peak, desiredSize: "unchanged", maxSize },
    // Where users are, the floor sinks and nothing is pushed: a lower number here would end some node, whoever is on it,
    // 15 minutes later at the latest. The autoscaler takes a node once its GPUs are free.
    offPeak: { minSize: offPeak, desiredSize: isLive ? "unchanged" : offPeak, maxSize },
  };
}
