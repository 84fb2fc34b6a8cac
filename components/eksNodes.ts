/** What every group of EKS nodes is made of, with GPUs or without: a role, and a template for the machines. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** What AWS requires of a node, no more: join the cluster, attach its network, pull images. */
const nodePolicies = ["AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryPullOnly"];

export interface NodeRole {
  role: aws.iam.Role;
  /** Nodes cannot join without these, nor let go of their network when they leave: have the node group depend on them. */
  permissions: aws.iam.RolePolicyAttachment[];
}

export function nodeRole(name: string, tags: Record<string, string>, parent: pulumi.Resource): NodeRole {
  const role = new aws.iam.Role(
    `${name}-role`,
    { assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "ec2.amazonaws.com" }), tags },
    { parent },
  );
  const permissions = nodePolicies.map(
    (policy) =>
      new aws.iam.RolePolicyAttachment(
        `${name}-${policy}`,
        { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
        { parent: role },
      ),
  );
  return { role, permissions };
}

export interface NodeTemplateArgs {
  /** Size of the disk with images and caches, in GiB. */
  diskSizeGiB: number;
  /**
   * Where that disk is: `/dev/xvda` on Amazon Linux, whose only disk it is (default); `/dev/xvdb` on Bottlerocket, which
   * keeps its own system on a small one of its own.
   */
  disk?: "/dev/xvda" | "/dev/xvdb" | undefined;
  tags: Record<string, string>;
  /** User data, encoded in base64. */
  userData?: pulumi.Input<string> | undefined;
  /** The capacity reservation, or capacity block, that machines come from, and from nowhere else. */
  capacityReservationId?: string | undefined;
  /** Where that is a capacity block: the instance type, which the node group then must not say itself. */
  capacityBlockType?: string | undefined;
}

/** Machines with encrypted disks that hand their credentials out by IMDSv2 alone, and to no Pod. */
export function nodeTemplate(name: string, args: NodeTemplateArgs, parent: pulumi.Resource): aws.ec2.LaunchTemplate {
  const { tags, userData, capacityReservationId, capacityBlockType } = args;
  return new aws.ec2.LaunchTemplate(
    `${name}-template`,
    {
      // One hop: what comes from a Pod's own network is one too far.
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: disks(args),
      monitoring: { enabled: true },
      // The default tags of the provider reach what it makes itself, and machines are made by the Auto Scaling group.
      tagSpecifications: aws.getDefaultTagsOutput({}, { parent }).apply((defaults) =>
        ["instance", "volume", "network-interface"].map((resourceType) => ({
          resourceType,
          tags: { ...defaults.tags, ...tags },
        })),
      ),
      tags,
      ...(userData !== undefined && { userData }),
      ...(capacityReservationId !== undefined && {
        capacityReservationSpecification: { capacityReservationTarget: { capacityReservationId } },
      }),
      ...(capacityBlockType !== undefined && {
        instanceType: capacityBlockType,
        instanceMarketOptions: { marketType: "capacity-block" },
      }),
    },
    { parent },
  );
}

function disks({ disk = "/dev/xvda", diskSizeGiB }: NodeTemplateArgs) {
  const encrypted = { volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" };
  return [
    // The system's own disk, as large as the image makes it; without a word here it would not be encrypted.
    ...(disk === "/dev/xvda" ? [] : [{ deviceName: "/dev/xvda", ebs: encrypted }]),
    { deviceName: disk, ebs: { ...encrypted, volumeSize: diskSizeGiB } },
  ];
}
