/** What the services need of an EKS cluster: its controllers, and GPU nodes that they work on. */
import * as pulumi from "@pulumi/pulumi";
import type { Eks } from "./cluster";
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
  /** What an ingress controller comes after: a load balancer needs its own controller, certificates theirs. */
  readonly controllers: pulumi.Resource[];
  /** What the services come after. */
  readonly ready: pulumi.Resource[];

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
    const nodes = args.pools.map(
      (pool) =>
        new GpuNodes(
          ["gpu", pool.pool].filter(Boolean).join("-"),
          {
            ...pool,
            eks,
            routes: args.routes,
            // GPUs are offered by the device plugin, which is one of the controllers.
            onCluster: { provider, namespace, dependsOn: controllers ? [controllers] : [] },
          },
          { parent: this, dependsOn: eks.ready },
        ),
    );
    this.ready = [...this.controllers, ...nodes.flatMap(({ ready }) => ready)];
    this.registerOutputs();
  }
}
