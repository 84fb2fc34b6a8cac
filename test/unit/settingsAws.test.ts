import { describe, expect, it } from "vitest";
import { parseSettings, warningsFor } from "../../settings";
import { aConfig, aService, faultsOf, withNodes } from "../support/config";

const onP4 = (more: Record<string, unknown>) => withNodes({ instanceType: "p4d.24xlarge" }, undefined, more);
const aSchedule = { timeZone: "Europe/Berlin", days: ["mon", "fri"], from: "07:00", until: "20:00" };
const aCluster = (change: object) => onP4({ cluster: { kind: "create", ...change } });
const aReservation = { kind: "reservation", id: "cr-0a1b2c3d4e5f60789" };
const twoPods = { services: { facefusion: aService({ gpusPerPod: 2 }) } };
const ownNodes = (blue: object, green: object = blue) => ({
  services: { facefusion: aService({ gpuNodes: { blue, green } }) },
});

describe("an accepted configuration for AWS", () => {
  it("takes another NVIDIA family that is allowed on purpose", () => {
    expect(faultsOf(withNodes({ instanceType: "g5.xlarge" }, undefined, { allowedInstanceFamilies: ["g5"] }))).toEqual(
      [],
    );
  });

  it("makes the whole cluster by its kind alone", () => {
    expect(parseSettings(aCluster({})).cluster).toEqual({
      kind: "create",
      version: "1.35",
      network: { kind: "create", cidr: "10.20.0.0/16", zones: 3, natGateways: "perZone" },
      publicAccessCidrs: [],
      access: [],
      systemNodes: { instanceType: "m7i.large", minSize: 2, maxSize: 4 },
      logRetentionDays: 90,
    });
  });

  it("has nodes of a service's own beside those that all share", () => {
    expect(faultsOf(onP4(ownNodes({ instanceType: "p3.8xlarge" })))).toEqual([]);
  });

  it("needs no shared nodes where every service has its own", () => {
    expect(faultsOf({ ...onP4(ownNodes({ instanceType: "p4d.24xlarge" })), gpuNodes: undefined })).toEqual([]);
  });
});

