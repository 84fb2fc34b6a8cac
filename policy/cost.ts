/** The bill of a stack, before it is made: its node groups by the dated prices in cost/, at the hours of its schedule. */
import { hoursPerMonth, monthlyHours, type Hours, type Schedule } from "../cost/hours";
import { fixedPrices, instancePrice } from "../cost/prices";
import { usd } from "../cost/summary";
import { kinds, schedulesOf } from "./kinds";
import { items, part, shown } from "./plain";
import type { Context, Findings, Resource, StackRule } from "./rule";

export const cost: StackRule = {
  name: "max-monthly-cost",
  description: "The nodes of a stack cost no more in a month than its limit.",
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
    const bill = resources
      .filter(({ type, props }) => type === kinds.nodeGroup && part(props, "capacityType") !== prepaid)
      .map((group) => ({ name: group.name, usd: monthlyCost(group, resources, findings, stackConfig) }));
    const total = bill.reduce((sum, each) => sum + each.usd, 0);
    if (total <= limit) return;
    const parts = bill.map((each) => `${each.name} ${usd(each.usd)}`).join(", ");
    findings.violation(
      `the node groups cost about ${usd(total)} a month (${parts}), and the limit is ${usd(limit)}. ` +
        `Take fewer or smaller nodes, or shorter hours of peak in facefusion:schedule; or raise the limit: ` +
        `maxMonthlyUsd in the pack's configuration, else facefusion:budget.monthlyUsd.`,
    );
  },
};

/** A Capacity Block has been paid before it begins. */
const prepaid = "CAPACITY_BLOCK";

/** Without a price the limit could be passed unseen: that is a violation of its own. */
function monthlyCost(
  group: Resource,
  resources: readonly Resource[],
  findings: Findings,
  stackConfig: Context["stackConfig"],
): number {
  const region = regionOf(group, stackConfig);
  const [type] = findings.known([part(group.props, "instanceTypes", 0)]);
  if (type === undefined && part(group.props, "instanceTypes") !== undefined) return 0;
  const price = instancePrice(region, shown(type))?.usd;
  const disk = fixedPrices[region]?.diskGiBMonth.usd;
  if (price === undefined || disk === undefined) {
    const what = `${shown(type)} in ${region}`;
    findings.violation(`${group.name}: there is no price for ${what}. Add it to cost/.`, group.urn);
    return 0;
  }
  const { peak, offPeak } = nodeHours(group, resources, findings, stackConfig);
  return (peak + offPeak) * (price + (disk * diskSizeGiB(group, resources, findings)) / hoursPerMonth);
}

/** Hours of a month, times nodes. A group without schedules keeps what it starts with. */
function nodeHours(
  group: Resource,
  resources: readonly Resource[],
  findings: Findings,
  stackConfig: Context["stackConfig"],
): Hours {
  const schedules = schedulesOf(group, resources);
  const sizes = findings
    .known([
      part(group.props, "scalingConfig", "desiredSize"),
      ...schedules.map(({ props }) => part(props, "desiredCapacity")),
    ])
    .filter((size) => typeof size === "number" && size >= 0)
    .map(Number);
  const hours = monthlyHours(schedules.length === 0 ? undefined : scheduleOf(stackConfig("facefusion:schedule")));
  return {
    peak: Math.max(0, ...sizes) * hours.peak,
    offPeak: sizes.length === 0 ? 0 : Math.min(...sizes) * hours.offPeak,
  };
}

/** Without one that can be read, all hours are at peak. */
function scheduleOf(value: unknown): Schedule | undefined {
  const [from, until] = [part(value, "from"), part(value, "until")];
  const days = items(part(value, "days")).map(shown);
  return typeof from === "string" && typeof until === "string" ? { days, from, until } : undefined;
}

function regionOf({ props }: Resource, stackConfig: Context["stackConfig"]): string {
  const own = part(props, "region");
  return typeof own === "string" ? own : shown(stackConfig("aws:region"));
}

function diskSizeGiB(group: Resource, resources: readonly Resource[], findings: Findings): number {
  const template = resources.find(
    ({ type, urn }) => type === kinds.launchTemplate && group.madeFrom["launchTemplate"]?.includes(urn),
  );
  const mappings = items(part(template?.props, "blockDeviceMappings"));
  const sizes = findings.known(mappings.map((each) => part(each, "ebs", "volumeSize")));
  return sizes.reduce<number>((sum, size) => sum + (typeof size === "number" ? size : 0), 0);
}
