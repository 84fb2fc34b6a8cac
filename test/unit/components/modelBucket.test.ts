import { describe, expect, it } from "vitest";
import { bucketFault, ModelBucket } from "../../../components/modelBucket";
import { at, type Graph } from "../../support/graph";
import { record, valueOf } from "../../support/mocks";

const keyArn = "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d";
const args = { bucket: "models-of-ours", region: "eu-west-1" };

async function graphOf(): Promise<Graph> {
  return (await record(() => new ModelBucket("models", args))).graph;
}

describe("the bucket of the models", () => {
  it("is one bucket with a key and settings of its own, and cannot be deleted by mistake", async () => {
    const graph = await graphOf();
    expect(graph.toString()).toBe(
      `
ModelBucket models
  Bucket models-bucket
    BucketLifecycleConfiguration models-lifecycle
    BucketOwnershipControls models-ownership
    BucketPolicy models-policy
    BucketPublicAccessBlock models-access
    BucketServerSideEncryptionConfiguration models-encryption
    BucketVersioning models-versioning
  EncryptionKey models-key
    Key models-key-key
      Alias models-key-alias
`.trim(),
    );
    const bucket = graph.one("Bucket", "models-bucket");
    expect(bucket.protect).toBe(true);
    expect(bucket.inputs).toEqual({ bucket: "models-of-ours" });
  });

  it("lets nobody in from outside", async () => {
    const graph = await graphOf();
    expect(graph.one("BucketPublicAccessBlock", "models-access").inputs).toEqual({
      bucket: "models-of-ours",
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(at(graph.one("BucketOwnershipControls", "models-ownership").inputs, "rule")).toEqual({
      objectOwnership: "BucketOwnerEnforced",
    });
  });

  it("refuses every request that is not encrypted on the way", async () => {
    const graph = await graphOf();
    const refused = {
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: ["arn:aws:s3:::models-of-ours", "arn:aws:s3:::models-of-ours/*"],
    };
    expect(at(graph.one("BucketPolicy", "models-policy").inputs, "policy.Statement")).toEqual([
      { Sid: "TlsOnly", ...refused, Condition: { Bool: { "aws:SecureTransport": "false" } } },
      { Sid: "Tls12", ...refused, Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
    ]);
  });

  it("changes who may reach it one step after the other, as S3 demands", async () => {
    const graph = await graphOf();
    const [ownership, block, policy] = [
      graph.one("BucketOwnershipControls", "models-ownership"),
      graph.one("BucketPublicAccessBlock", "models-access"),
      graph.one("BucketPolicy", "models-policy"),
    ];
    expect(graph.waitsFor(policy, block)).toBe(true);
    expect(graph.waitsFor(block, ownership)).toBe(true);
  });

  it("encrypts with its own key", async () => {
    const graph = await graphOf();
    expect(at(graph.one("BucketServerSideEncryptionConfiguration", "models-encryption").inputs, "rules")).toEqual([
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
        bucketKeyEnabled: true,
      },
    ]);
  });

  it("keeps what was overwritten for 90 days, and forgets interrupted uploads after 7", async () => {
    const graph = await graphOf();
    const versioning = graph.one("BucketVersioning", "models-versioning");
    const lifecycle = graph.one("BucketLifecycleConfiguration", "models-lifecycle");
    expect(at(versioning.inputs, "versioningConfiguration.status")).toBe("Enabled");
    expect(at(lifecycle.inputs, "rules.0.noncurrentVersionExpiration.noncurrentDays")).toBe(90);
    expect(at(lifecycle.inputs, "rules.1.abortIncompleteMultipartUpload.daysAfterInitiation")).toBe(7);
    // Nothing that is current ever goes by itself.
    expect(at(lifecycle.inputs, "rules.0.expiration")).toEqual({ expiredObjectDeleteMarker: true });
    expect(graph.waitsFor(lifecycle, versioning)).toBe(true);
  });

  it("tells its ARN and its key's", async () => {
    const { made } = await record(() => new ModelBucket("models", args));
    expect(await valueOf(made.arn)).toBe("arn:aws:s3:::models-of-ours");
    expect(await valueOf(made.keyArn)).toBe(keyArn);
  });

  it("is refused in another region than the stack's, where no volume would find it", () => {
    expect(bucketFault("eu-west-1", "eu-west-1")).toBeUndefined();
    expect(bucketFault("us-east-1", "eu-west-1")).toMatch(/"us-east-1" is not accepted .* accepted: eu-west-1/);
  });
});
