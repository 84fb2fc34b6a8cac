import { describe, expect, it } from "vitest";
import { amiFault, gpuAmis, releaseFault, versionOfRelease, type GpuAmi } from "../../../components/gpuAmi";
import { gpuInstanceTypes } from "../../../components/gpuInstanceTypes";

const amis = Object.keys(gpuAmis) as GpuAmi[];

describe("an image for a type of machine", () => {
  it.each(amis.flatMap((ami) => Object.keys(gpuAmis[ami].drivers).map((version) => [ami, version] as const)))(
    "%s for Kubernetes %s drives every type of the table, the oldest GPU too",
    (ami, version) => {
      for (const type of Object.keys(gpuInstanceTypes)) expect(amiFault(ami, type, version), type).toBeUndefined();
    },
  );

  it("is refused where all its drivers are too new for the GPU", () => {
    expect(amiFault("al2023", "p3.2xlarge", "1.36", [595, 610])).toBe(
      "al2023 for Kubernetes 1.36 has NVIDIA's driver 595, 610, and 580 is the last for the V100 of p3.2xlarge: " +
        "choose another ami, or another instanceType",
    );
  });

  it("is accepted where one of its drivers is old enough, and where the GPU has no last one", () => {
    expect(amiFault("al2023", "p3.2xlarge", "1.36", [580, 595])).toBeUndefined();
    expect(amiFault("al2023", "p4d.24xlarge", "1.36", [610])).toBeUndefined();
  });

  it("is refused for a version of Kubernetes that it is not known for, with those that it is", () => {
    expect(amiFault("bottlerocket", "p4d.24xlarge", "1.99")).toBe(
      "there is no bottlerocket image for Kubernetes 1.99 in the table, which has 1.33, 1.34, 1.35, 1.36",
    );
  });

  it("has the device plugin inside, or needs the chart", () => {
    expect(gpuAmis.bottlerocket.hasDevicePlugin).toBe(true);
    expect(gpuAmis.al2023.hasDevicePlugin).toBe(false);
  });
});

describe("a release that is asked for by name", () => {
  it.each([
    ["al2023", "1.35.2-20260917"],
    ["al2023", "1.32.9-20260101"],
    ["bottlerocket", "1.68.0-0a1b2c3d"],
  ] as const)("of %s, %s, is accepted for a cluster on 1.35", (ami, release) => {
    expect(releaseFault(ami, "1.35", release)).toBeUndefined();
  });

  it.each([
    ["al2023", "1.68.0-0a1b2c3d", "1.35.2-20260917"],
    ["al2023", "latest", "1.35.2-20260917"],
    ["bottlerocket", "1.35.2-20260917", "1.68.0-0a1b2c3d"],
  ] as const)("of %s is refused where it is no release of it: %s", (ami, release, example) => {
    expect(releaseFault(ami, "1.35", release)).toBe(
      `amiRelease: ${release} is no release of ${ami}, such as ${example}`,
    );
  });

  it.each(["1.36.0-20260917", "1.31.4-20260917"])(
    "is refused where its nodes would be ahead of the cluster, or too far behind: %s",
    (release) => {
      expect(releaseFault("al2023", "1.35", release)).toBe(
        `amiRelease: ${release} is not for Kubernetes 1.35, which the cluster runs, nor for one of the 3 minors before`,
      );
    },
  );

  it("says which Kubernetes its nodes run, on Amazon Linux alone", () => {
    expect(versionOfRelease("al2023", "1.34.2-20260917")).toBe("1.34");
    expect(versionOfRelease("bottlerocket", "1.68.0-0a1b2c3d")).toBeUndefined();
  });
});
