/**
 * The AWS resources that the recorder can plan, one row per type. The test of this table holds it against @pulumi/aws.
 *
 * Source of `forceNew` and `maxLength`: the schemas of terraform-provider-aws, which the official provider is made of.
 */
import { arn, type Kinds } from "./kind";
import { networkKinds } from "./networkKinds";

const ofBucket = { computed: [], forceNew: ["bucket"] };

export const kinds: Kinds = {
  ...networkKinds,

  "aws:eks/cluster:Cluster": {
    computed: [
      ...arn,
      "certificateAuthority",
      "clusterId",
      "createdAt",
      "endpoint",
      "identities",
      "platformVersion",
      "status",
      "vpcConfig.clusterSecurityGroupId",
      "vpcConfig.vpcId",
    ],
    forceNew: ["bootstrapSelfManagedAddons", "name", "outpostConfig", "roleArn"],
    autoname: { property: "name", maxLength: 100 },
  },
  "aws:eks/nodeGroup:NodeGroup": {
    computed: [...arn, "resources", "status"],
    // Of the launch template, id and name need a new group too, but its version, which changes often, does not.
    forceNew: [
      "amiType",
      "capacityType",
      "clusterName",
      "diskSize",
      "instanceTypes",
      "nodeGroupName",
      "nodeGroupNamePrefix",
      "nodeRoleArn",
      "remoteAccess",
      "subnetIds",
    ],
    autoname: { property: "nodeGroupName", maxLength: 63 },
  },
  "aws:eks/addon:Addon": {
    computed: [...arn, "createdAt", "modifiedAt"],
    forceNew: ["addonName", "clusterName"],
  },
  "aws:eks/accessEntry:AccessEntry": {
    computed: ["accessEntryArn", "createdAt", "modifiedAt", "tagsAll"],
    forceNew: ["clusterName", "principalArn", "type"],
  },
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {
    computed: ["associatedAt", "modifiedAt"],
    forceNew: ["accessScope", "clusterName", "policyArn", "principalArn"],
  },
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": {
    computed: ["associationArn", "associationId", "externalId", "tagsAll"],
    forceNew: ["clusterName", "namespace", "serviceAccount"],
  },

  "aws:iam/role:Role": {
    computed: [...arn, "createDate", "uniqueId"],
    forceNew: ["name", "namePrefix", "path"],
    autoname: { property: "name", maxLength: 64 },
  },
  "aws:iam/rolePolicy:RolePolicy": {
    computed: [],
    forceNew: ["name", "namePrefix", "role"],
    autoname: { property: "name", maxLength: 128 },
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": { computed: [], forceNew: ["policyArn", "role"] },
  "aws:iam/policy:Policy": {
    computed: [...arn, "attachmentCount", "policyId"],
    forceNew: ["description", "name", "namePrefix", "path"],
    autoname: { property: "name", maxLength: 128 },
  },
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": { computed: arn, forceNew: ["url"] },
  "aws:iam/instanceProfile:InstanceProfile": {
    computed: [...arn, "createDate", "uniqueId"],
    forceNew: ["name", "namePrefix", "path"],
    autoname: { property: "name", maxLength: 128 },
  },

  "aws:autoscaling/schedule:Schedule": {
    computed: ["arn"],
    forceNew: ["autoscalingGroupName", "scheduledActionName"],
  },
  "aws:autoscaling/tag:Tag": { computed: [], forceNew: ["autoscalingGroupName"] },

  "aws:s3/bucket:Bucket": {
    computed: [...arn, "bucketDomainName", "bucketRegion", "bucketRegionalDomainName", "hostedZoneId"],
    forceNew: ["bucket", "bucketPrefix", "objectLockEnabled"],
    autoname: { property: "bucket", maxLength: 63, lowerCase: true },
  },
  "aws:s3/bucketVersioning:BucketVersioning": ofBucket,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ofBucket,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ofBucket,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ofBucket,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ofBucket,
  "aws:s3/bucketPolicy:BucketPolicy": ofBucket,
  "aws:s3/bucketLogging:BucketLogging": ofBucket,

  "aws:efs/fileSystem:FileSystem": {
    computed: [...arn, "availabilityZoneId", "dnsName", "name", "numberOfMountTargets", "ownerId", "sizeInBytes"],
    forceNew: ["availabilityZoneName", "creationToken", "encrypted", "kmsKeyId", "performanceMode"],
    autoname: { property: "creationToken", maxLength: 64 },
  },
  "aws:efs/mountTarget:MountTarget": {
    computed: ["availabilityZoneId", "availabilityZoneName", "dnsName", "fileSystemArn", "networkInterfaceId"],
    forceNew: ["fileSystemId", "ipAddress", "subnetId"],
  },
  "aws:efs/accessPoint:AccessPoint": {
    computed: [...arn, "fileSystemArn", "ownerId"],
    forceNew: ["fileSystemId", "posixUser", "rootDirectory"],
  },
  "aws:efs/fileSystemPolicy:FileSystemPolicy": { computed: [], forceNew: ["fileSystemId"] },
  "aws:efs/backupPolicy:BackupPolicy": { computed: [], forceNew: ["fileSystemId"] },

  "aws:ecr/repository:Repository": {
    computed: [...arn, "registryId", "repositoryUrl"],
    forceNew: ["encryptionConfigurations", "name"],
    autoname: { property: "name", maxLength: 256, lowerCase: true },
  },
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": { computed: ["registryId"], forceNew: ["policy", "repository"] },
  "aws:ecr/repositoryPolicy:RepositoryPolicy": { computed: ["registryId"], forceNew: ["repository"] },

  "aws:kms/key:Key": {
    computed: [...arn, "keyId"],
    forceNew: ["customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion"],
  },
  "aws:kms/alias:Alias": {
    computed: ["arn", "targetKeyArn"],
    forceNew: ["name", "namePrefix"],
    moves: ["targetKeyArn"],
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    computed: arn,
    forceNew: ["name"],
    autoname: { property: "name", maxLength: 255 },
  },
  "aws:budgets/budget:Budget": {
    computed: arn,
    forceNew: ["accountId", "name", "namePrefix"],
    autoname: { property: "name", maxLength: 100 },
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    computed: arn,
    forceNew: ["name", "namePrefix"],
    autoname: { property: "name", maxLength: 512 },
  },
};
