/** An EKS cluster: its control plane, who may use it, its add-ons, and the nodes that controllers run on. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ClusterAccess, type Grant } from "./clusterAccess";
import { neverBack } from "./clusterVersion";
import { eksAddons, nodeAddons, podAddons } from "./eksAddons";
import { EncryptionKey } from "./encryptionKey";
import type { NodeSubnet } from "./network";
import { ownName } from "./ownName";
import { SystemNodeGroup, type SystemNodesArgs } from "./systemNodeGroup";

export interface EksClusterArgs {
  /** Kubernetes version, one of the table in eksAddons.ts. A later one upgrades the cluster in place; none goes back. */
  version: string;
  /** Private subnets, in two zones at least: for the nodes, and for the API server's addresses in the VPC. */
  subnets: pulumi.Input<NodeSubnet[]>;
  /** Networks that may reach the API server from outside; none of them: from inside the VPC alone. */
  publicAccessCidrs: string[];
  /**
   * Who may use it. List the identity that runs the program: with an admin here, whoever makes the cluster is nobody
   * special. With none, it is the only admin.
   */
  access: Grant[];
  systemNodes: SystemNodesArgs;
  /** How long to keep the control plane's logs, in days; a number that CloudWatch knows. */
  logRetentionDays: number;
  /** The KMS key for those logs. */
  logKeyArn: pulumi.Input<string>;
}

export class EksCluster extends pulumi.ComponentResource {
  readonly cluster: aws.eks.Cluster;
  /** Who may use it: what talks to the API server comes after. */
  readonly access: ClusterAccess[];
  /** Nodes and add-ons: what runs in the cluster comes after. */
  readonly ready: pulumi.Resource[];

  /** @throws Error for a version that is not in the table of add-ons. */
  constructor(name: string, args: EksClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:EksCluster", name, {}, opts);
    this.cluster = controlPlane(name, args, this);
    const inCluster = { clusterName: this.cluster.name, kubernetesVersion: args.version };
    this.access = args.access.map(
      (grant) =>
        new ClusterAccess(
          `${name}-access-${principalOf(grant.principalArn)}`,
          { ...grant, clusterName: this.cluster.name },
          { parent: this },
        ),
    );

    const onNodes = eksAddons(name, { ...inCluster, addons: nodeAddons }, { parent: this.cluster });
    const system = new SystemNodeGroup(
      `${name}-system`,
      { ...args.systemNodes, ...inCluster, subnets: args.subnets },
      // A node that joins before its network is there stays unready, and EKS gives up on it.
      { parent: this, dependsOn: onNodes },
    );
    const inPods = eksAddons(
      name,
      { ...inCluster, addons: podAddons },
      { parent: this.cluster, dependsOn: system.nodes },
    );

    this.ready = [system.nodes, ...onNodes, ...inPods];
    this.registerOutputs({ clusterName: this.cluster.name });
  }
}

/** The log group that EKS writes to. It is the name that counts: EKS makes one that keeps everything where none is there. */
export function controlPlaneLogGroup(): string {
  return `/aws/eks/${ownName()}/cluster`;
}

function controlPlane(name: string, args: EksClusterArgs, parent: EksCluster): aws.eks.Cluster {
  const role = new aws.iam.Role(
    `${name}-role`,
    { assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "eks.amazonaws.com" }) },
    { parent },
  );
  const policy = new aws.iam.RolePolicyAttachment(
    `${name}-policy`,
    { role: role.name, policyArn: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy" },
    { parent: role },
  );
  const logs = new aws.cloudwatch.LogGroup(
    `${name}-logs`,
    { name: controlPlaneLogGroup(), retentionInDays: args.logRetentionDays, kmsKeyId: args.logKeyArn },
    { parent },
  );
  return new aws.eks.Cluster(
    `${name}-cluster`,
    {
      name: ownName(),
      roleArn: role.arn,
      version: args.version,
      // A version that runs out is upgraded, rather than kept at six times the price.
      upgradePolicy: { supportType: "STANDARD" },
      deletionProtection: true,
      vpcConfig: {
        subnetIds: pulumi.output(args.subnets).apply((subnets) => subnets.map(({ id }) => id)),
        endpointPrivateAccess: true,
        endpointPublicAccess: args.publicAccessCidrs.length > 0,
        ...(args.publicAccessCidrs.length > 0 && { publicAccessCidrs: args.publicAccessCidrs }),
      },
      accessConfig: {
        authenticationMode: "API",
        bootstrapClusterCreatorAdminPermissions: !args.access.some(({ role }) => role === "admin"),
      },
      // The add-ons of the table replace what EKS would install once and then leave to grow old.
      bootstrapSelfManagedAddons: false,
      encryptionConfig: { provider: { keyArn: secretsKey(name, role, parent).arn }, resources: ["secrets"] },
      enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      // Lets people, or AWS, take a zone that is in trouble out of use.
      zonalShiftConfig: { enabled: true },
    },
    {
      parent,
      protect: true,
      // Without its policy the role can neither make nor remove what the cluster needs.
      dependsOn: [policy, logs],
      // Of the moment of creation alone; AWS would make another cluster for it.
      // Zones stay those that it was made in: nodes may be in other subnets of the VPC, and EKS refuses another set here.
      ignoreChanges: ["accessConfig.bootstrapClusterCreatorAdminPermissions", "vpcConfig.subnetIds"],
      hooks: { beforeUpdate: [neverBack(name)] },
    },
  );
}

/**
 * For the Secrets in the cluster's etcd. EKS works by a grant that whoever makes the cluster gives it (user guide,
 * "Encrypt Kubernetes secrets with KMS"); the role has to be able to look at the key.
 */
function secretsKey(name: string, role: aws.iam.Role, parent: EksCluster): EncryptionKey {
  return new EncryptionKey(
    `${name}-secrets`,
    {
      description: `Secrets of the cluster ${ownName()}`,
      users: [
        {
          Sid: "Cluster",
          Effect: "Allow",
          Principal: { AWS: role.arn },
          Action: ["kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"],
          Resource: "*",
        },
      ],
    },
    { parent },
  );
}

/** `arn:aws:iam::123456789012:role/on-call` becomes `123456789012-role/on-call`. */
function principalOf(arn: string): string {
  return arn.split(":").slice(4).join("-");
}
