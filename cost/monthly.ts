/** What GPU nodes cost in a month: kept at peak all the time, and by the schedule. */
import type { Color } from "../components/colors";
import { hoursPerMonth, type Hours } from "./hours";
import { fixedPrices, instancePrice, type SourceName } from "./prices";

/** How nodes are paid for; the kinds of the configuration. */
export type CapacityKind = "onDemand" | "spot" | "reservation" | "block";

/** The GPU nodes of one colour, for all services that share them. */
export interface NodesInUse {
  /** The service whose own they are; null where all services that have none share them. */
  readonly service: string | null;
  readonly color: Color;
  readonly instanceType: string;
  readonly capacity: CapacityKind;
  readonly diskSizeGiB: number;
  readonly peakNodes: number;
  readonly offPeakNodes: number;
}

/** What they cost in a month, in USD, disks included; null where that is not known. */
export interface NodesCost extends NodesInUse {
  readonly usdPerNodeHour: number | null;
  readonly alwaysOn: number | null;
  readonly scheduled: number | null;
  readonly priceFrom: SourceName | null;
  readonly diskPriceFrom: SourceName | null;
}

/**
 * Spot is counted at the price on demand, which it stays below. A reservation costs the same whether its nodes run or not,
 * so that a schedule saves nothing; it is taken to hold what peak needs. A Capacity Block has been paid before it begins,
 * at a price of its own, and is not part of a month.
 */
export function nodesCost(nodes: NodesInUse, region: string, hours: Hours): NodesCost {
  const price = nodes.capacity === "block" ? undefined : instancePrice(region, nodes.instanceType);
  const disk = fixedPrices[region]?.diskGiBMonth;
  if (price === undefined || disk === undefined)
    return { ...nodes, usdPerNodeHour: null, alwaysOn: null, scheduled: null, priceFrom: null, diskPriceFrom: null };

  const diskHour = (disk.usd * nodes.diskSizeGiB) / hoursPerMonth;
  const usdPerNodeHour = price.usd + diskHour;
  const { peakNodes } = nodes;
  const runningHours = peakNodes * hours.peak + nodes.offPeakNodes * hours.offPeak;
  const paidHours = nodes.capacity === "reservation" ? peakNodes * hoursPerMonth : runningHours;
  return {
    ...nodes,
    usdPerNodeHour,
    alwaysOn: peakNodes * hoursPerMonth * usdPerNodeHour,
    scheduled: paidHours * price.usd + runningHours * diskHour,
    priceFrom: price.source,
    diskPriceFrom: disk.source,
  };
}
