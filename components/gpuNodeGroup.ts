/**
 * One colour's GPU nodes on EKS: labelled, tainted with the colour, on encrypted disks, reached by IMDSv2 alone.
 *
 * What changes what a node is, such as its image or its disks, has EKS replace the nodes one after the other, and what
 * changes what the group is, such as its instance type, has another group replace it: both take the nodes from under the
 * Pods. Change the idle colour's (docs/capacity.md, which also tells what else replaces nodes).
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { autoscalerHints } from "./autoscalerHints";
import type { Color } from "./colors";
import { nodeRole, nodeTemplate } from "./eksNodes";
import { gpuAmis, type GpuAmi } from "./gpuAmi";
import { gpuInstanceType, type GpuInstanceType } from "./gpuInstanceTypes";
import { costTags, devicePluginLabel, gpuPresentLabel, gpuTaint, gpuTaintValue, nodeLabels } from "./labels";
import type { NodeSubnet } from "./network";
import { nodeImage } from "./nodeImage";
import { nodesStay } from "./nodesStay";
import { nodeSubnets } from "./nodeSubnets";

/** How the machines are paid for. */
export type NodeCapacity =
  | { kind: "onDemand" }
  /** For less, and AWS may take them back with two minutes' notice: not for a colour that is live. */
  | { kind: "spot" }
  /** From an On-Demand Capacity Reservation, by its id: machines that nobody else gets. */
  | { kind: "reservation"; id: string }
  /** From a Capacity Block for ML, by the id of its reservation: machines for some days, paid for in advance. */
  | { kind: "block"; id: string };

export interface GpuNodeGroupArgs {
  clusterName: pulumi.Input<string>;
  /** Kubernetes version of the cluster, such as `1.35`. */
  kubernetesVersion: pulumi.Input<string>;
  color: Color;
  /** The service that has these nodes to itself; left out, all services share them. */
  pool?: string | undefined;
  /** A type of the table in gpuInstanceTypes.ts. */
  instanceType: string;
  ami: GpuAmi;
  /**
   * Release of the image, such as `1.35.2-20260917`. Left out, the group is made with the one that AWS recommends then,
   * and keeps it: nodes change when somebody says so, not when AWS publishes something. One exception is AWS's own: where
   * the launch template changes (disks, tags, reservation) and this does not, EKS takes the newest release for the
   * cluster's version along (EKS API reference, UpdateNodegroupVersion).
   */
  amiRelease?: string | undefined;
  capacity: NodeCapacity;
  /** The one zone to use. A reservation and a block need it, since theirs is one; another zone makes another group. */
  zone?: string | undefined;
  /** Private subnets; the zones that offer the instance type when the group is made are its zones for good. */
  subnets: pulumi.Input<NodeSubnet[]>;
  /**
   * Where this or maxSize changes, EKS is told all three sizes, and the number of nodes is the one in the state: without a
   * refresh before the update (Pulumi.yaml asks for one) nodes end that the autoscaler has added since.
   */
  minSize: number;
  /** Nodes to start with. Schedules and the cluster autoscaler move it later, and the program leaves it alone. */
  desiredSize: number;
  maxSize: number;
  /** True where a NodeSchedule sets the sizes: the program then leaves all of them to it. */
  scheduled: boolean;
  /** Size of the disk with images and caches, in GiB. */
  diskSizeGiB: number;
  /** True to keep images, caches and each Pod's own volumes on the machine's NVMe disks instead. */
  instanceStore: boolean;
  /** True for the colour that is live: the engine refuses to delete the group, or to replace it or its nodes. */
  protect?: boolean | undefined;
}

export class GpuNodeGroup extends pulumi.ComponentResource {
  readonly nodeGroupName: pulumi.Output<string>;
  /** Name of the Auto Scaling group behind the node group, for schedules. */
  readonly autoscalingGroupName: pulumi.Output<string>;

