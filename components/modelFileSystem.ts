/**
 * An EFS file system for models: encrypted, reachable from the cluster's nodes alone, read by them and written by those
 * whose IAM policies say so.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { EncryptionKey } from "./encryptionKey";
import type { NodeSubnet } from "./network";
import { ownName } from "./ownName";

export interface ModelFileSystemArgs {
  vpcId: pulumi.Input<string>;
  /** Those of the nodes. */
  subnets: pulumi.Input<NodeSubnet[]>;
  /** How many zones the subnets are in: EFS has one mount target in each. */
  zones: number;
  /** The cluster's security group, which all its nodes are in. Nothing else gets through. */
  clientSecurityGroupId: pulumi.Input<string>;
}

export class ModelFileSystem extends pulumi.ComponentResource {
  /** Handed out when it can be mounted from every zone. */
  readonly fileSystemId: pulumi.Output<string>;

  constructor(name: string, args: ModelFileSystemArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:ModelFileSystem", name, {}, opts);
    const key = new EncryptionKey(
      `${name}-key`,
      // EFS works by a grant that whoever makes the file system gives it.
      { description: `Models of ${ownName()} on EFS`, users: [] },
      { parent: this },
    );
    const files = new aws.efs.FileSystem(
      `${name}-files`,
      {
        encrypted: true,
        kmsKeyId: key.arn,
        // By what is read. The default's speed grows with what is stored, and models are little: 50 KiB/s for each GiB.
        throughputMode: "elastic",
        // Versions that nobody has read for long are cheaper to keep, until somebody reads them again.
        lifecyclePolicies: [{ transitionToIa: "AFTER_90_DAYS" }, { transitionToPrimaryStorageClass: "AFTER_1_ACCESS" }],
        tags: { Name: ownName("models") },
      },
      { parent: this, protect: true },
    );
    const settings = [policy(name, files), backup(name, files)];
    const targets = mountTargets(name, args, files, nfsOnly(name, args, this));

    const ready = pulumi.all([...settings, ...targets].map(({ id }) => id));
    this.fileSystemId = pulumi.all([files.id, ready]).apply(([id]) => id);
    this.registerOutputs({ fileSystemId: this.fileSystemId });
  }
}

/**
 * Whoever reaches a mount target may read, without a role: Pods, and the driver that mounts for them. To write takes an IAM
 * policy with elasticfilesystem:ClientWrite, and a mount with the option `iam`. (EFS user guide, "Using IAM to control
 * file system data access".)
 */
function policy(name: string, files: aws.efs.FileSystem): pulumi.CustomResource {
  const everybody = { Principal: { AWS: "*" }, Resource: files.arn };
  return new aws.efs.FileSystemPolicy(
    `${name}-policy`,
    {
      fileSystemId: files.id,
      policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "ReadFromTheNetwork",
            Effect: "Allow",
            ...everybody,
            Action: "elasticfilesystem:ClientMount",
            Condition: { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } },
          },
          {
            Sid: "TlsOnly",
            Effect: "Deny",
            ...everybody,
            Action: "*",
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      }),
    },
    { parent: files },
  );
}

function backup(name: string, files: aws.efs.FileSystem): pulumi.CustomResource {
  return new aws.efs.BackupPolicy(
    `${name}-backup`,
    { fileSystemId: files.id, backupPolicy: { status: "ENABLED" } },
    { parent: files },
  );
}

/** NFS in, from the cluster's nodes; nothing out: a mount target never begins a connection. */
function nfsOnly(
  name: string,
  { vpcId, clientSecurityGroupId }: ModelFileSystemArgs,
  parent: ModelFileSystem,
): aws.ec2.SecurityGroup {
  const group = new aws.ec2.SecurityGroup(
    `${name}-access`,
    { vpcId, description: "NFS from the nodes of the cluster", egress: [], tags: { Name: ownName("models") } },
    { parent },
  );
  new aws.vpc.SecurityGroupIngressRule(
    `${name}-access-nfs`,
    {
      securityGroupId: group.id,
      referencedSecurityGroupId: clientSecurityGroupId,
      ipProtocol: "tcp",
      fromPort: 2049,
      toPort: 2049,
      description: "Nodes of the cluster",
    },
    { parent: group },
  );
  return group;
}

function mountTargets(
  name: string,
  { subnets, zones }: ModelFileSystemArgs,
  files: aws.efs.FileSystem,
  access: aws.ec2.SecurityGroup,
): aws.efs.MountTarget[] {
  const chosen = pulumi.output(subnets).apply((all) => {
    const { ids, fault } = onePerZone(all, zones);
    if (fault !== undefined) throw new pulumi.RunError(`${name}: ${fault}`);
    return ids;
  });
  return Array.from(
    { length: zones },
    (_, i) =>
      new aws.efs.MountTarget(
        `${name}-target-${i + 1}`,
        {
          fileSystemId: files.id,
          subnetId: chosen.apply((ids) => ids[i] ?? ""),
          securityGroups: [access.id],
        },
        { parent: files },
      ),
  );
}

/** The subnets for mount targets; with a fault in words where their zones are not as many as there are to be targets. */
export function onePerZone(subnets: readonly NodeSubnet[], zones: number): { ids: string[]; fault?: string } {
  const byZone = new Map(subnets.map(({ zone, id }) => [zone, id]));
  const ids = [...byZone.values()];
  if (ids.length === zones) return { ids };
  return {
    ids,
    fault:
      `${zones} subnets, each in a zone of its own, are needed for EFS, which has one mount target in a zone; ` +
      `these are in ${[...byZone.keys()].join(", ")}: name one subnet for each zone`,
  };
}
