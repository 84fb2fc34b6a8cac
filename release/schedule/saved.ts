/** GPU-hours that off-peak saves: GPUs that nobody pays for, or needs, times the hours. Pure. */
import { gpuInstanceTypes } from "../../components/gpuInstanceTypes";
import { nodeMarginMinutes } from "../../components/peakHours";
import { monthlyHours, monthlyNodeHours } from "../../cost/hours";
import { nodesInUse } from "../../cost/nodesInUse";
import type { Settings } from "../../settings";
import { podsWhenIdle, podsWhenLive } from "../operations/plan";

export interface Saved {
  /** GPUs that are not there, or not taken, at off-peak. */
  readonly gpus: number;
  /** `nodes`: those of nodes that go; `pods`: those of Pods that go, on nodes which this stack does not have itself. */
  readonly countedBy: "nodes" | "pods";
  /** Hours for which they are away this time; null where no schedule says when that ends. */
  readonly hours: number | null;
  readonly gpuHours: number | null;
  /** Of an average month; null without a schedule. */
  readonly gpuHoursPerMonth: number | null;
}

/** @param hours How long it is off-peak, or has been. Nodes go later than Pods, and come when off-peak ends. */
export function savedIn(settings: Settings, hours: number | undefined): Saved {
  const { gpus, countedBy } = gpusFreed(settings);
  const away = hours === undefined ? null : countedBy === "pods" ? hours : Math.max(0, hours - nodeMarginMinutes / 60);
  const monthly = (countedBy === "pods" ? monthlyHours : monthlyNodeHours)(settings.schedule).offPeak;
  return {
    gpus,
    countedBy,
    hours: away,
    gpuHours: away === null ? null : gpus * away,
    gpuHoursPerMonth: settings.schedule === undefined ? null : gpus * monthly,
  };
}

function gpusFreed(settings: Settings): Pick<Saved, "gpus" | "countedBy"> {
  const nodes = nodesInUse(settings);
  if (nodes.length > 0) {
    const freed = nodes.map(({ instanceType, peakNodes, offPeakNodes }) => {
      return (peakNodes - offPeakNodes) * (gpuInstanceTypes[instanceType]?.gpus ?? 1);
    });
    return { gpus: sum(freed), countedBy: "nodes" };
  }
  const at = (capacity: Settings["capacity"]) => ({ ...settings, capacity });
  const freed = Object.values(settings.services).map((service) => {
    const pods = (capacity: Settings["capacity"]) =>
      podsWhenLive(at(capacity), service) + podsWhenIdle(at(capacity), service);
    return (pods("peak") - pods("offPeak")) * service.gpusPerPod;
  });
  return { gpus: sum(freed), countedBy: "pods" };
}

/** One sentence; undefined where there is nothing to tell. `ahead`: the time is still to come. */
export function savedWords({ gpus, hours, gpuHours, gpuHoursPerMonth }: Saved, ahead: boolean): string | undefined {
  if (gpus <= 0) return undefined;
  const freed = `${gpus} ${gpus === 1 ? "GPU" : "GPUs"}`;
  if (hours === null || gpuHours === null) return `Off-peak frees ${freed}.`;
  const month = gpuHoursPerMonth === null ? "" : `; ${rounded(gpuHoursPerMonth)} in an average month`;
  const verb = ahead ? "Saves" : "Saved";
  return `${verb} ${rounded(gpuHours)} GPU-hours: ${freed} for ${rounded(hours)} h${month}.`;
}

function rounded(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: value < 100 ? 1 : 0 });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
