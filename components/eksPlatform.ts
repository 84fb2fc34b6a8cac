/** What the services need of an EKS cluster: its controllers, and GPU nodes that they work on. */
import * as pulumi from "@pulumi/pulumi";
import type { Eks } from "./cluster";
import type { PerColor } from "./colors";
import { EksControllers, type EksControllersArgs } from "./eksControllers";
import { GpuNodes, type GpuNodesArgs } from "./gpuNodes";

export interface EksPlatformArgs {
  eks: Eks;
  /** Left out where somebody else looks after them. */
  controllers?: Omit<EksControllersArgs, "clusterName" | "vpcId" | "region" | "kubernetesVersion"> | undefined;
  pools: Pick<GpuNodesArgs, "pool" | "groups" | "workloads" | "hours" | "protect">[];
  /** What leads users to a colour; see GpuNodesArgs. */
  routes?: GpuNodesArgs["routes"];
  /** Namespace of the services. */
  namespace: pulumi.Input<string>;
  /** Reaches the cluster. */
  provider: pulumi.ProviderResource;
}

export class EksPlatform extends pulumi.ComponentResource {
  /** What an ingress controller and the services come after: a load balancer needs its own, certificates theirs. */
  readonly controllers: pulumi.Resource[];
  private readonly pools: { pool: string | undefined; ready: GpuNodes["ready"] }[];

  constructor(name: string, args: EksPlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:EksPlatform", name, {}, opts);
    const { eks, namespace, provider } = args;
    const controllers =
      args.controllers &&
      new EksControllers(
        `${name}-controllers`,
        { ...eks, ...args.controllers },
        { parent: this, provider, dependsOn: eks.ready },
      );
    this.controllers = controllers?.ready ?? [];
    this.pools = args.pools.map((pool) => ({
      pool: pool.pool,
      ready: new GpuNodes(
        ["gpu", pool.pool].filter(Boolean).join("-"),
        {
          ...pool,
          eks,
          routes: args.routes,
          // GPUs are offered by the device plugin, which is one of the controllers.
          onCluster: { provider, namespace, dependsOn: controllers ? [controllers] : [] },
        },
        { parent: this, dependsOn: eks.ready },
      ).ready,
    }));
    this.registerOutputs();
  }

  /**
   * What a colour's Pods come after: nodes whose GPUs are offered.
   *
   * @param pool The service, where it has nodes to itself.
   */
  nodesFor(pool: string | undefined): PerColor<pulumi.Resource[]> | undefined {
    return this.pools.find((each) => each.pool === pool)?.ready;
  }
}
