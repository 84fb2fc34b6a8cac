/**
 * What pipelines may do on AWS, by purpose. Names of actions: AWS Service Authorization Reference.
 *
 * AWS's own read-only policies do not fit: ReadOnlyAccess reads the objects of every bucket, parameters and logs;
 * ViewOnlyAccess does not describe what a refresh compares.
 */
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface CiPermissionsArgs {
  clusterName: pulumi.Input<string>;
  /** The repositories that images are pushed to. */
  repositoryArns: pulumi.Input<string>[];
  /** The bucket of the models, where the program looks after it. Its settings are read, never a model. */
  modelBucketArn?: pulumi.Input<string> | undefined;
  /** Where the stack's state is, where that is a bucket. */
  state?: StateArgs | undefined;
}

export interface StateArgs {
  bucketArn: pulumi.Input<string>;
  /** The KMS key that the bucket is encrypted with, where it is one of its own. */
  keyArn?: pulumi.Input<string> | undefined;
  /** The KMS key of the stack's secrets provider (`awskms://…`); for releases alone, so that no pull request reads a secret. */
  secretsKeyArn?: pulumi.Input<string> | undefined;
}

export type Purpose = "preview" | "release";

type Statement = aws.iam.PolicyStatement;

/** What `pulumi preview` and `refresh` read of what the program makes. None of these shows a secret, a log or an object. */
const read: Readonly<Record<string, readonly string[]>> = {
  Network: [
    "ec2:DescribeAddresses",
    "ec2:DescribeAddressesAttribute",
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeFlowLogs",
    "ec2:DescribeInternetGateways",
    "ec2:DescribeNatGateways",
    "ec2:DescribeNetworkAcls",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribePrefixLists",
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroupRules",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcAttribute",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeVpcs",
  ],
  Nodes: [
    "autoscaling:DescribeAutoScalingGroups",
    "autoscaling:DescribeScheduledActions",
    "autoscaling:DescribeTags",
    "ec2:DescribeCapacityReservations",
    "ec2:DescribeInstanceTypeOfferings",
    "ec2:DescribeInstanceTypes",
    "ec2:DescribeLaunchTemplateVersions",
    "ec2:DescribeLaunchTemplates",
    "ec2:DescribeTags",
  ],
  Cluster: [
    "eks:DescribeAccessEntry",
    "eks:DescribeAddon",
    "eks:DescribeAddonVersions",
    "eks:DescribeCluster",
    "eks:DescribeNodegroup",
    "eks:DescribePodIdentityAssociation",
    "eks:ListAssociatedAccessPolicies",
    "eks:ListPodIdentityAssociations",
    "eks:ListTagsForResource",
  ],
  Identity: [
    "iam:GetOpenIDConnectProvider",
    "iam:GetPolicy",
    "iam:GetPolicyVersion",
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:ListInstanceProfilesForRole",
    "iam:ListPolicyVersions",
    "iam:ListRolePolicies",
    "iam:ListRoleTags",
    "sts:GetCallerIdentity",
  ],
  Keys: ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListAliases", "kms:ListResourceTags"],
  FileSystems: [
    "elasticfilesystem:DescribeAccessPoints",
    "elasticfilesystem:DescribeBackupPolicy",
    "elasticfilesystem:DescribeFileSystemPolicy",
    "elasticfilesystem:DescribeFileSystems",
    "elasticfilesystem:DescribeLifecycleConfiguration",
    "elasticfilesystem:DescribeMountTargetSecurityGroups",
    "elasticfilesystem:DescribeMountTargets",
    "elasticfilesystem:DescribeReplicationConfigurations",
    "elasticfilesystem:ListTagsForResource",
  ],
  Images: [
    "ecr:DescribeImages",
    "ecr:DescribeRepositories",
    "ecr:GetLifecyclePolicy",
    "ecr:GetRepositoryPolicy",
    "ecr:ListTagsForResource",
  ],
  Watching: ["budgets:ListTagsForResource", "budgets:ViewBudget", "logs:DescribeLogGroups", "logs:ListTagsForResource"],
};

