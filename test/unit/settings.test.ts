import { describe, expect, it } from "vitest";
import { parseSettings, SettingsError, warningsFor } from "../../settings";
import { aService, aConfig } from "../support/config";

/** The faults that a configuration has, one line each; none where it is accepted. */
function faultsOf(raw: Record<string, unknown>): readonly string[] {
  try {
    parseSettings(raw);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
}

const withService = (change: Record<string, unknown>) => aConfig({ services: { facefusion: aService(change) } });
const withNodes = (blue: object, green: object = blue, more: Record<string, unknown> = {}) =>
  aConfig({
    cluster: { kind: "adopt", name: "prod", subnetIds: ["subnet-0a", "subnet-0b"] },
    gpuNodes: { blue, green },
    ...more,
  });

describe("an accepted configuration", () => {
  it("has every default filled in", () => {
    const settings = parseSettings(aConfig());
    expect(settings.liveColor).toBe("blue");
    expect(settings.capacity).toBe("peak");
    expect(settings.services["facefusion"]).toMatchObject({
      route: "ingress",
      replicas: 2,
      standbyReplicas: 1,
      terminationGracePeriodSeconds: 600,
    });
  });

  it.each([
    "registry.example.com/facefusion:v1.0.0",
    "registry.example.com:5000/team/facefusion:v1",
    `facefusion@sha256:${"a".repeat(64)}`,
    `facefusion:v1@sha256:${"a".repeat(64)}`,
  ])("takes the image %s", (image) => {
    expect(faultsOf(withService({ blue: { image } }))).toEqual([]);
  });

  it("takes another NVIDIA family that is allowed on purpose", () => {
    expect(faultsOf(withNodes({ instanceType: "g5.xlarge" }, undefined, { allowedInstanceFamilies: ["g5"] }))).toEqual(
      [],
    );
  });
});

describe("a fault names the key, the value and what is accepted", () => {
  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      "liveColor neither blue nor green",
      aConfig({ liveColor: "red" }),
      /^facefusion:liveColor: "red" is not accepted; accepted: blue or green$/,
    ],
    [
      "an unknown key",
      aConfig({ liveColour: "blue" }),
      /^facefusion:liveColour: unknown key \(did you mean liveColor\?\); accepted: liveColor, /,
    ],
    [
      "an unknown key of a service",
      withService({ replica: 3 }),
      /^facefusion:services\.facefusion\.replica: unknown key \(did you mean replicas\?\)/,
    ],
    [
      "an unknown key of a colour",
      withService({ blue: { image: "a:v1", img: "b" } }),
      /^facefusion:services\.facefusion\.blue\.img: unknown key.*accepted: image, models, env$/,
    ],
    [
      "an unknown key of the model store",
      aConfig({ modelStore: { kind: "nfs", server: "nfs.example.com", bucket: "x" } }),
      /^facefusion:modelStore\.bucket: unknown key.*accepted: kind, server, path$/,
    ],
    [
      "an image without a tag",
      withService({ blue: { image: "registry.example.com:5000/facefusion" } }),
      /^facefusion:services\.facefusion\.blue\.image: "registry\.example\.com:5000\/facefusion" is not accepted; accepted: an image with a tag/,
    ],
    [
      "an image tagged latest",
      withService({ green: { image: "facefusion:latest" } }),
      /^facefusion:services\.facefusion\.green\.image: "facefusion:latest" is not accepted/,
    ],
    ["no image", withService({ green: {} }), /^facefusion:services\.facefusion\.green\.image: is missing/],
    [
      "a host that is no DNS name",
      withService({ host: "face_fusion" }),
      /^facefusion:services\.facefusion\.host: "face_fusion" is not accepted; accepted: a DNS name/,
    ],
    [
      "replicas below 1",
      withService({ replicas: 0 }),
      /^facefusion:services\.facefusion\.replicas: 0 is not accepted; accepted: a whole number from 1/,
    ],
    [
      "standbyReplicas above replicas",
      withService({ replicas: 2, standbyReplicas: 3 }),
      /^facefusion:services\.facefusion\.standbyReplicas: 3 is not accepted; accepted: at most replicas, which is 2$/,
    ],
    [
      "standbyReplicas above the default replicas",
      withService({ standbyReplicas: 3 }),
      /standbyReplicas: 3 is not accepted; accepted: at most replicas, which is 2$/,
    ],
    [
      "offPeakReplicas above replicas",
      withService({ replicas: 2, offPeakReplicas: 3 }),
      /offPeakReplicas: 3 is not accepted; accepted: at most replicas/,
    ],
    [
      "a drain delay that leaves no time to finish",
      withService({ drainDelaySeconds: 60, terminationGracePeriodSeconds: 60 }),
      /drainDelaySeconds: 60 is not accepted; accepted: less than terminationGracePeriodSeconds, which is 60$/,
    ],
    [
      "both colours with the same host path",
      aConfig({
        modelStore: { kind: "hostPath", path: "/models" },
        services: {
          facefusion: aService({ blue: { image: "a:v1", models: "v1" }, green: { image: "a:v2", models: "v1" } }),
        },
      }),
      /^facefusion:services\.facefusion\.green\.models: "v1" gives both colours the same host path, \/models\/v1; accepted: a directory of its own/,
    ],
    [
      "a path that leaves the store",
      withService({ blue: { image: "a:v1", models: "../other" } }),
      /blue\.models: "\.\.\/other" is not accepted; accepted: a relative path/,
    ],
    [
      "a model store of no known kind",
      aConfig({ modelStore: { kind: "ftp" } }),
      /^facefusion:modelStore\.kind: "ftp" is not accepted; accepted: an object whose kind is s3 \(with bucket/,
    ],
    [
      "a model store without a bucket",
      aConfig({ modelStore: { kind: "s3", region: "eu-west-1" } }),
      /^facefusion:modelStore\.bucket: is missing; accepted: an S3 bucket name/,
    ],
    [
      "a model store without a server",
      aConfig({ modelStore: { kind: "nfs" } }),
      /^facefusion:modelStore\.server: is missing; accepted: a DNS name/,
    ],
    [
      "no model store",
      aConfig({ modelStore: undefined }),
      /^facefusion:modelStore: is missing; accepted: an object whose kind is s3/,
    ],
    [
      "no services",
      aConfig({ services: {} }),
      /^facefusion:services: \{\} is not accepted; accepted: an object with at least one service$/,
    ],
    [
      "a service name that Kubernetes refuses",
      aConfig({ services: { Face_Fusion: aService() } }),
      /^facefusion:services\.Face_Fusion: "Face_Fusion" is not accepted as a name; accepted: a service name/,
    ],
    [
      "hosts used twice",
      aConfig({ services: { a: aService({ host: "a.example.com" }), b: aService({ host: "a.example.com" }) } }),
      /^facefusion:services\.b\.host: "a\.example\.com" is taken: a\.example\.com belongs to service a;/,
    ],
    [
      "a host that is another's preview",
      aConfig({ services: { a: aService({ host: "example.com" }), b: aService({ host: "preview.example.com" }) } }),
      /^facefusion:services\.b\.host: "preview\.example\.com" is taken: preview\.example\.com belongs to service a;/,
    ],
    [
      "an unknown instance type",
      withNodes({ instanceType: "m5.large" }, { instanceType: "p4d.24xlarge" }),
      /^facefusion:gpuNodes\.blue\.instanceType: "m5\.large" is not accepted; accepted: one of p3\.2xlarge/,
    ],
    [
      "a family that nobody allowed",
      withNodes({ instanceType: "p4d.24xlarge" }, { instanceType: "g5.xlarge" }),
      /^facefusion:gpuNodes\.green\.instanceType: "g5\.xlarge" is not accepted; accepted: .*to use g5 on purpose, add it to allowedInstanceFamilies$/,
    ],
    [
      "more GPUs than any node has",
      { ...withNodes({ instanceType: "p3.2xlarge" }), services: { facefusion: aService({ gpusPerPod: 2 }) } },
      /^facefusion:services\.facefusion\.gpusPerPod: 2 is not accepted; accepted: at most 1, the GPUs of a p3\.2xlarge node \(gpuNodes\.blue/,
    ],
    [
      "sizes out of order",
      withNodes({ instanceType: "p4d.24xlarge", minSize: 2, desiredSize: 1 }, { instanceType: "p4d.24xlarge" }),
      /^facefusion:gpuNodes\.blue\.desiredSize: 1 is not accepted; accepted: from minSize \(2\) to maxSize \(2\)$/,
    ],
    [
      "a cluster on AWS without GPU nodes",
      aConfig({ cluster: { kind: "adopt", name: "prod", subnetIds: ["subnet-0a", "subnet-0b"] } }),
      /^facefusion:gpuNodes: is missing; accepted: an object with blue and green, since cluster\.kind is adopt$/,
    ],
  ])("%s", (_, raw, expected) => {
    const faults = faultsOf(raw);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(expected);
  });

  it("lists every fault at once, those that involve two keys included", () => {
    const raw = aConfig({
      liveColor: "red",
      colour: "x",
      services: {
        a: aService({ host: "bad_host", replicas: 0 }),
        b: aService({ standbyReplicas: 9, blue: { image: "x:latest" } }),
      },
    });
    const keys = faultsOf(raw).map((fault) => fault.split(": ")[0]);
    expect(keys.sort()).toEqual([
      "facefusion:colour",
      "facefusion:liveColor",
      "facefusion:services.a.host",
      "facefusion:services.a.replicas",
      "facefusion:services.b.blue.image",
      "facefusion:services.b.standbyReplicas",
    ]);
  });

  it("is one readable message", () => {
    expect(() => parseSettings(aConfig({ liveColor: "red" }))).toThrow(
      'the configuration has 1 fault:\n  - facefusion:liveColor: "red" is not accepted; accepted: blue or green',
    );
  });
});

describe("P3 nodes", () => {
  it("are accepted with one warning that names the date and the alternatives", () => {
    const warnings = warningsFor(parseSettings(withNodes({ instanceType: "p3.2xlarge" })));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /gpuNodes\.blue\.instanceType: p3\.2xlarge, gpuNodes\.green.*2025-12-20.*p4d\.24xlarge/,
    );
  });

  it("are the only ones that warn", () => {
    expect(warningsFor(parseSettings(withNodes({ instanceType: "p4d.24xlarge" })))).toEqual([]);
  });
});
