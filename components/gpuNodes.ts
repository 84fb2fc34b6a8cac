/** A pool of GPU nodes: a group for each colour, when it is how large, and the wait for its GPUs. */
import * as pulumi from "@pulumi/pulumi";
import type { Eks } from "./cluster";
import type { Color, PerColor } from "./colors";
import { gpuInstanceType } from "./gpuInstanceTypes";
import { GpuNodeGroup, type GpuNodeGroupArgs } from "./gpuNodeGroup";
import { GpuReady } from "./gpuReady";
import { scheduledSizes, type Workload } from "./nodeNeeds";
import { NodeSchedule } from "./nodeSchedule";
import type { PeakHours } from "./peakHours";

/** One colour's nodes, as far as they are the pool's own matter. */
export type NodesOfAColor = Omit<
  GpuNodeGroupArgs,
  "clusterName" | "kubernetesVersion" | "subnets" | "color" | "pool" | "scheduled" | "protect"
>;

export interface GpuNodesArgs {
  eks: Pick<Eks, "clusterName" | "kubernetesVersion" | "subnets">;
  /** The service that has these nodes to itself; left out, all services share them. */
  pool?: string | undefined;
  groups: PerColor<NodesOfAColor>;
  /** What runs on them: the sizes at peak and off-peak follow from it. */
  workloads: Workload[];
  /** When it is peak; left out, no schedule moves the sizes. */
  hours?: PeakHours | undefined;
  /**
   * What leads users to a colour. Until they have moved, AWS is not told to take nodes away from the colour that they are
   * to leave: an update that fails before leaves it its night as the live one.
   */
  routes?: pulumi.Input<pulumi.Input<pulumi.Resource>[]> | undefined;
  /** True where the engine refuses to have another group take the place of one that is live. */
  protect?: boolean | undefined;
  /** What reaches the cluster, and where in it the wait for the GPUs runs. */
  onCluster: { provider: pulumi.ProviderResource; namespace: pulumi.Input<string>; dependsOn: pulumi.Resource[] };
}

export class GpuNodes extends pulumi.ComponentResource {
  /** What needs a GPU of a colour comes after that colour's. */
  readonly ready: PerColor<pulumi.Resource[]>;

  constructor(name: string, args: GpuNodesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:GpuNodes", name, {}, opts);
    const { eks, pool, hours, onCluster } = args;
    const { namespace, provider, dependsOn } = onCluster;
    const nodesOf = (color: Color) => {
      const nodes = args.groups[color];
      const isLive = args.workloads.some(({ liveColor }) => liveColor === color);
      const group = new GpuNodeGroup(
        `${name}-${color}`,
        { ...nodes, ...eks, color, pool, scheduled: hours !== undefined, protect: isLive && args.protect },
        { parent: this },
      );
      const sizes = scheduledSizes(args.workloads, color, gpuInstanceType(nodes.instanceType).gpus, nodes);
      const { autoscalingGroupName } = group;
      const schedule =
        hours &&
        new NodeSchedule(
          `${name}-${color}-schedule`,
          { autoscalingGroupName, hours, sizes },
          { parent: group, dependsOn: isLive ? [] : (args.routes ?? []) },
        );
      const gpus = new GpuReady(
        `${name}-${color}-ready`,
        { namespace, nodeGroupName: group.nodeGroupName, nodes: nodes.desiredSize, color, pool },
        { parent: this, provider, dependsOn },
      );
      // The night of a colour is raised before users come to it. The other's waits until they have left, and nobody for it.
      return schedule !== undefined && isLive ? [gpus, schedule] : [gpus];
    };
    this.ready = { blue: nodesOf("blue"), green: nodesOf("green") };
    this.registerOutputs();
  }
}
