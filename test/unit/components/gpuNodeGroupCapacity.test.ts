import { describe, expect, it } from "vitest";
import type { NodeCapacity } from "../../../components/gpuNodeGroup";
import { at } from "../../support/graph";
import { graphOf, groupOf, templateOf } from "../../support/nodeGroup";

const zone = "eu-west-1b";
const reservation: NodeCapacity = { kind: "reservation", id: "cr-0a1b2c3d4e5f6a7b8" };
const block: NodeCapacity = { kind: "block", id: "cr-0b1c2d3e4f5a6b7c8" };

describe("machines", () => {
  it.each([
    [{ kind: "onDemand" }, "ON_DEMAND"],
    [{ kind: "spot" }, "SPOT"],
    [reservation, "ON_DEMAND"],
    [block, "CAPACITY_BLOCK"],
  ] satisfies [NodeCapacity, string][])("of %j are %s to EKS", async (capacity, inEks) => {
    expect(at((await groupOf({ capacity, zone })).inputs, "capacityType")).toBe(inEks);
  });

  it.each([reservation, block])("of a $kind come from there and from nowhere else", async (capacity) => {
    expect(at(await templateOf({ capacity, zone }), "capacityReservationSpecification")).toEqual({
      capacityReservationTarget: { capacityReservationId: "id" in capacity ? capacity.id : "" },
    });
  });

  it("of no reservation name none", async () => {
    expect(at(await templateOf(), "capacityReservationSpecification")).toBeUndefined();
  });

  it("of a block have their type and their market in the template, and not in the group, which EKS refuses", async () => {
    expect(await templateOf({ capacity: block, zone })).toMatchObject({
      instanceType: "p4d.24xlarge",
      instanceMarketOptions: { marketType: "capacity-block" },
    });
    expect(at((await groupOf({ capacity: block, zone })).inputs, "instanceTypes")).toBeUndefined();
  });

  it("of no block have their type in the group, and none in the template, which EKS refuses too", async () => {
    expect(at(await templateOf(), "instanceType")).toBeUndefined();
    expect(at(await templateOf(), "instanceMarketOptions")).toBeUndefined();
    expect(at((await groupOf()).inputs, "instanceTypes")).toEqual(["p4d.24xlarge"]);
  });

  it.each([
    ["one at a time where there are no more of them", reservation, "MINIMAL"],
    ["one at a time where there are no more of them", block, "MINIMAL"],
    ["by a new one first where it can be had", { kind: "onDemand" }, "DEFAULT"],
  ] satisfies [string, NodeCapacity, string][])("are replaced %s: %j", async (_how, capacity, strategy) => {
    expect(at((await groupOf({ capacity, zone })).inputs, "updateConfig.updateStrategy")).toBe(strategy);
  });

  it.each([
    ["after", reservation, true],
    ["after", block, true],
    ["before", { kind: "spot" }, false],
  ] satisfies [string, NodeCapacity, boolean][])(
    "of a group that takes another's place come %s the old ones have gone: %j",
    async (_when, capacity, oldGoFirst) => {
      expect((await groupOf({ capacity, zone })).deleteBeforeReplace).toBe(oldGoFirst);
    },
  );

  it.each([reservation, block])("of a $kind without a zone are refused", async (capacity) => {
    await expect(graphOf({ capacity })).rejects.toThrow(`gpu: zone: needed with capacity.kind ${capacity.kind}`);
  });
});

describe("where machines are", () => {
  it("is where the type is offered, and stays so when AWS offers it elsewhere", async () => {
    const { inputs, ignoreChanges } = await groupOf();
    expect(at(inputs, "subnetIds")).toEqual(["subnet-0b"]);
    expect(ignoreChanges).toContain("subnetIds");
  });

  it("is the zone that is asked for, and another one where another is asked for", async () => {
    const { inputs, ignoreChanges } = await groupOf({ instanceType: "g5.xlarge", zone: "eu-west-1a" });
    expect(at(inputs, "subnetIds")).toEqual(["subnet-0a"]);
    expect(ignoreChanges).not.toContain("subnetIds");
  });

  it("is the cluster that is asked for", async () => {
    expect(at((await groupOf({ clusterName: "staging" })).inputs, "clusterName")).toBe("staging");
  });
});