/** The settings of a bucket, and whether it is there. */
const readBucket = [
  "s3:GetAccelerateConfiguration",
  "s3:GetBucketAcl",
  "s3:GetBucketCORS",
  "s3:GetBucketLocation",
  "s3:GetBucketLogging",
  "s3:GetBucketObjectLockConfiguration",
  "s3:GetBucketOwnershipControls",
  "s3:GetBucketPolicy",
  "s3:GetBucketPublicAccessBlock",
  "s3:GetBucketRequestPayment",
  "s3:GetBucketTagging",
  "s3:GetBucketVersioning",
  "s3:GetBucketWebsite",
  "s3:GetEncryptionConfiguration",
  "s3:GetLifecycleConfiguration",
  "s3:GetReplicationConfiguration",
  "s3:ListBucket",
];

/** AWS User Guide of ECR, "IAM permissions for pushing an image". */
const push = [
  "ecr:BatchCheckLayerAvailability",
  "ecr:BatchGetImage",
  "ecr:CompleteLayerUpload",
  "ecr:GetDownloadUrlForLayer",
  "ecr:InitiateLayerUpload",
  "ecr:PutImage",
  "ecr:UploadLayerPart",
];

/** All that a pipeline may do for one purpose. A release sees what a preview sees: its update begins with a refresh. */
export function ciPolicy(purpose: Purpose, args: CiPermissionsArgs): aws.iam.PolicyDocument {
  const looks = [...lookAt(args), ...readState(args.state)];
  return { Version: "2012-10-17", Statement: purpose === "preview" ? looks : [...looks, ...release(args)] };
}

function lookAt({ modelBucketArn }: CiPermissionsArgs): Statement[] {
  return [
    // Most of these cannot be limited to a resource, and a plan reads what it has not made yet by name.
    ...Object.entries(read).map(([what, actions]) => allow(`Read${what}`, actions, ["*"])),
    // AWS's own: where a node image's release is looked up.
    allow("ReadImageReleases", ["ssm:GetParameter"], ["arn:aws:ssm:*:*:parameter/aws/service/*"]),
    ...(modelBucketArn === undefined ? [] : [allow("ReadModelBucketSettings", readBucket, [modelBucketArn])]),
  ];
}

function release({ clusterName, repositoryArns, state }: CiPermissionsArgs): Statement[] {
  return [
    ...(repositoryArns.length === 0
      ? []
      : [allow("LogInToRegistry", ["ecr:GetAuthorizationToken"], ["*"]), allow("PushImages", push, repositoryArns)]),
    {
      // The schedules follow the live colour, so that a switch writes them.
      ...allow(
        "MoveSchedules",
        ["autoscaling:DeleteScheduledAction", "autoscaling:PutScheduledUpdateGroupAction"],
        ["*"],
      ),
      // A tag that EKS puts on the groups of its own node groups.
      Condition: { StringEquals: { "autoscaling:ResourceTag/eks:cluster-name": clusterName } },
    },
    ...writeState(state),
  ];
}

function readState(state: StateArgs | undefined): Statement[] {
  if (state === undefined) return [];
  const { bucketArn, keyArn } = state;
  return [
    allow("ListState", ["s3:GetBucketLocation", "s3:ListBucket"], [bucketArn]),
    allow("ReadState", ["s3:GetObject"], [pulumi.interpolate`${bucketArn}/*`]),
    ...(keyArn === undefined ? [] : [allow("DecryptState", ["kms:Decrypt"], [keyArn])]),
  ];
}

/** Deleting is how a lock is given back. */
function writeState(state: StateArgs | undefined): Statement[] {
  if (state === undefined) return [];
  const { bucketArn, keyArn, secretsKeyArn } = state;
  return [
    allow("WriteState", ["s3:DeleteObject", "s3:PutObject"], [pulumi.interpolate`${bucketArn}/*`]),
    ...(keyArn === undefined ? [] : [allow("EncryptState", ["kms:GenerateDataKey"], [keyArn])]),
    ...(secretsKeyArn === undefined ? [] : [allow("ReadSecrets", ["kms:Decrypt", "kms:Encrypt"], [secretsKeyArn])]),
  ];
}

function allow(Sid: string, actions: readonly string[], resources: readonly pulumi.Input<string>[]): Statement {
  return { Sid, Effect: "Allow", Action: [...actions], Resource: [...resources] };
}
