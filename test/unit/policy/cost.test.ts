import { describe, expect, it } from "vitest";
import { hoursPerMonth } from "../../../cost/hours";
import { fixedPrices, instancePrice } from "../../../cost/prices";
import { cost } from "../../../policy/cost";
import { kinds } from "../../../policy/kinds";
import { Unknown } from "../../../policy/plain";
import { aResource, aSchedule, messagesOf } from "../../support/rules";

const region = "eu-west-1";
const price = instancePrice(region, "p4d.24xlarge")?.usd ?? NaN;
const diskPrice = fixedPrices[region]?.diskGiBMonth.usd ?? NaN;
const weekdays = { days: ["mon", "tue", "wed", "thu", "fri"], from: "08:00", until: "20:00" };
// With the half hours for which nodes are there before and after.
const peakShare = (5 * 13) / (7 * 24);

const aGroup = (change: object = {}) =>
  aResource(kinds.nodeGroup, "nodes", {
    instanceTypes: ["p4d.24xlarge"],
    scalingConfig: { minSize: 0, desiredSize: 2, maxSize: 4 },
    ...change,
  });

/** What the policy takes the stack to cost; it tells only where that is above the limit. */
function costOf(resources: Parameters<typeof messagesOf>[1], config: Record<string, unknown> = {}): number {
  const stackConfig = { "aws:region": region, "facefusion:schedule": weekdays, ...config };
  const { messages } = messagesOf(cost, resources, { config: { maxMonthlyUsd: 0 }, stackConfig });
  const told = /costs about \$([\d,.]+) a month/.exec(messages.join())?.[1] ?? "0";
  return Number(told.replaceAll(",", ""));
}

describe("the cost of a stack", () => {
  it("is that of the nodes that a group starts with, all the time, where no schedule is for it", () => {
    expect(costOf([aGroup()])).toBeCloseTo(2 * price * hoursPerMonth, -1);
  });

  it("follows the schedules: the most nodes at peak, the fewest off-peak", () => {
    const group = aGroup();
    const schedules = [
      aSchedule("peak", group, { desiredCapacity: 3 }),
      aSchedule("off", group, { desiredCapacity: 1 }),
    ];
    const nodes = 3 * peakShare + 1 * (1 - peakShare);
    expect(costOf([group, ...schedules])).toBeCloseTo(nodes * price * hoursPerMonth, -1);
  });

  it("takes the floor of a schedule that leaves the number of nodes alone", () => {
    const group = aGroup();
    const schedule = aSchedule("off", group, { desiredCapacity: -1, minSize: 1 });
    const nodes = 2 * peakShare + 1 * (1 - peakShare);
    expect(costOf([group, schedule])).toBeCloseTo(nodes * price * hoursPerMonth, -1);
  });

  it("has the disks of the machines in it, for the hours that they run", () => {
    const template = aResource(kinds.launchTemplate, "template", {
      blockDeviceMappings: [{ ebs: {} }, { ebs: { volumeSize: 10_000 } }],
    });
    const group = { ...aGroup(), madeFrom: { launchTemplate: [template.urn] } };
    expect(costOf([template, group])).toBeCloseTo(2 * (price * hoursPerMonth + 10_000 * diskPrice), -1);
  });

  it("has a reservation in it whether its nodes run or not", () => {
    const template = aResource(kinds.launchTemplate, "template", {
      capacityReservationSpecification: { capacityReservationTarget: { capacityReservationId: "cr-0a" } },
    });
    const group = { ...aGroup(), madeFrom: { launchTemplate: [template.urn] } };
    const schedule = aSchedule("off", group, { desiredCapacity: 0 });
    expect(costOf([template, group, schedule])).toBeCloseTo(2 * price * hoursPerMonth, -1);
  });

  it("has no Capacity Block in it, which has been paid for before", () => {
    expect(costOf([aGroup({ capacityType: "CAPACITY_BLOCK" })])).toBe(0);
  });

  it("has the control plane, NAT gateways, addresses and keys in it", () => {
    const resources = [kinds.cluster, kinds.natGateway, kinds.address, kinds.key].map((type) =>
      aResource(type, type, {}),
    );
    const prices = fixedPrices[region];
    const hourly =
      (prices?.controlPlaneHour.usd ?? 0) + (prices?.natGatewayHour.usd ?? 0) + (prices?.publicAddressHour.usd ?? 0);
    expect(costOf(resources)).toBeCloseTo(hourly * hoursPerMonth + 1, 0);
  });
});

describe("the limit", () => {
  const stackConfig = { "aws:region": region, "facefusion:budget": { monthlyUsd: 100_000 } };

  it("is the stack's budget, unless the pack has one", () => {
    expect(messagesOf(cost, [aGroup()], { stackConfig }).messages).toEqual([]);
    const { messages } = messagesOf(cost, [aGroup()], { stackConfig, config: { maxMonthlyUsd: 50 } });
    expect(messages.join()).toContain("the limit is $50.00");
  });

  it("is nothing to a stack that has none", () => {
    expect(messagesOf(cost, [aGroup({ instanceTypes: ["p9.huge"] })], {}).messages).toEqual([]);
  });

  it("cannot be passed unseen by a type without a price", () => {
    const { messages } = messagesOf(cost, [aGroup({ instanceTypes: ["p9.huge"] })], { stackConfig });
    expect(messages).toEqual(["nodes: there is no price for p9.huge in eu-west-1. Add it to cost/."]);
  });

  it("is not judged by a type that is not known yet", () => {
    const unknown = new Unknown(new Error("later"));
    const { messages, unknowns } = messagesOf(cost, [aGroup({ instanceTypes: [unknown] })], { stackConfig });
    expect(messages).toEqual([]);
    expect(unknowns).toEqual([unknown]);
  });
});
