import { describe, expect, it } from "vitest";
import { stackCost, type StackCost } from "../../../cost/stackCost";
import { costSummary } from "../../../cost/summary";
import { theSettings } from "../../support/states";
import { aStackOnAws, officeHours, someNodes } from "../../support/costs";

const date = "2026-11-25";

function costOf(stack: Parameters<typeof aStackOnAws>, region = "eu-west-1", day = date): StackCost {
  const cost = stackCost(aStackOnAws(...stack), region, day);
  if (cost === undefined) throw new Error("nothing to price");
  return cost;
}

const pair = (change: Record<string, unknown>) => ({ gpuNodes: { blue: someNodes(change), green: someNodes(change) } });

describe("the cost of a stack", () => {
  it("is nodes by hours by price, with their disks", () => {
    const cost = costOf([{ schedule: officeHours }]);
    // p4d.24xlarge at 23.71569 an hour, and 500 GiB at 0.088 a month: 17,356.4537 a month for one node.
    const node = 23.71569 * 730 + 500 * 0.088;
    expect(node).toBeCloseTo(17356.4537, 4);
    // Four nodes always on; by the schedule two at all times, and two more for 70 hours of 168, with the half hours around peak.
    expect(cost.alwaysOn).toBeCloseTo(69425.8148, 3);
    expect(cost.scheduled).toBeCloseTo(node * (2 + (2 * 70) / 168), 3);
    expect(cost.saving).toBeCloseTo(node * 2 * (98 / 168), 3);
    expect(cost.savingPercent).toBeCloseTo((98 / 168) * 50, 6);
    expect(costSummary(cost)).toBe("≈ $49,177 a month, $69,426 always on, saves 29 %");
  });

  it("is the same with and without a schedule where there is none", () => {
    const { alwaysOn, scheduled, savingPercent, notes } = costOf([]);
    expect(scheduled).toBe(alwaysOn);
    expect(savingPercent).toBe(0);
    expect(notes).toContain("No schedule is configured: all hours are counted at peak.");
  });

  it("counts spot at the price on demand, and says that this is an upper bound", () => {
    const spot = costOf([{ schedule: officeHours, ...pair({ capacity: { kind: "spot" } }) }]);
    expect(spot.scheduled).toBe(costOf([{ schedule: officeHours }]).scheduled);
    expect(spot.notes.join()).toContain("upper bound");
  });

  it("of a reservation is saved by no schedule, save for the disks", () => {
    const capacity = { kind: "reservation", id: "cr-0a1b2c3d4e5f60789" };
    const cost = costOf([{ schedule: officeHours, ...pair({ capacity, zone: "eu-west-1a" }) }]);
    expect(cost.saving).toBeCloseTo(2 * 500 * 0.088 * (98 / 168), 6);
    expect(cost.notes.join()).toContain("whether its nodes run or not");
  });

  it("leaves out a Capacity Block, which has no price by the month, and says so", () => {
    const block = someNodes({ capacity: { kind: "block", id: "cr-0a1b2c3d4e5f60789" }, zone: "eu-west-1a" });
    const cost = costOf([{ gpuNodes: { blue: someNodes(), green: block } }]);
    expect(cost.alwaysOn).toBeCloseTo(17356.4537 * 2, 3);
    expect(cost.missing).toEqual([expect.stringMatching(/^green \(Capacity Block: paid up front/)]);
  });

  it("is not nothing where a price is not known: the sum says what it is without", () => {
    const cost = costOf([{ schedule: officeHours }], "mars-north-1");
    expect(cost.nodes.map(({ alwaysOn }) => alwaysOn)).toEqual([null, null]);
    expect(cost.missing).toEqual(["p4d.24xlarge in mars-north-1"]);
    expect(costSummary(cost)).toBe("≈ $0.00 a month, $0.00 always on, saves 0 %, without p4d.24xlarge in mars-north-1");
  });

  it("names the sources of its own prices and no others", () => {
    const { sources } = costOf([]);
    expect(sources.map(({ date: day, parts }) => [day, parts])).toEqual([
      ["2026-01-21", ["p4d.24xlarge"]],
      ["2026-11-25", ["disks"]],
    ]);
  });

  it("of a stack without GPU nodes is no cost", () => {
    expect(stackCost(theSettings(), "eu-west-1", date)).toBeUndefined();
  });
});

describe("what a stack costs besides its GPU nodes", () => {
  const created = {
    cluster: { kind: "create", version: "1.35", network: { kind: "create", zones: 3, natGateways: "perZone" } },
    ingress: { kind: "install" },
    modelStore: { kind: "s3", bucket: "models", region: "eu-west-1", create: true },
  };
  const fixedOf = (change: Record<string, unknown>, day = date) =>
    costOf([change], "eu-west-1", day).fixed.map(({ what, count, monthly }) => [what, count, monthly?.toFixed(2)]);

  it("is the control plane, system nodes, NAT gateways, the load balancer, addresses and keys, where they are made here", () => {
    expect(fixedOf(created)).toEqual([
      ["EKS 1.35", 1, "73.00"],
      ["m7i.large system nodes", 2, "164.03"],
      ["system nodes' disks", 2, "8.80"],
      ["NAT gateways", 3, "105.12"],
      ["Network Load Balancer", 1, "18.40"],
      ["public addresses", 6, "21.90"],
      ["KMS keys", 3, "3.00"],
    ]);
  });

  it("is nothing for what was there before", () => {
    expect(fixedOf({})).toEqual([]);
    expect(fixedOf({ ingress: { kind: "install" } })).toEqual([
      ["Network Load Balancer", 1, "18.40"],
      ["public addresses", 2, "7.30"],
    ]);
  });

  it("is one NAT gateway, with one address, where one is configured", () => {
    const network = { kind: "create", zones: 2, natGateways: "one" };
    expect(fixedOf({ cluster: { ...created.cluster, network } }).slice(3)).toEqual([
      ["NAT gateways", 1, "35.04"],
      ["public addresses", 1, "3.65"],
      ["KMS keys", 2, "2.00"],
    ]);
  });

  it("has a control plane six times as dear from the day after the version's standard support ends", () => {
    expect(fixedOf(created, "2027-03-27")[0]).toEqual(["EKS 1.35", 1, "73.00"]);
    expect(fixedOf(created, "2027-03-28")[0]).toEqual(["EKS 1.35, extended support", 1, "438.00"]);
  });
});
