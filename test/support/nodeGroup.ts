/** A colour's GPU nodes for tests. The region is that of the mocks: P4 is in eu-west-1b alone, P3 nowhere. */
import { GpuNodeGroup, type GpuNodeGroupArgs } from "../../components/gpuNodeGroup";
import type { Graph, Node } from "./graph";
import { record } from "./mocks";

export function aNodeGroup(change: Partial<GpuNodeGroupArgs> = {}): GpuNodeGroupArgs {
  return {
    clusterName: "prod",
    kubernetesVersion: "1.35",
    color: "blue",
    instanceType: "p4d.24xlarge",
    ami: "al2023",
    capacity: { kind: "onDemand" },
    subnets: [
      { id: "subnet-0a", zone: "eu-west-1a" },
      { id: "subnet-0b", zone: "eu-west-1b" },
    ],
    minSize: 1,
    desiredSize: 2,
    maxSize: 4,
    scheduled: false,
    diskSizeGiB: 300,
    instanceStore: false,
    ...change,
  };
}

export async function graphOf(change: Partial<GpuNodeGroupArgs> = {}): Promise<Graph> {
  return (await record(() => new GpuNodeGroup("gpu", aNodeGroup(change)))).graph;
}

/** The managed node group as it is registered. */
export async function groupOf(change: Partial<GpuNodeGroupArgs> = {}): Promise<Node> {
  return (await graphOf(change)).one("NodeGroup", "gpu-nodes");
}

/** The inputs of its launch template. */
export async function templateOf(change: Partial<GpuNodeGroupArgs> = {}): Promise<unknown> {
  return (await graphOf(change)).one("LaunchTemplate", "gpu-template").inputs;
}
