import { describe, expect, it } from "vitest";
import { BlueGreenService } from "../../../components/blueGreenService";
import { colors } from "../../../components/colors";
import { GpuNodeGroup } from "../../../components/gpuNodeGroup";
import { aService } from "../../support/args";
import { at, isTree, type Graph, type Node } from "../../support/graph";
import { record } from "../../support/mocks";
import { aNodeGroup } from "../../support/nodeGroup";

/** Shared nodes and those of service `motion`, in both colours; a service that shares, and `motion`. */
async function everything(): Promise<Graph> {
  const { graph } = await record(() => {
    for (const color of colors) {
      new GpuNodeGroup(`shared-${color}`, aNodeGroup({ color }));
      new GpuNodeGroup(`motion-${color}`, aNodeGroup({ color, pool: "motion" }));
    }
    new BlueGreenService("facefusion", aService());
    new BlueGreenService("motion", aService({ host: "motion.example.com", pool: "motion" }));
  });
  return graph;
}

/** The groups whose nodes a Pod may be put on, as Kubernetes decides it: by its selector and by what it tolerates. */
function placesFor(graph: Graph, workload: Node): string[] {
  const pod = at(workload.inputs, "spec.template.spec");
  const selector = Object.entries(treeAt(pod, "nodeSelector"));
  return graph
    .all("NodeGroup")
    .filter(({ inputs }) => {
      const labels = treeAt(inputs, "labels");
      const tolerated = at(pod, "tolerations.0");
      return (
        selector.every(([key, value]) => labels[key] === value) &&
        at(tolerated, "key") === at(inputs, "taints.0.key") &&
        at(tolerated, "value") === at(inputs, "taints.0.value")
      );
    })
    .map(({ name }) => name);
}

function treeAt(value: unknown, path: string): Readonly<Record<string, unknown>> {
  const tree = at(value, path);
  if (!isTree(tree)) throw new Error(`nothing at ${path}`);
  return tree;
}

describe.each(colors)("the Pods of %s", (color) => {
  it.each([
    ["facefusion", `shared-${color}-nodes`],
    ["motion", `motion-${color}-nodes`],
  ])("of %s find a place on %s and nowhere else, those of its verification too", async (service, place) => {
    const graph = await everything();
    const stack = graph.one("Deployment", `${service}-${color}-deployment`);
    const [verification] = graph
      .below(graph.one("Verification", `${service}-${color}-verification`))
      .filter(({ type }) => type.endsWith(":Job"));
    expect(placesFor(graph, stack)).toEqual([place]);
    expect(verification && placesFor(graph, verification)).toEqual([place]);
  });
});
