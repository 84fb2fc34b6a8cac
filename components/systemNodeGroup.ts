/** Nodes without a GPU and without a taint, for what serves the whole cluster: DNS, the ingress and other controllers. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { nodeRole, nodeTemplate } from "./eksNodes";
import type { NodeSubnet } from "./network";

/** Images and logs of controllers are all that is on it. */
export const systemDiskGiB = 50;

export interface SystemNodesArgs {
  /** An x86-64 type without a GPU. Another one replaces the node group: the new nodes come before the old ones go. */
  instanceType: string;
  /**
   * At least two, so that a node can be lost. On a cluster that runs, EKS refuses a number above that of the nodes there
   * are now (the autoscaler's, which the program leaves alone): scale the group up first.
   */
  minSize: number;
  maxSize: number;
}

export interface SystemNodeGroupArgs extends SystemNodesArgs {
  clusterName: pulumi.Input<string>;
  /** Of the cluster; nodes follow it, one after the other. */
  kubernetesVersion: string;
  /** Private subnets, in two zones at least. */
  subnets: pulumi.Input<NodeSubnet[]>;
}

export class SystemNodeGroup extends pulumi.ComponentResource {
  /** What needs nodes that are ready comes after it. */
  readonly nodes: aws.eks.NodeGroup;

  constructor(name: string, args: SystemNodeGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:SystemNodeGroup", name, {}, opts);
    const { role, permissions } = nodeRole(name, {}, this);
    const template = nodeTemplate(name, { diskSizeGiB: systemDiskGiB, tags: {} }, this);

    this.nodes = new aws.eks.NodeGroup(
      `${name}-nodes`,
      {
        clusterName: args.clusterName,
        // Left out it would stay what it is when the cluster moves on.
        version: args.kubernetesVersion,
        nodeRoleArn: role.arn,
        subnetIds: pulumi.output(args.subnets).apply((subnets) => subnets.map(({ id }) => id)),
        amiType: "AL2023_x86_64_STANDARD",
        instanceTypes: [args.instanceType],
        capacityType: "ON_DEMAND",
        launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        scalingConfig: { minSize: args.minSize, desiredSize: args.minSize, maxSize: args.maxSize },
        updateConfig: { maxUnavailable: 1 },
        // Nothing here has data on a node: EKS may replace one that no longer answers.
        nodeRepairConfig: { enabled: true },
      },
      {
        parent: this,
        // Nodes cannot join without the role's permissions, nor let go of their network when they leave.
        dependsOn: permissions,
        // The autoscaler owns the size after the start. Other subnets would be another group, whose predecessor goes with
        // all that is on it.
        ignoreChanges: ["scalingConfig.desiredSize", "subnetIds"],
      },
    );
    this.registerOutputs({ nodeGroupName: this.nodes.nodeGroupName });
  }
}
