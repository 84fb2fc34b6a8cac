import { describe, expect, it } from "vitest";
import { parseSettings } from "../../settings";
import { aConfig, aService, faultsOf } from "../support/config";

const withService = (change: Record<string, unknown>) => aConfig({ services: { facefusion: aService(change) } });
const aVerification = { image: "registry.example.com/facefusion-verification:v1.0.0" };
const aGuard = { groups: ["release-managers"], contact: "#releases" };

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

  it.each([
    [true, true],
    ["true", true],
    ["false", false],
  ])("takes %j for a yes or no, as YAML and the engine write it", (protect, meant) => {
    expect(parseSettings(aConfig({ protect })).protect).toBe(meant);
  });

  it("fills in the budgets of a verification, each by itself", () => {
    const verification = { ...aVerification, resources: { requests: 5 }, stability: { maxRestarts: 2 } };
    expect(parseSettings(withService({ verification })).services["facefusion"]?.verification).toMatchObject({
      timeoutSeconds: 600,
      accuracy: { maxIdentityDistance: 0.5 },
      resources: { requests: 5, maxSlowdown: 1.5 },
      stability: { maxRestarts: 2, maxErrorLines: 0 },
    });
  });
});

describe("a fault names the key, the value and what is accepted", () => {
  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      "a service that nothing verifies",
      withService({ verification: undefined }),
      /^facefusion:services.facefusion.verification: is missing; accepted: an object with image/,
    ],
    [
      "a check image that is not pinned",
      withService({ verification: { image: "facefusion-verification:latest" } }),
      /^facefusion:services.facefusion.verification.image: "facefusion-verification:latest" is not accepted/,
    ],
    [
      "an unknown budget",
      withService({ verification: { ...aVerification, resources: { maxLatencySeconds: 3 } } }),
      /^facefusion:services.facefusion.verification.resources.maxLatencySeconds: unknown key \(did you mean maxLatencyP95Seconds\?\)/,
    ],
    [
      "a budget out of its range",
      withService({ verification: { ...aVerification, accuracy: { minSimilarity: 90 } } }),
      /^facefusion:services.facefusion.verification.accuracy.minSimilarity: 90 is not accepted; accepted: a number from 0 to 1$/,
    ],
    [
      "a gate that is skipped for another image than either colour's",
      withService({ skipVerification: { image: "registry.example.com/facefusion:v3", reason: "an emergency" } }),
      /^facefusion:services.facefusion.skipVerification.image: .* accepted: the image of one of the colours, .*:v1.0.0 or .*:v2.0.0; once neither has it/,
    ],
    [
      "a gate that is skipped without a reason",
      withService({ skipVerification: { image: "registry.example.com/facefusion:v2.0.0", reason: "because" } }),
      /^facefusion:services.facefusion.skipVerification.reason: "because" is not accepted; accepted: a sentence that says why/,
    ],
    [
      "a guard that lets nobody pass",
      aConfig({ guard: { contact: "#releases" } }),
      /^facefusion:guard.groups: is missing; accepted: one group at least, or a service account/,
    ],
    [
      "a guard that names nobody to ask",
      aConfig({ guard: { ...aGuard, contact: undefined } }),
      /^facefusion:guard.contact: is missing; accepted: whom to ask/,
    ],
    [
      "a releaser that anybody who may edit the services could act as",
      aConfig({ namespace: "vision", guard: { ...aGuard, serviceAccounts: ["ci/release", "vision/release"] } }),
      /^facefusion:guard.serviceAccounts\[1\]: "vision\/release" is not accepted; accepted: a service account of another namespace/,
    ],
    ...["system:authenticated", "system:unauthenticated", "system:serviceaccounts", "system:serviceaccounts:ci"].map(
      (group): [string, Record<string, unknown>, RegExp] => [
        `a guard that lets all of ${group} pass`,
        aConfig({ guard: { ...aGuard, groups: ["release-managers", group] } }),
        new RegExp(
          `^facefusion:guard.groups\\[1\\]: "${group}" is not accepted; accepted: a group of people who release`,
        ),
      ],
    ),
    [
      "a yes or no that is neither",
      aConfig({ protect: "maybe" }),
      /^facefusion:protect: "maybe" is not accepted; accepted: true or false$/,
    ],
    [
      "a notification to no URL",
      aConfig({ notifications: { slack: "#releases" } }),
      // The value may be a secret that lacks only its scheme.
      /^facefusion:notifications.slack: the value is not accepted; accepted: an http or https URL$/,
    ],
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
      "jobs that may take longer than their Pod has to stop",
      withService({ requestTimeoutSeconds: 591 }),
      /requestTimeoutSeconds: 591 is not accepted; accepted: at most 590: a job must be able to finish/,
    ],
    [
      "TLS at the load balancer and at NGINX",
      aConfig({
        ingress: { kind: "install", certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/0a" },
        services: { facefusion: aService({ requestTimeoutSeconds: 300, tls: { kind: "secret", name: "tls" } }) },
      }),
      /services\.facefusion\.tls: TLS ends at the load balancer already/,
    ],
    [
      "a variable that the program sets itself",
      withService({ blue: { image: "a:v1", env: { COLOR: "green" } } }),
      /env\.COLOR: "COLOR" is not accepted as a name; accepted: .*COLOR, VERSION, PORT are set by the program/,
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
