/** The CSI driver that mounts models, as an EKS add-on, and what it may do on AWS: read the models, and nothing else. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { PodIdentity } from "./podIdentity";

export interface ModelDriversArgs {
  clusterName: pulumi.Input<string>;
  source:
    | {
        kind: "s3";
        bucketArn: pulumi.Input<string>;
        /** Where the models are in it, as a volume's source has it: `models`. */
        prefix: string;
        /** The KMS key of the bucket, where it has one that is not AWS's own. */
        keyArn?: pulumi.Input<string> | undefined;
      }
    | { kind: "efs" };
}

/**
 * Both are for Kubernetes 1.35 and 1.36. `aws eks describe-addon-versions --addon-name aws-mountpoint-s3-csi-driver` tells
 * what there is; the sources are configurations of running clusters on 1.35 and 1.36 (August to October 2026).
 */
export const driverAddons = {
  // From 2.5 on the cache stays within its limit, and Mountpoint outlives the Pods it serves when a node is drained.
  s3: { addonName: "aws-mountpoint-s3-csi-driver", addonVersion: "v2.7.0-eksbuild.1" },
  efs: { addonName: "aws-efs-csi-driver", addonVersion: "v3.4.1-eksbuild.1" },
} as const;

/** The service account that Mountpoint's node plugin has in the add-on. */
const mountpointAccount = { namespace: "kube-system", serviceAccount: "s3-csi-driver-sa" };

export class ModelDrivers extends pulumi.ComponentResource {
  /** What has to be there before a Pod that mounts models, and go after it. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: ModelDriversArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:ModelDrivers", name, {}, opts);
    const { clusterName, source } = args;
    const addon = new aws.eks.Addon(
      `${name}-${source.kind}`,
      {
        clusterName,
        ...driverAddons[source.kind],
        resolveConflictsOnCreate: "OVERWRITE",
        resolveConflictsOnUpdate: "PRESERVE",
      },
      { parent: this, dependsOn: permissions(name, args, this) },
    );
    this.ready = [addon];
    this.registerOutputs();
  }
}

/**
 * What the driver's Pods come after, so that they have their credentials from the start.
 *
 * EFS's has none: it makes no access points here, and the file system lets whoever reaches it over the network read.
 */
function permissions(name: string, { clusterName, source }: ModelDriversArgs, parent: ModelDrivers): pulumi.Resource[] {
  if (source.kind === "efs") return [];
  const args = { clusterName, ...mountpointAccount, policy: readOnly(source) };
  return [new PodIdentity(`${name}-s3-identity`, args, { parent }).association];
}

/** As in Mountpoint's doc/CONFIGURATION.md, "IAM permissions", less all that writes, for the models' prefix alone. */
function readOnly({
  bucketArn,
  prefix,
  keyArn,
}: Extract<ModelDriversArgs["source"], { kind: "s3" }>): aws.iam.PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "List",
        Effect: "Allow",
        Action: "s3:ListBucket",
        Resource: bucketArn,
        Condition: { StringLike: { "s3:prefix": `${prefix}/*` } },
      },
      { Sid: "Read", Effect: "Allow", Action: "s3:GetObject", Resource: pulumi.interpolate`${bucketArn}/${prefix}/*` },
      ...(keyArn === undefined
        ? []
        : [{ Sid: "Decrypt", Effect: "Allow" as const, Action: "kms:Decrypt", Resource: keyArn }]),
    ],
  };
}
