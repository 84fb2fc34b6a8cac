/** What a stack costs in a month: always-on pairs beside the configured schedule. */
import type { Settings } from "../settings";
import { fixedCosts, type FixedCost } from "./fixed";
import { monthlyNodeHours, type Hours } from "./hours";
import { nodesCost, type NodesCost } from "./monthly";
import { nodesInUse } from "./nodesInUse";
import { sources, type Source } from "./prices";

/** Amounts are USD a month. */
export interface StackCost {
  readonly region: string;
  /** Of the GPU nodes. */
  readonly hours: Hours;
  readonly nodes: readonly NodesCost[];
  readonly fixed: readonly FixedCost[];
  /** Both colours at peak all the time. */
  readonly alwaysOn: number;
  /** By the schedule; without one, the same. */
  readonly scheduled: number;
  readonly saving: number;
  readonly savingPercent: number;
  /** What is in neither sum, because it has no price or none by the month: the sums are then too low. */
  readonly missing: readonly string[];
  /** How to read the sums. */
  readonly notes: readonly string[];
  /** Where the prices in the sums come from, and the parts that each is behind. */
  readonly sources: readonly (Source & { readonly parts: readonly string[] })[];
}

/**
 * @param region As in `aws:region`.
 * @param date The day for which it is asked (ISO 8601).
 * @returns undefined for a stack without GPU nodes of its own: there is nothing to price.
 */
export function stackCost(settings: Settings, region: string, date: string): StackCost | undefined {
  const hours = monthlyNodeHours(settings.schedule);
  const nodes = nodesInUse(settings).map((each) => nodesCost(each, region, hours));
  if (nodes.length === 0) return undefined;
  const fixed = fixedCosts(settings, region, date);
  const fixedSum = sum(fixed.map(({ monthly }) => monthly));
  const alwaysOn = fixedSum + sum(nodes.map((each) => each.alwaysOn));
  const scheduled = fixedSum + sum(nodes.map((each) => each.scheduled));
  const saving = alwaysOn - scheduled;
  return {
    region,
    hours,
    nodes,
    fixed,
    alwaysOn,
    scheduled,
    saving,
    savingPercent: alwaysOn === 0 ? 0 : (saving / alwaysOn) * 100,
    missing: [...new Set(missingFrom(nodes, fixed, region))],
    notes: notesFor(nodes, settings),
    sources: sourcesOf(nodes, fixed),
  };
}

function missingFrom(nodes: readonly NodesCost[], fixed: readonly FixedCost[], region: string): string[] {
  return [
    ...nodes
      .filter(({ scheduled }) => scheduled === null)
      .map(({ color, service, capacity, instanceType }) =>
        capacity === "block"
          ? `${service === null ? "" : `${service} `}${color} (Capacity Block: paid up front, at the price of the day on which it was bought)`
          : `${instanceType} in ${region}`,
      ),
    ...fixed.filter(({ monthly }) => monthly === null).map(({ what }) => `${what} in ${region}`),
  ];
}

function notesFor(nodes: readonly NodesCost[], { schedule }: Settings): string[] {
  const has = (capacity: NodesCost["capacity"]) => nodes.some((each) => each.capacity === capacity);
  return [
    ...(schedule === undefined ? ["No schedule is configured: all hours are counted at peak."] : []),
    ...(has("spot")
      ? ["Spot is counted at the price on demand, its upper bound: what it will cost cannot be told."]
      : []),
    ...(has("reservation")
      ? ["A capacity reservation is paid for whether its nodes run or not; it is taken to hold the nodes of peak."]
      : []),
    "Not in it: what depends on use (traffic, logs, requests, stored models and images, verification), taxes, discounts.",
  ];
}

function sourcesOf(nodes: readonly NodesCost[], fixed: readonly FixedCost[]): StackCost["sources"] {
  const parts = [
    ...nodes.flatMap((each) => [
      { part: each.instanceType, source: each.priceFrom },
      { part: "disks", source: each.diskPriceFrom },
    ]),
    ...fixed.map(({ what, priceFrom }) => ({ part: what, source: priceFrom })),
  ];
  return Object.entries(sources).flatMap(([name, source]) => {
    const its = parts.filter((each) => each.source === name).map(({ part }) => part);
    return its.length === 0 ? [] : [{ ...source, parts: [...new Set(its)] }];
  });
}

function sum(amounts: readonly (number | null)[]): number {
  return amounts.reduce<number>((total, amount) => total + (amount ?? 0), 0);
}
