import { describe, expect, it } from "vitest";
import { gpuInstanceTypes } from "../../../components/gpuInstanceTypes";
import { instancePrices } from "../../../cost/instancePrices";
import { fixedPrices, instancePrice, sources } from "../../../cost/prices";

describe("the price table", () => {
  it("says of every source when it was, and that is not in the future", () => {
    for (const { date, from } of Object.values(sources)) {
      expect(date).toMatch(/^20\d\d-\d\d-\d\d$/);
      expect(Date.parse(date)).toBeLessThan(Date.now() + 24 * 3_600_000);
      expect(from.length).toBeGreaterThan(20);
    }
  });

  it("has every GPU type that the node groups may use, in the region of AWS that has all", () => {
    for (const type of Object.keys(gpuInstanceTypes))
      expect(instancePrice("us-east-1", type)?.usd, type).toBeGreaterThan(0);
  });

  it("has P4d as since AWS's cut of June 2025", () => {
    expect(instancePrice("us-east-1", "p4d.24xlarge")).toEqual({ usd: 21.957642, source: "karpenter" });
  });

  it("has no price where there is none: another region, another type, a type that the region does not have", () => {
    expect(instancePrice("mars-north-1", "p4d.24xlarge")).toBeUndefined();
    expect(instancePrice("us-east-1", "p99.large")).toBeUndefined();
    expect(instancePrice("eu-west-1", "g6.xlarge")).toBeUndefined();
  });

  it("knows a source for every column, and what is fixed for every region with instances", () => {
    for (const { sources: columns, usdPerHour } of instancePrices) {
      const regions = new Set(Object.values(usdPerHour).flatMap((row) => Object.keys(row)));
      expect(Object.keys(columns).sort()).toEqual([...regions].sort());
      expect(Object.keys(fixedPrices).sort()).toEqual([...regions].sort());
    }
  });

  it("has no slip of the comma: Europe is up to a third dearer than Virginia, never cheaper", () => {
    for (const { usdPerHour } of instancePrices) {
      for (const [type, { "us-east-1": virginia = 0, ...elsewhere }] of Object.entries(usdPerHour)) {
        for (const usd of Object.values(elsewhere)) {
          expect(usd / virginia, type).toBeGreaterThan(1);
          expect(usd / virginia, type).toBeLessThan(1.34);
        }
      }
    }
  });

  it("has sizes of a type in the order of their size, by GPUs where a type has several", () => {
    for (const family of ["p3", "g4dn", "g5", "g6", "g6e"]) {
      const price = (size: string) => instancePrice("us-east-1", `${family}.${size}`)?.usd ?? 0;
      expect(price("16xlarge"), family).toBeGreaterThan(price("8xlarge"));
      if (family !== "p3") expect(price("2xlarge"), family).toBeGreaterThan(price("xlarge"));
    }
  });
});
