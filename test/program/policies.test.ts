/** The policy pack on the real engine. The fixture breaks each policy, and keeps to it beside that. */
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { root } from "../../sandbox/layout";
import { fixtureProject, verdictOn, withoutOutputs, type Verdict } from "../support/policies";

const config = {
  "aws:region": "eu-west-1",
  "facefusion:budget": { monthlyUsd: 1000 },
  "facefusion:liveColor": "green",
  "facefusion:services": { "no-route": { host: "no-route.example.com" } },
};

describe("a program that breaks every policy", () => {
  let verdict: Verdict;
  beforeAll(async () => {
    verdict = await verdictOn(fixtureProject("policies-broken", "violations", withoutOutputs), "dev", { config });
  });

  // What each violation begins with, and a part of what it says is wrong. What is right is in none, but as one of two.
  const expected: Record<string, [string, string][]> = {
    "gpu-instance-families": [["other-family", "g6.xlarge is of family g6; allowed: p3, p3dn, p4d, p4de"]],
    "gpu-scale-down-schedule": [
      ["always-on", "no schedule is for its Auto Scaling group"],
      ["never-fewer", "off-peak has as many nodes as peak (never-fewer-schedule: 2 nodes"],
      ["same-at-night", "off-peak has as many nodes as peak (same-at-night"],
    ],
    "no-public-buckets": [
      ["half-open-access", "restrictPublicBuckets is false. Set restrictPublicBuckets: true."],
      ["open-bucket", "no aws.s3.BucketPublicAccessBlock is for it"],
    ],
    "bucket-encryption": [["bucket-in-the-clear", "server-side encryption is not set"]],
    "encryption-at-rest": [
      ["disk-in-the-clear", 'disk /dev/xvda has encrypted not set. Set ebs.encrypted: "true".'],
      ["files-in-the-clear", "encrypted is not set"],
      ["images-in-the-clear", "encryptionType is not set"],
      ["no-template", "launchTemplate is not set, and EKS does not encrypt the disks of its own"],
      ["secrets-in-the-clear", "encryptionConfig is not set"],
    ],
    "imdsv2-required": [
      ["imdsv1", 'metadataOptions.httpTokens is optional. Set it to "required".'],
      ["no-template", "launchTemplate is not set, and EKS's own takes IMDSv1"],
    ],
    "restricted-containers": [
      ["adds-capabilities", 'container main has capabilities.add ["SYS_ADMIN"]'],
      ["as-root", "container main has runAsNonRoot false"],
      ["keeps-capabilities", "container main has capabilities.drop not set"],
      ["may-become-more", "container main has allowPrivilegeEscalation true"],
      ["no-seccomp", "container main has seccompProfile.type Unconfined"],
      ["on-host-network", "hostNetwork is true"],
      ["privileged", "container main has privileged true"],
      ["writes-its-root", "container main has readOnlyRootFilesystem false"],
    ],
    "unique-image-tags": [
      ["latest", "container main has image registry.example.com/facefusion:latest"],
      ["no-tag", "container main has image registry.example.com:5000/facefusion."],
    ],
    "one-ingress-per-host": [
      ["any-host", "a rule has no host"],
      ["right-route and same-host", "host facefusion.example.com is in 2 Ingresses"],
      ["service no-route", "host no-route.example.com is in no Ingress"],
    ],
    "ingress-backend-is-a-color": [
      ["to-another-color", "backend right-detection-red selects color red"],
      ["to-another-service", "backend facefusion-blue belongs to service facefusion"],
      ["to-both-colors", "backend right-beauty selects Pods of no colour"],
      ["to-nothing", "backend facefusion-purple is no Service of this stack"],
    ],
    "colors-share-no-nodes": [
      ["of-no-color", "label color is not set"],
      ["on-any-nodes", "nodeSelector color is not set, and the Pods' label is blue"],
      ["on-nodes-of-the-other", "nodeSelector color is green, and the Pods' label is blue"],
      ["open-to-all", "taint nvidia.com/gpu is not set"],
      ["taint-of-the-other", "taint nvidia.com/gpu has value green"],
      ["tolerates-all", "the toleration of nvidia.com/gpu is for every colour"],
    ],
    "max-monthly-cost": [
      ["no-price", "there is no price for p3dn.24xlarge in sa-east-1"],
      ["other-family", "there is no price for g6.xlarge in eu-west-1"],
      ["the stack", "and the limit is $1,000"],
    ],
  };

  it.each(Object.entries(expected))("violates %s, wherever it breaks it and nowhere else", (policy, lines) => {
    const messages = verdict.violations[policy] ?? [];
    expect(messages.map((message) => lines.find(([start, what]) => isAbout(message, start, what)))).toEqual(lines);
  });

  it("is refused, by the policies of the table in docs/policy.md and no others", () => {
    expect(verdict.passed).toBe(false);
    const documented = readFileSync(path.join(root, "docs", "policy.md"), "utf8").matchAll(/^\| `([a-z0-9-]+)`/gm);
    expect(Object.keys(verdict.violations).sort()).toEqual([...documented].map(([, policy]) => policy).sort());
  });
});

describe("what is allowed on purpose", () => {
  it("is a family, a budget and production's own hours, in the stack's file", async () => {
    const { violations } = await verdictOn(fixtureProject("policies-stack", "violations"), "prod", {
      config: {
        ...config,
        "facefusion:allowedInstanceFamilies": ["g6"],
        "facefusion:budget": { monthlyUsd: 1_000_000 },
      },
    });
    expect(violations).not.toHaveProperty("gpu-instance-families");
    expect(violations).not.toHaveProperty("gpu-scale-down-schedule");
    expect(violations["max-monthly-cost"]?.join()).not.toContain("the stack costs");
    expect(violations).toHaveProperty("no-public-buckets");
    // Known here, where the other run had to find the Service by what the Ingress is made from.
    expect(violations["ingress-backend-is-a-color"]?.join()).toContain("backend detection-red selects color red");
  });

  it("is what the pack's own configuration says, whatever the stack says", async () => {
    const { violations, advice } = await verdictOn(fixtureProject("policies-pack", "violations"), "dev", {
      config: { ...config, "facefusion:allowedInstanceFamilies": ["g6"] },
      packConfig: {
        "gpu-instance-families": { allowedInstanceFamilies: ["g5"] },
        "gpu-scale-down-schedule": { exemptStacks: ["dev"] },
        "max-monthly-cost": { maxMonthlyUsd: 2000 },
        "unique-image-tags": "advisory",
        "no-public-buckets": "disabled",
      },
    });
    expect(violations["gpu-instance-families"]?.join()).toContain("allowed: p3, p3dn, p4d, p4de, g5.");
    expect(violations).not.toHaveProperty("gpu-scale-down-schedule");
    expect(violations["max-monthly-cost"]?.join()).toContain("the limit is $2,000");
    expect(violations).not.toHaveProperty("unique-image-tags");
    expect(advice.join()).toContain("unique-image-tags: latest: container main has image");
    expect(violations).not.toHaveProperty("no-public-buckets");
  });
});

function isAbout(message: string, start: string, what: string): boolean {
  return (message.startsWith(`${start}: `) || message.startsWith(`${start} `)) && message.includes(what);
}
