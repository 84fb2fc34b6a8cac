import { describe, expect, it } from "vitest";
import { SystemNodeGroup, type SystemNodeGroupArgs } from "../../../components/systemNodeGroup";
import { at, difference } from "../../support/graph";
import { record } from "../../support/mocks";

async function graphOf(change: Partial<SystemNodeGroupArgs> = {}) {
  const args: SystemNodeGroupArgs = {
    clusterName: "prod",
    kubernetesVersion: "1.35",
    subnets: [
      { id: "subnet-0a", zone: "eu-west-1a" },
      { id: "subnet-0b", zone: "eu-west-1b" },
    ],
    instanceType: "m7i.large",
    minSize: 2,
    maxSize: 4,
    ...change,
  };
  return (await record(() => new SystemNodeGroup("system", args))).graph;
}

describe("the nodes of controllers", () => {
  it("take any Pod, in each zone, and start with as many as there must be", async () => {
    const { inputs } = (await graphOf({ minSize: 3 })).one("NodeGroup", "system-nodes");
    expect(inputs).toMatchObject({
      amiType: "AL2023_x86_64_STANDARD",
      instanceTypes: ["m7i.large"],
      subnetIds: ["subnet-0a", "subnet-0b"],
      scalingConfig: { minSize: 3, desiredSize: 3, maxSize: 4 },
    });
    expect(at(inputs, "taints")).toBeUndefined();
  });

  it("come when their role is whole, and leave their number to the autoscaler", async () => {
    const graph = await graphOf();
    const nodes = graph.one("NodeGroup", "system-nodes");
    for (const permission of graph.all("RolePolicyAttachment")) expect(graph.waitsFor(nodes, permission)).toBe(true);
    expect(nodes.ignoreChanges).toEqual(["scalingConfig.desiredSize", "subnetIds"]);
  });

  it("follow the cluster to a later version, and nothing else changes", async () => {
    expect(difference(await graphOf(), await graphOf({ kubernetesVersion: "1.36" }))).toEqual({
      added: [],
      removed: [],
      changed: { "NodeGroup system-nodes": ["version"] },
    });
  });
});