  /** @throws Error for a combination that cannot work; see {@link nodeGroupFault}. */
  constructor(name: string, args: GpuNodeGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:GpuNodeGroup", name, {}, opts);
    const type = gpuInstanceType(args.instanceType);
    const fault = nodeGroupFault(args, type);
    if (fault !== undefined) throw new pulumi.RunError(`${name}: ${fault}`);

    const { color, pool, capacity, zone } = args;
    const tags = costTags({ color, service: pool });
    const labels = {
      ...nodeLabels(color, pool),
      [gpuPresentLabel]: "true",
      [devicePluginLabel]: String(!gpuAmis[args.ami].hasDevicePlugin),
      // The cluster autoscaler waits for the GPUs of a node that has it, instead of adding another.
      "k8s.amazonaws.com/accelerator": `nvidia-${type.gpu.toLowerCase()}`,
    };
    const hints = autoscalerHints({ labels, taint: gpuTaintValue(color, pool), gpus: type.gpus });
    const { role, permissions } = nodeRole(name, tags, this);
    const template = launchTemplate(name, args, tags, this);
    const subnets = nodeSubnets(name, args.subnets, args.instanceType, zone, this);
    const image = nodeImage(name, args, this);

    const nodeGroup = new aws.eks.NodeGroup(
      `${name}-nodes`,
      {
        clusterName: args.clusterName,
        nodeRoleArn: role.arn,
        subnetIds: subnets.ids,
        amiType: gpuAmis[args.ami].amiType,
        ...(image.version !== undefined && { version: image.version }),
        releaseVersion: image.release,
        // Those of a block have their type in the launch template: EKS refuses it here (user guide, "Create a managed node
        // group with Capacity Blocks for ML").
        ...(capacity.kind !== "block" && { instanceTypes: [args.instanceType] }),
        capacityType: capacityTypes[capacity.kind],
        launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        scalingConfig: { minSize: args.minSize, desiredSize: args.desiredSize, maxSize: args.maxSize },
        updateConfig: {
          maxUnavailable: 1,
          // By default EKS starts new nodes before it ends old ones, up to two in each zone. Where no more can be had than
          // there are, the old one has to go first.
          updateStrategy: isReserved(capacity) ? "MINIMAL" : "DEFAULT",
        },
        // One that no longer answers, or whose GPU is broken, is replaced; of the latter EKS knows where its add-on
        // eks-node-monitoring-agent is. One at a time: a fault that all of them show at once is not the nodes'.
        nodeRepairConfig: { enabled: true, maxParallelNodesRepairedCount: 1 },
        labels,
        taints: [{ key: gpuTaint, value: gpuTaintValue(color, pool), effect: "NO_SCHEDULE" }],
        tags: { ...tags, ...hints.ofGroup },
      },
      {
        parent: this,
        // Nodes cannot join without the role's permissions, nor let go of their network when they leave.
        dependsOn: permissions,
        ignoreChanges: ignoredChanges(args),
        hooks: {
          beforeCreate: [subnets.whereOffered, image.fits],
          beforeUpdate: args.protect === true ? [image.fits, nodesStay(name)] : [image.fits],
        },
        protect: args.protect ?? false,
        // The old group has all the machines there are.
        deleteBeforeReplace: isReserved(capacity),
        // GPU machines are scarce: one may come after a while where the first attempt found none.
        customTimeouts: { create: "60m", update: "120m", delete: "60m" },
      },
    );

    this.nodeGroupName = nodeGroup.nodeGroupName;
    this.autoscalingGroupName = nodeGroup.resources.apply(
      (resources) => resources[0]?.autoscalingGroups[0]?.name ?? "",
    );
    for (const { name: hint, key, value } of hints.ofAutoscalingGroup)
      new aws.autoscaling.Tag(
        `${name}-hint-${hint}`,
        { autoscalingGroupName: this.autoscalingGroupName, tag: { key, value, propagateAtLaunch: false } },
        { parent: this },
      );
    this.registerOutputs({ nodeGroupName: this.nodeGroupName, autoscalingGroupName: this.autoscalingGroupName });
  }
}

const capacityTypes = { onDemand: "ON_DEMAND", spot: "SPOT", reservation: "ON_DEMAND", block: "CAPACITY_BLOCK" };

/** Whether there are so many machines and no more. */
function isReserved(capacity: NodeCapacity): capacity is Extract<NodeCapacity, { id: string }> {
  return capacity.kind === "reservation" || capacity.kind === "block";
}

/** What cannot work, in words, as far as it can be told without asking AWS; undefined where nothing is wrong. */
export function nodeGroupFault(args: GpuNodeGroupArgs, type: GpuInstanceType): string | undefined {
  const { instanceType, capacity, zone, instanceStore, minSize, desiredSize, maxSize } = args;
  if (instanceStore && type.instanceStoreGB === 0)
    return `instanceStore: ${instanceType} has no disks of its own; leave it out`;
  if (isReserved(capacity) && zone === undefined)
    return `zone: needed with capacity.kind ${capacity.kind}, whose machines are all in one zone: that of ${capacity.id}`;
  if (minSize > desiredSize || desiredSize > maxSize)
    return `desiredSize: ${desiredSize} is not from minSize (${minSize}) to maxSize (${maxSize})`;
  return undefined;
}

/** What others own, or what would replace the group although nobody has asked for it. */
function ignoredChanges({ amiRelease, zone, scheduled }: GpuNodeGroupArgs): string[] {
  return [
    // A number here ends nodes with no regard to who is on them, and what the program knows is of long ago.
    scheduled ? "scalingConfig" : "scalingConfig.desiredSize",
    ...(amiRelease === undefined ? ["releaseVersion"] : []),
    // The zones that offer a type change with the days.
    ...(zone === undefined ? ["subnetIds"] : []),
  ];
}

function launchTemplate(
  name: string,
  { ami, capacity, diskSizeGiB, instanceStore, instanceType }: GpuNodeGroupArgs,
  tags: Record<string, string>,
  parent: GpuNodeGroup,
): aws.ec2.LaunchTemplate {
  const { disk, instanceStoreUserData } = gpuAmis[ami];
  return nodeTemplate(
    name,
    {
      diskSizeGiB,
      disk,
      tags,
      userData: instanceStore ? Buffer.from(instanceStoreUserData).toString("base64") : undefined,
      capacityReservationId: isReserved(capacity) ? capacity.id : undefined,
      capacityBlockType: capacity.kind === "block" ? instanceType : undefined,
    },
    parent,
  );
}
