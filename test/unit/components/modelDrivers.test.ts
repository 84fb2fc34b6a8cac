import { describe, expect, it } from "vitest";
import { ModelDrivers, type ModelDriversArgs } from "../../../components/modelDrivers";
import { at, type Graph } from "../../support/graph";
import { record } from "../../support/mocks";

const s3: ModelDriversArgs["source"] = {
  kind: "s3",
  bucketArn: "arn:aws:s3:::models-of-ours",
  prefix: "models",
  keyArn: "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d",
};

async function graphOf(source: ModelDriversArgs["source"]): Promise<Graph> {
  return (await record(() => new ModelDrivers("drivers", { clusterName: "inference", source }))).graph;
}

describe("the driver for S3", () => {
  it("is Mountpoint's add-on in a pinned version, after the identity that it reads with", async () => {
    const graph = await graphOf(s3);
    expect(graph.toString()).toBe(
      `
ModelDrivers drivers
  Addon drivers-s3
  PodIdentity drivers-s3-identity
    PodIdentityAssociation drivers-s3-identity-association
    Role drivers-s3-identity-role
      RolePolicy drivers-s3-identity-policy
`.trim(),
    );
    const addon = graph.one("Addon", "drivers-s3");
    expect(addon.inputs).toMatchObject({
      clusterName: "inference",
      addonName: "aws-mountpoint-s3-csi-driver",
      addonVersion: "v2.7.0-eksbuild.1",
    });
    const association = graph.one("PodIdentityAssociation", "drivers-s3-identity-association");
    expect(association.inputs).toMatchObject({ namespace: "kube-system", serviceAccount: "s3-csi-driver-sa" });
    expect(graph.waitsFor(addon, association)).toBe(true);
  });

  it("reads the models' prefix and no other, and writes nothing", async () => {
    const graph = await graphOf(s3);
    expect(at(graph.one("RolePolicy", "drivers-s3-identity-policy").inputs, "policy.Statement")).toEqual([
      {
        Sid: "List",
        Effect: "Allow",
        Action: "s3:ListBucket",
        Resource: "arn:aws:s3:::models-of-ours",
        Condition: { StringLike: { "s3:prefix": "models/*" } },
      },
      { Sid: "Read", Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::models-of-ours/models/*" },
      { Sid: "Decrypt", Effect: "Allow", Action: "kms:Decrypt", Resource: s3.keyArn },
    ]);
  });

  it("needs no key where the bucket has none of its own", async () => {
    const graph = await graphOf({ ...s3, keyArn: undefined });
    const policy = at(graph.one("RolePolicy", "drivers-s3-identity-policy").inputs, "policy");
    expect(JSON.stringify(policy)).not.toContain("kms:");
  });
});

describe("the driver for EFS", () => {
  it("is its add-on in a pinned version, with no permissions at all", async () => {
    const graph = await graphOf({ kind: "efs" });
    expect(graph.toString()).toBe("ModelDrivers drivers\n  Addon drivers-efs");
    expect(graph.one("Addon", "drivers-efs").inputs).toMatchObject({
      addonName: "aws-efs-csi-driver",
      addonVersion: "v3.4.1-eksbuild.1",
    });
  });
});
