import { describe, expect, it } from "vitest";
import {
  gpuInstanceTypes,
  instanceTypesOf,
  optionalFamilies,
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

  it("marks P3, and only P3, as retired and in need of the proprietary driver", () => {
    for (const [name, type] of Object.entries(gpuInstanceTypes)) {
      const isP3 = name.startsWith("p3");
      expect(type.retired !== undefined, name).toBe(isP3);
      expect(type.proprietaryDriver === true, name).toBe(isP3);
    }
  });

  it("allows P3 and P4 as they are, the rest on purpose", () => {
    expect(standardFamilies).toEqual(["p3", "p3dn", "p4d", "p4de"]);
    expect(optionalFamilies).toEqual(["g4dn", "g5", "g6", "g6e"]);
    expect(instanceTypesOf(["p4d", "p4de"])).toEqual(["p4d.24xlarge", "p4de.24xlarge"]);
  });
});
