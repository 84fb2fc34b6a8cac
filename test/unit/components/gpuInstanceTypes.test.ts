import { describe, expect, it } from "vitest";
import {
  gpuGenerations,
  gpuInstanceTypes,
  instanceTypesOf,
  optionalFamilies,
  retiredNote,
  standardFamilies,
} from "../../../components/gpuInstanceTypes";

describe("the table of instance types", () => {
  it.each(Object.entries(gpuInstanceTypes))("%s is of the family that its name says", (name, type) => {
    expect(type.family).toBe(name.split(".")[0]);
  });

  it.each([
    ["p3.2xlarge", 1, 16],
    ["p3.16xlarge", 8, 16],
    ["p3dn.24xlarge", 8, 32],
    ["p4d.24xlarge", 8, 40],
    ["p4de.24xlarge", 8, 80],
  ])("%s has %i GPUs of %i GiB", (name, gpus, gpuMemoryGiB) => {
    expect(gpuInstanceTypes[name]).toMatchObject({ gpus, gpuMemoryGiB });
  });

  it("marks P3, and only P3, as retired and in need of an old driver", () => {
    for (const [name, type] of Object.entries(gpuInstanceTypes)) {
      const isP3 = name.startsWith("p3");
      expect(type.retired !== undefined, name).toBe(isP3);
      expect(gpuGenerations[type.generation].lastDriver, name).toBe(isP3 ? 580 : undefined);
    }
  });

  it("tells the date of a type that AWS has retired, and nothing of others", () => {
    expect(retiredNote("p3.2xlarge")).toBe("AWS asked everybody to leave p3.2xlarge by 2025-12-20.");
    expect(retiredNote("p4d.24xlarge")).toBeUndefined();
    expect(retiredNote("m7i.large")).toBeUndefined();
  });

  it("knows which types have disks of their own", () => {
    const without = Object.entries(gpuInstanceTypes).filter(([, { instanceStoreGB }]) => instanceStoreGB === 0);
    expect(without.map(([name]) => name)).toEqual(["p3.2xlarge", "p3.8xlarge", "p3.16xlarge"]);
  });

  it("allows P3 and P4 as they are, the rest on purpose", () => {
    expect(standardFamilies).toEqual(["p3", "p3dn", "p4d", "p4de"]);
    expect(optionalFamilies).toEqual(["g4dn", "g5", "g6", "g6e"]);
    expect(instanceTypesOf(["p4d", "p4de"])).toEqual(["p4d.24xlarge", "p4de.24xlarge"]);
  });
});
