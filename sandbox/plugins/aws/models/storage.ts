/** The requests of S3, EFS and ECR. */
import type { Mappings } from "./mapping";

export const storage: Mappings = {
  "aws:s3/bucket:Bucket": {
    calls: [
      {
        service: "s3",
        operation: "CreateBucket",
        names: {
          objectLockEnabled: "ObjectLockEnabledForBucket",
          tags: "CreateBucketConfiguration.Tags",
        },
        given: ["Bucket"],
      },
    ],
    own: {
      bucketPrefix: "the provider makes the name from it",
      forceDestroy: "it says how to delete",
      ...Object.fromEntries(
        [
          "accelerationStatus",
          "corsRules",
          "grants",
          "lifecycleRules",
          "logging",
          "objectLockConfiguration",
          "policy",
          "replicationConfiguration",
          "requestPayer",
          "serverSideEncryptionConfiguration",
          "versioning",
          "website",
        ].map((input) => [input, "deprecated: it is a resource of its own"]),
      ),
    },
  },
  "aws:s3/bucketVersioning:BucketVersioning": { calls: [{ service: "s3", operation: "PutBucketVersioning" }] },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
    calls: [
      { service: "s3", operation: "PutBucketEncryption", names: { rules: "ServerSideEncryptionConfiguration.Rules" } },
    ],
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    calls: [
      {
        service: "s3",
        operation: "PutPublicAccessBlock",
        into: "PublicAccessBlockConfiguration",
        names: { bucket: "Bucket" },
      },
    ],
    own: { skipDestroy: "it says how to delete" },
  },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
    calls: [
      { service: "s3", operation: "PutBucketLifecycleConfiguration", names: { rules: "LifecycleConfiguration.Rules" } },
    ],
    own: { timeouts: "it says how long to wait" },
  },
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {
    calls: [{ service: "s3", operation: "PutBucketOwnershipControls", names: { rule: "OwnershipControls.Rules" } }],
  },
  "aws:s3/bucketPolicy:BucketPolicy": { calls: [{ service: "s3", operation: "PutBucketPolicy" }] },
  "aws:s3/bucketLogging:BucketLogging": {
    calls: [
      {
        service: "s3",
        operation: "PutBucketLogging",
        into: "BucketLoggingStatus.LoggingEnabled",
        names: { bucket: "Bucket", expectedBucketOwner: "ExpectedBucketOwner" },
      },
    ],
  },

  "aws:efs/fileSystem:FileSystem": {
    calls: [
      { service: "efs", operation: "CreateFileSystem", given: ["CreationToken"] },
      {
        service: "efs",
        operation: "PutLifecycleConfiguration",
        names: { lifecyclePolicies: "LifecyclePolicies" },
        given: ["FileSystemId"],
      },
      { service: "efs", operation: "UpdateFileSystemProtection", names: { protection: "" } },
    ],
  },
  "aws:efs/mountTarget:MountTarget": { calls: [{ service: "efs", operation: "CreateMountTarget" }] },
  "aws:efs/accessPoint:AccessPoint": {
    calls: [{ service: "efs", operation: "CreateAccessPoint", given: ["ClientToken"] }],
  },
  "aws:efs/fileSystemPolicy:FileSystemPolicy": { calls: [{ service: "efs", operation: "PutFileSystemPolicy" }] },
  "aws:efs/backupPolicy:BackupPolicy": { calls: [{ service: "efs", operation: "PutBackupPolicy" }] },

  "aws:ecr/repository:Repository": {
    calls: [
      {
        service: "ecr",
        operation: "CreateRepository",
        names: { name: "repositoryName" },
        given: ["repositoryName"],
      },
    ],
    own: { forceDelete: "it says how to delete" },
  },
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": {
    calls: [
      {
        service: "ecr",
        operation: "PutLifecyclePolicy",
        names: { policy: "lifecyclePolicyText", repository: "repositoryName" },
      },
    ],
  },
  "aws:ecr/repositoryPolicy:RepositoryPolicy": {
    calls: [
      {
        service: "ecr",
        operation: "SetRepositoryPolicy",
        names: { policy: "policyText", repository: "repositoryName" },
      },
    ],
  },
};
