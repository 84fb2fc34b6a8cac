/** The bill of a stack, before it is made: what it pays for by the hour, at the dated prices in cost/. */
import { hoursPerMonth, monthlyNodeHours, type Schedule } from "../cost/hours";
import { usd } from "../cost/money";
import { fixedPrices, instancePrice, type FixedPrices } from "../cost/prices";
import { kinds, schedulesOf, sizeAfter } from "./kinds";
import { items, part, shown } from "./plain";
import type { Context, Findings, Resource, StackRule } from "./rule";

export const cost: StackRule = {
  name: "max-monthly-cost",
  description: "What a stack pays for by the hour costs no more in a month than its limit.",
  configSchema: {
    properties: {
      maxMonthlyUsd: {
        type: "number",
        minimum: 0,
        description: "The limit in USD. Where it is not set, facefusion:budget.monthlyUsd of the stack is the limit.",
      },
    },
  },
  checkStack(resources, findings, { config, stackConfig }) {
    const limit = part(config, "maxMonthlyUsd") ?? part(stackConfig("facefusion:budget"), "monthlyUsd");
    if (typeof limit !== "number") return;
    const stack = { resources, findings, stackConfig };
    const bill = resources
      .map((each) => ({ name: each.name, amount: monthlyCost(each, stack) }))
      .filter(({ amount }) => amount > 0)
      .toSorted((a, b) => b.amount - a.amount);
    const total = bill.reduce((sum, { amount }) => sum + amount, 0);
    if (total <= limit) return;
    const parts = bill.map(({ name, amount }) => `${name} ${usd(amount)}`).join(", ");
    findings.violation(
      `the stack costs about ${usd(total)} a month, and the limit is ${usd(limit)} (${parts}). ` +
        `Take fewer or smaller nodes, or shorter hours of peak in facefusion:schedule; or raise the limit: ` +
        `maxMonthlyUsd in the pack's configuration, else facefusion:budget.monthlyUsd.`,
    );
  },
};

interface Stack {
  resources: readonly Resource[];
  findings: Findings;
  stackConfig: Context["stackConfig"];
}

/** What costs the same whoever uses it. The load balancer is not in it: a controller makes it, not the program. */
const perHour: Readonly<Record<string, keyof FixedPrices>> = {
  [kinds.cluster]: "controlPlaneHour",
  [kinds.natGateway]: "natGatewayHour",
  [kinds.address]: "publicAddressHour",
};

function monthlyCost(resource: Resource, stack: Stack): number {
  const region = regionOf(resource, stack);
  if (resource.type === kinds.nodeGroup) return nodesCost(resource, region, stack);
  if (resource.type === kinds.key) return fixedPrices[region]?.keyMonth.usd ?? 0;
  const hourly = perHour[resource.type];
  return hourly === undefined ? 0 : (fixedPrices[region]?.[hourly].usd ?? 0) * hoursPerMonth;
}

/** A Capacity Block has been paid before it begins. */
const prepaid = "CAPACITY_BLOCK";

/** Without a price the limit could be passed unseen: that is a violation of its own. */
function nodesCost(group: Resource, region: string, stack: Stack): number {
  const { findings } = stack;
  if (part(group.props, "capacityType") === prepaid) return 0;
  const [type] = findings.known([part(group.props, "instanceTypes", 0)]);
  if (type === undefined && part(group.props, "instanceTypes") !== undefined) return 0;
  const price = instancePrice(region, shown(type))?.usd;
  const diskPrice = fixedPrices[region]?.diskGiBMonth.usd;
  if (price === undefined || diskPrice === undefined) {
    const what = `${shown(type)} in ${region}`;
    findings.violation(`${group.name}: there is no price for ${what}. Add it to cost/.`, group.urn);
    return 0;
  }
  const schedules = schedulesOf(group, stack.resources);
  const nodes = nodesOf(group, schedules, findings);
  const hours = monthlyNodeHours(
    schedules.length === 0 ? undefined : scheduleOf(stack.stackConfig("facefusion:schedule")),
  );
  const running = nodes.peak * hours.peak + nodes.offPeak * hours.offPeak;
  const { isReserved, diskGiB } = machineOf(group, stack);
  // A reservation costs the same whether its nodes run or not.
  const paid = isReserved ? nodes.peak * hoursPerMonth : running;
  return paid * price + (running * diskPrice * diskGiB) / hoursPerMonth;
}

/** How many there are at peak and off-peak. A group without schedules keeps what it starts with. */
function nodesOf(group: Resource, schedules: readonly Resource[], findings: Findings) {
  const sizes = findings
    .known([part(group.props, "scalingConfig", "desiredSize"), ...schedules.map(sizeAfter)])
    .filter((size) => typeof size === "number");
  return { peak: Math.max(0, ...sizes), offPeak: sizes.length === 0 ? 0 : Math.min(...sizes) };
}

/** Without one that can be read, all hours are at peak. */
function scheduleOf(value: unknown): Schedule | undefined {
  const [from, until] = [part(value, "from"), part(value, "until")];
  const days = items(part(value, "days")).map(shown);
  return typeof from === "string" && typeof until === "string" ? { days, from, until } : undefined;
}

function regionOf({ props }: Resource, { stackConfig }: Stack): string {
  const own = part(props, "region");
  return typeof own === "string" ? own : shown(stackConfig("aws:region"));
}

/** What the group's launch template says of a machine. */
function machineOf(group: Resource, { resources, findings }: Stack) {
  const template = resources.find(
    ({ type, urn }) => type === kinds.launchTemplate && group.madeFrom["launchTemplate"]?.includes(urn),
  );
  const mappings = items(part(template?.props, "blockDeviceMappings"));
  const sizes = findings
    .known(mappings.map((each) => part(each, "ebs", "volumeSize")))
    .filter((size) => typeof size === "number");
  return {
    isReserved: part(template?.props, "capacityReservationSpecification", "capacityReservationTarget") !== undefined,
    diskGiB: sizes.reduce((sum, size) => sum + size, 0),
  };
}
