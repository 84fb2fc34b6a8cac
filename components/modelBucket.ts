/**
 * The S3 bucket of the models: encrypted with a key of its own, closed to everybody outside the account, and with a way
 * back from whatever somebody overwrites or deletes.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { EncryptionKey } from "./encryptionKey";

export interface ModelBucketArgs {
  /** Its name, which no other bucket on AWS has. */
  bucket: string;
  /** The region that volumes look for it in: that of the stack, or nothing is made. */
  region: string;
}

/** Days that a file can be brought back after it was overwritten or deleted. */
const noncurrentDays = 90;

/** Days after which what an interrupted upload left is thrown away; S3 asks its price for it until then. */
const interruptedUploadDays = 7;

export class ModelBucket extends pulumi.ComponentResource {
  /** Handed out when the bucket is as it should be, so that nothing is put into it before. */
  readonly arn: pulumi.Output<string>;
  /** Of the KMS key that its objects are encrypted with. */
  readonly keyArn: pulumi.Output<string>;

  constructor(name: string, args: ModelBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:ModelBucket", name, {}, opts);
    // S3 takes the key in the name of whoever asks it for an object: their own policies have to allow it, and suffice.
    const key = new EncryptionKey(
      `${name}-key`,
      { description: `Models in the bucket ${args.bucket}`, users: [] },
      { parent: this },
    );
    const bucket = new aws.s3.Bucket(
      `${name}-bucket`,
      { bucket: inOwnRegion(args, this) },
      // The models of what is live are in it.
      { parent: this, protect: true },
    );
    const settings = [
      ...accessSettings(name, bucket),
      encryption(name, bucket, key.arn),
      ...retention(name, bucket, noncurrentDays),
    ];

    this.arn = pulumi.all([bucket.arn, pulumi.all(settings.map(({ id }) => id))]).apply(([arn]) => arn);
    this.keyArn = key.arn;
    this.registerOutputs({ arn: this.arn, keyArn: this.keyArn });
  }
}

/** The bucket's name, once it is sure that it comes to be where the volumes will look for it. */
function inOwnRegion({ bucket, region }: ModelBucketArgs, parent: ModelBucket): pulumi.Output<string> {
  return aws.getRegionOutput({}, { parent }).region.apply((own) => {
    const fault = bucketFault(region, own);
    if (fault !== undefined) throw new pulumi.RunError(fault);
    return bucket;
  });
}

/** What is wrong with the region that volumes look for the bucket in, in words; undefined where nothing is. */
export function bucketFault(region: string, stackRegion: string): string | undefined {
  if (region === stackRegion) return undefined;
  return (
    `modelStore.region: ${JSON.stringify(region)} is not accepted with create: true; ` +
    `accepted: ${stackRegion}, the stack's own region (aws:region), where the bucket is made`
  );
}

/** Nobody from outside, no ACLs, and no request in the clear. */
function accessSettings(name: string, bucket: aws.s3.Bucket): pulumi.CustomResource[] {
  const ownership = new aws.s3.BucketOwnershipControls(
    `${name}-ownership`,
    { bucket: bucket.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
    { parent: bucket },
  );
  const block = new aws.s3.BucketPublicAccessBlock(
    `${name}-access`,
    {
      bucket: bucket.bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    // S3 refuses two changes of who may reach a bucket at the same time.
    { parent: bucket, dependsOn: ownership },
  );
  const policy = new aws.s3.BucketPolicy(
    `${name}-policy`,
    { bucket: bucket.bucket, policy: tlsOnly(bucket.arn) },
    { parent: bucket, dependsOn: block },
  );
  return [ownership, block, policy];
}

function tlsOnly(arn: pulumi.Output<string>): aws.iam.PolicyDocument {
  const refused = {
    Effect: "Deny" as const,
    Principal: "*",
    Action: "s3:*",
    Resource: [arn, pulumi.interpolate`${arn}/*`],
  };
  return {
    Version: "2012-10-17",
    Statement: [
      { Sid: "TlsOnly", ...refused, Condition: { Bool: { "aws:SecureTransport": "false" } } },
      { Sid: "Tls12", ...refused, Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
    ],
  };
}

function encryption(name: string, bucket: aws.s3.Bucket, keyArn: pulumi.Output<string>): pulumi.CustomResource {
  return new aws.s3.BucketServerSideEncryptionConfiguration(
    `${name}-encryption`,
    {
      bucket: bucket.bucket,
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
          // Else each read of each part of a model is a request to KMS, which has a price and a limit.
          bucketKeyEnabled: true,
        },
      ],
    },
    { parent: bucket },
  );
}

function retention(name: string, bucket: aws.s3.Bucket, days: number): pulumi.CustomResource[] {
  const versioning = new aws.s3.BucketVersioning(
    `${name}-versioning`,
    { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
    { parent: bucket },
  );
  const lifecycle = new aws.s3.BucketLifecycleConfiguration(
    `${name}-lifecycle`,
    {
      bucket: bucket.bucket,
      rules: [
        {
          id: "forget-what-was-replaced",
          status: "Enabled",
          filter: { prefix: "" },
          noncurrentVersionExpiration: { noncurrentDays: days },
          expiration: { expiredObjectDeleteMarker: true },
        },
        {
          id: "drop-interrupted-uploads",
          status: "Enabled",
          filter: { prefix: "" },
          abortIncompleteMultipartUpload: { daysAfterInitiation: interruptedUploadDays },
        },
      ],
    },
    // A rule about earlier versions means nothing until there are any.
    { parent: bucket, dependsOn: versioning },
  );
  return [versioning, lifecycle];
}