describe("a fault of a configuration for AWS names the key, the value and what is accepted", () => {
  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      "nodes that cannot hold all Pods and one more",
      withNodes(
        { instanceType: "p4d.24xlarge", maxSize: 1 },
        { instanceType: "p4d.24xlarge", maxSize: 2 },
        {
          services: { facefusion: aService({ replicas: 4, gpusPerPod: 2 }) },
        },
      ),
      /gpuNodes\.blue\.maxSize: 1 is not accepted; accepted: at least 2: all Pods at peak and one more, for rollouts, want 10 GPUs/,
    ],
    [
      "nodes that cannot hold all Pods because two do not fit on one",
      withNodes(
        { instanceType: "p4d.24xlarge", maxSize: 3 },
        { instanceType: "p4d.24xlarge", maxSize: 4 },
        { services: { facefusion: aService({ replicas: 3, gpusPerPod: 5 }) } },
      ),
      /gpuNodes\.blue\.maxSize: 3 is not accepted; accepted: at least 4: all Pods at peak and one more/,
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
      { ...withNodes({ instanceType: "p3.2xlarge" }), ...twoPods },
      /^facefusion:services\.facefusion\.gpusPerPod: 2 is not accepted; accepted: at most 1, the GPUs of a p3\.2xlarge node \(gpuNodes\.blue/,
    ],
    [
      "sizes out of order",
      withNodes({ instanceType: "p4d.24xlarge", minSize: 2, desiredSize: 1 }, { instanceType: "p4d.24xlarge" }),
      /^facefusion:gpuNodes\.blue\.desiredSize: 1 is not accepted; accepted: from minSize \(2\) to maxSize \(4\)$/,
    ],
    [
      "a cluster on AWS without GPU nodes",
      aConfig({ cluster: { kind: "adopt", name: "prod", subnetIds: ["subnet-0a", "subnet-0b"] } }),
      /^facefusion:gpuNodes: is missing; accepted: an object with blue and green, since cluster\.kind is adopt$/,
    ],
    [
      "nodes for a cluster that has its own",
      aConfig({ gpuNodes: { blue: { instanceType: "p4d.24xlarge" }, green: { instanceType: "p4d.24xlarge" } } }),
      /^facefusion:gpuNodes: a cluster of kind kubeconfig has its nodes already; accepted: no gpuNodes, or/,
    ],
    [
      "a family that nobody allowed, for one service's nodes",
      onP4(ownNodes({ instanceType: "p4d.24xlarge" }, { instanceType: "g6.xlarge" })),
      /^facefusion:services\.facefusion\.gpuNodes\.green\.instanceType: "g6\.xlarge" is not accepted; accepted: .*to use g6 on/,
    ],
    [
      "one service's nodes that cannot hold its Pods",
      onP4(ownNodes({ instanceType: "p3.2xlarge", maxSize: 2 }, { instanceType: "p3.2xlarge" })),
      /^facefusion:services\.facefusion\.gpuNodes\.blue\.maxSize: 2 is not accepted; accepted: at least 3: all Pods/,
    ],
    [
      "a capacity of no known kind",
      withNodes({ instanceType: "p4d.24xlarge", capacity: { kind: "SPOT" } }, { instanceType: "p4d.24xlarge" }),
      /^facefusion:gpuNodes\.blue\.capacity\.kind: "SPOT" is not accepted; accepted: an object whose kind is onDemand, spot,/,
    ],
    [
      "a capacity block without its reservation",
      withNodes({ instanceType: "p4d.24xlarge", capacity: { kind: "block" } }, { instanceType: "p4d.24xlarge" }),
      /^facefusion:gpuNodes\.blue\.capacity\.id: is missing; accepted: the id of a capacity reservation/,
    ],
    [
      "a zone that is a region",
      withNodes({ instanceType: "p4d.24xlarge", zone: "eu-west-1" }, { instanceType: "p4d.24xlarge" }),
      /^facefusion:gpuNodes\.blue\.zone: "eu-west-1" is not accepted; accepted: an availability zone such as eu-west-1a$/,
    ],
    [
      "an end of peak before its beginning",
      onP4({ schedule: { ...aSchedule, until: "06:00" } }),
      /^facefusion:schedule\.until: "06:00" is not accepted; accepted: a time after from, which is 07:00/,
    ],
    [
      "nights too short to take nodes down and up again",
      onP4({ schedule: { ...aSchedule, days: ["mon", "tue"], from: "00:30", until: "23:45" } }),
      /^facefusion:schedule: 45 minutes of off-peak from 23:45 to 00:30 are too few: .*accepted: a longer night, or no schedule$/,
    ],
    [
      "a time that no clock shows",
      onP4({ schedule: { ...aSchedule, from: "7:00" } }),
      /^facefusion:schedule\.from: "7:00" is not accepted; accepted: a time of day such as 07:00$/,
    ],
    [
      "a time zone that does not exist",
      onP4({ schedule: { ...aSchedule, timeZone: "Europe/Bonn" } }),
      /^facefusion:schedule\.timeZone: "Europe\/Bonn" is not accepted; accepted: a time zone by its IANA name/,
    ],
    [
      "an offset instead of a time zone",
      onP4({ schedule: { ...aSchedule, timeZone: "+02:00" } }),
      /^facefusion:schedule\.timeZone: "\+02:00" is not accepted/,
    ],
    [
      "a day that is none",
      onP4({ schedule: { ...aSchedule, days: ["monday"] } }),
      /^facefusion:schedule\.days\[0\]: "monday" is not accepted; accepted: mon or tue/,
    ],
    [
      "a Kubernetes version that EKS does not offer",
      aCluster({ version: "1.28" }),
      /^facefusion:cluster\.version: "1\.28" is not accepted; accepted: .*1\.35 or 1\.36$/,
    ],
    [
      "a network too small for the Pods' addresses",
      aCluster({ network: { kind: "create", cidr: "10.0.0.0/24" } }),
      /^facefusion:cluster\.network\.cidr: "10\.0\.0\.0\/24" is not accepted; accepted: a network such as .*from \/16 to \/20$/,
    ],
    [
      "an API server that is open to the world",
      aCluster({ publicAccessCidrs: ["0.0.0.0/0"] }),
      /^facefusion:cluster\.publicAccessCidrs\[0\]: "0\.0\.0\.0\/0" is not accepted; accepted: .*from \/8 to \/32$/,
    ],
    [
      "access for what is no principal",
      aCluster({ access: [{ principalArn: "platform-team" }] }),
      /^facefusion:cluster\.access\[0\]\.principalArn: "platform-team" is not accepted; accepted: the ARN of an IAM role/,
    ],
    [
      "access as one of the system's own groups, which EKS refuses",
      aCluster({ access: [{ principalArn: "arn:aws:iam::123456789012:role/a", groups: ["system:masters"] }] }),
      /^facefusion:cluster\.access\[0\]\.groups\[0\]: "system:masters" is not accepted/,
    ],
    [
      "fewer system nodes at most than at least",
      aCluster({ systemNodes: { minSize: 4, maxSize: 3 } }),
      /^facefusion:cluster\.systemNodes\.maxSize: 3 is not accepted; accepted: at least minSize, 4$/,
    ],
    [
      "days that CloudWatch does not keep logs for",
      aCluster({ logRetentionDays: 100 }),
      /^facefusion:cluster\.logRetentionDays: 100 is not accepted; accepted: one of 1, 3, 5, 7, 14, 30, 60, 90, 120,/,
    ],
    [
      "a bucket to be made for a cluster that is not on AWS",
      aConfig({ modelStore: { kind: "s3", bucket: "models", region: "eu-west-1", create: true } }),
      /^facefusion:modelStore\.create: true is not accepted; accepted: false, or cluster\.kind adopt or create/,
    ],
    [
      "a key for a bucket that is made here",
      onP4({
        modelStore: {
          kind: "s3",
          bucket: "models",
          region: "eu-west-1",
          create: true,
          keyArn: "arn:aws:kms:a:1:key/b",
        },
      }),
      /^facefusion:modelStore\.keyArn: "arn:aws:kms:a:1:key\/b" is not accepted; accepted: no keyArn: a bucket/,
    ],
    [
      "a file system to be made for a cluster that is not on AWS",
      aConfig({ modelStore: { kind: "efs" } }),
      /^facefusion:modelStore\.fileSystemId: is missing; accepted: the id of a file system, or cluster\.kind/,
    ],
    [
      "cert-manager where the controllers are somebody else's",
      onP4({ certManager: { email: "ops@example.com", hostedZoneId: "Z0123456789" } }),
      /^facefusion:certManager: cert-manager is installed with the other controllers; accepted: no certManager, or/,
    ],
    [
      "disks that the machine does not have",
      withNodes({ instanceType: "p3.8xlarge", instanceStore: true }, { instanceType: "p3.8xlarge" }),
      /^facefusion:gpuNodes\.blue\.instanceStore: true is not accepted; accepted: false: p3\.8xlarge has no disks of its own$/,
    ],
    [
      "a reservation without its zone",
      withNodes({ instanceType: "p4d.24xlarge", capacity: aReservation }, { instanceType: "p4d.24xlarge" }),
      /^facefusion:gpuNodes\.blue\.zone: is missing; accepted: the zone of cr-0a1b2c3d4e5f60789, whose machines/,
    ],
    [
      "a release of the node image for a later version of Kubernetes",
      withNodes(
        { instanceType: "p4d.24xlarge", amiRelease: "1.36.0-20260917" },
        { instanceType: "p4d.24xlarge" },
        { cluster: { kind: "create" } },
      ),
      /^facefusion:gpuNodes\.blue\.amiRelease: .*1\.36\.0-20260917 is not for Kubernetes 1\.35.*accepted: a release such as/,
    ],
    [
      "jobs that the load balancer ends",
      onP4({
        ingress: { kind: "install", certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/a" },
        services: { facefusion: aService({ requestTimeoutSeconds: 351 }) },
      }),
      /^facefusion:services\.facefusion\.requestTimeoutSeconds: 351 is not accepted; accepted: at most 350 where TLS ends/,
    ],
    [
      "pipelines without a guard that says what they may",
      onP4({ ci: { github: { repository: "example/facefusion" } } }),
      /^facefusion:guard: is missing; accepted: an object with groups, viewers and contact: what the pipelines/,
    ],
    [
      "pipelines as one of the system's groups",
      onP4({ ci: { github: { repository: "a/b" } }, guard: { groups: ["system:masters"], contact: "us" } }),
      /^facefusion:guard: "system:masters" cannot be given to the pipelines of ci: EKS keeps/,
    ],
    [
      "pipelines for a cluster that is not on AWS",
      aConfig({ ci: { github: { repository: "a/b" } } }),
      /^facefusion:ci: its roles are for an EKS cluster; accepted: no ci, or/,
    ],
    [
      "a repository without its owner",
      onP4({ ci: { github: { repository: "facefusion" } }, guard: { groups: ["r"], contact: "us" } }),
      /^facefusion:ci\.github\.repository: "facefusion" is not accepted; accepted: owner\/name, or owner@id\/name@id/,
    ],
    [
      "a budget that nobody hears of",
      onP4({ budget: { monthlyUsd: 100, emails: [] } }),
      /^facefusion:budget\.emails: \[\] is not accepted; accepted: a list of one to ten email addresses$/,
    ],
  ])("%s", (_, raw, expected) => {
    const faults = faultsOf(raw);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(expected);
  });
});

describe("P3 nodes", () => {
  it("are accepted with a warning for each colour that names the date and the alternatives", () => {
    const warnings = warningsFor(parseSettings(withNodes({ instanceType: "p3.2xlarge" })));
    expect(warnings).toEqual([
      expect.stringMatching(/^gpuNodes\.blue\.instanceType: .*p3\.2xlarge by 2025-12-20.*p4d\.24xlarge.*g5/),
      expect.stringMatching(/^gpuNodes\.green\.instanceType: /),
    ]);
  });

  it("warn as a service's own, too", () => {
    const settings = parseSettings(onP4(ownNodes({ instanceType: "p4d.24xlarge" }, { instanceType: "p3.8xlarge" })));
    expect(warningsFor(settings)).toEqual([
      expect.stringMatching(/^services\.facefusion\.gpuNodes\.green\.instanceType:/),
    ]);
  });

  it("are the only ones that warn", () => {
    expect(warningsFor(parseSettings(withNodes({ instanceType: "p4d.24xlarge" })))).toEqual([]);
  });
});
