/**
 * The cluster that everything runs on, as a provider: an EKS cluster made here, one that exists, or whatever a
 * kubeconfig reaches.
 */
import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { controlPlaneLogGroup, EksCluster, type EksClusterArgs } from "./eksCluster";
import { eksKubeconfig, regionOf } from "./eksKubeconfig";
import { EncryptionKey } from "./encryptionKey";
import { flowLogGroup } from "./flowLogs";
import { Network, type NetworkArgs, type NodeSubnet } from "./network";
import { ownName } from "./ownName";

export type ClusterArgs =
  /** The cluster of the kubeconfig in use (KUBECONFIG, else ~/.kube/config). */
  | {
      kind: "kubeconfig";
      /** A context of that kubeconfig; its current one where left out. */
      context?: string | undefined;
    }
  /** An EKS cluster that exists already. */
  | {
      kind: "adopt";
      name: string;
      /** Private subnets for nodes, in two zones at least. */
      subnetIds: pulumi.Input<string>[];
    }
  /** An EKS cluster made here. */
  | CreatedClusterArgs;

export interface CreatedClusterArgs extends Omit<EksClusterArgs, "subnets" | "logKeyArn"> {
  kind: "create";
  network:
    | ({ kind: "create" } & Pick<NetworkArgs, "cidr" | "zones" | "natGateways">)
    /** Private subnets of a VPC that exists, in two zones at least. */
    | { kind: "adopt"; subnetIds: pulumi.Input<string>[] };
  /** The types of all GPU nodes: a network made here prefers zones that offer them. */
  gpuInstanceTypes: string[];
}

/** What the rest of the program needs of an EKS cluster. */
export interface Eks {
  clusterName: pulumi.Output<string>;
  /** Such as `1.35`; known once the cluster runs it. */
  kubernetesVersion: pulumi.Output<string>;
  /** For nodes. */
  subnets: pulumi.Output<NodeSubnet[]>;
  vpcId: pulumi.Output<string>;
  region: pulumi.Output<string>;
  /** The security group that EKS puts the control plane and all nodes in. */
  securityGroupId: pulumi.Output<string>;
  /** What has to be there before anything is installed on the cluster; nothing where the cluster was there before. */
  ready: pulumi.Resource[];
}

export class Cluster extends pulumi.ComponentResource {
  /** Reaches the cluster's API server. Pass it on as `provider`. */
  readonly provider: k8s.Provider;
  /** A kubeconfig that reaches it, with no credentials inside; undefined where the user's own is used. */
  readonly kubeconfig: pulumi.Output<string> | undefined;
  /** Undefined for a cluster that a kubeconfig reaches, which has its nodes already. */
  readonly eks: Eks | undefined;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:Cluster", name, {}, opts);
    if (args.kind === "kubeconfig") {
      const { context } = args;
      this.provider = providerOf(name, context === undefined ? {} : { context }, { parent: this });
    } else {
      const { eks, kubeconfig, access } = args.kind === "adopt" ? adopted(args, this) : created(name, args, this);
      this.eks = eks;
      this.kubeconfig = kubeconfig;
      // Until its access is there, the API server does not know who is asking, and the provider gives up on a cluster that
      // has refused it once. Access takes a moment to get about: nodes and add-ons take longer.
      this.provider = providerOf(name, { kubeconfig }, { parent: this, dependsOn: [...access, ...eks.ready] });
    }
    this.registerOutputs({ eks: this.eks && { clusterName: this.eks.clusterName, subnets: this.eks.subnets } });
  }
}

interface Reached {
  eks: Eks;
  kubeconfig: pulumi.Output<string>;
  access: pulumi.Resource[];
}

function providerOf(name: string, args: k8s.ProviderArgs, opts: pulumi.ResourceOptions): k8s.Provider {
  const common: k8s.ProviderArgs = {
    // A stack has one cluster. Without this a new address, or another context for the same one, is another cluster to the
    // provider: every object would be replaced, the live ones too.
    clusterIdentifier: `${pulumi.getProject()}/${pulumi.getStack()}`,
  };
  return new k8s.Provider(`${name}-provider`, { ...common, ...args }, opts);
}

function adopted({ name, subnetIds }: Extract<ClusterArgs, { kind: "adopt" }>, parent: Cluster): Reached {
  const cluster = aws.eks.getClusterOutput({ name }, { parent });
  const certificateAuthority = cluster.certificateAuthorities.apply(([first]) => first?.data ?? "");
  const eks = {
    clusterName: cluster.name,
    kubernetesVersion: cluster.version,
    ...adoptedNetwork(subnetIds, parent),
    region: regionOf(cluster.arn),
    securityGroupId: cluster.vpcConfig.clusterSecurityGroupId,
    ready: [],
  };
  return { eks, kubeconfig: eksKubeconfig(cluster, certificateAuthority), access: [] };
}

function created(name: string, args: CreatedClusterArgs, parent: Cluster): Reached {
  const logKeyArn = logKey(name, parent).arn;
  const { network, gpuInstanceTypes } = args;
  const { vpcId, subnets } =
    network.kind === "adopt"
      ? adoptedNetwork(network.subnetIds, parent)
      : new Network(
          `${name}-network`,
          {
            ...network,
            instanceTypes: [...gpuInstanceTypes, args.systemNodes.instanceType],
            logRetentionDays: args.logRetentionDays,
            logKeyArn,
          },
          { parent },
        );
  const { cluster, access, ready } = new EksCluster(`${name}-eks`, { ...args, subnets, logKeyArn }, { parent });
  return {
    eks: {
      clusterName: cluster.name,
      kubernetesVersion: cluster.version,
      subnets,
      vpcId,
      region: regionOf(cluster.arn),
      securityGroupId: cluster.vpcConfig.clusterSecurityGroupId,
      ready,
    },
    kubeconfig: eksKubeconfig(cluster, cluster.certificateAuthority.data),
    access,
  };
}

/** Subnets that exist, with their zones and their VPC. */
function adoptedNetwork(subnetIds: pulumi.Input<string>[], parent: Cluster): Pick<Eks, "subnets" | "vpcId"> {
  const found = subnetIds.map((id) => aws.ec2.getSubnetOutput({ id }, { parent }));
  return {
    subnets: pulumi.all(found).apply((all) => all.map(({ id, availabilityZone: zone }) => ({ id, zone }))),
    vpcId: pulumi.all(found).apply(([first]) => first?.vpcId ?? ""),
  };
}

/**
 * For the logs of the control plane and of the network, and for no other log of the account (CloudWatch Logs user guide,
 * "Encrypt log data in CloudWatch Logs using AWS KMS").
 */
function logKey(name: string, parent: Cluster): EncryptionKey {
  const { region } = aws.getRegionOutput({}, { parent });
  const { accountId } = aws.getCallerIdentityOutput({}, { parent });
  const groups = [controlPlaneLogGroup(), flowLogGroup()].map(
    (group) => pulumi.interpolate`arn:aws:logs:${region}:${accountId}:log-group:${group}`,
  );
  return new EncryptionKey(
    `${name}-logs`,
    {
      description: `Logs of the cluster ${ownName()}`,
      users: [
        {
          Sid: "CloudWatchLogs",
          Effect: "Allow",
          Principal: { Service: pulumi.interpolate`logs.${region}.amazonaws.com` },
          Action: ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
          Resource: "*",
          Condition: { ArnEquals: { "kms:EncryptionContext:aws:logs:arn": groups } },
        },
      ],
    },
    { parent },
  );
}
