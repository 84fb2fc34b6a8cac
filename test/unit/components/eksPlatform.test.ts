import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { describe, expect, it } from "vitest";
import { colors, other } from "../../../components/colors";
import { EksPlatform, type EksPlatformArgs } from "../../../components/eksPlatform";
import type { NodesOfAColor } from "../../../components/gpuNodes";
import { later } from "../../../components/later";
import { anEks } from "../../support/eks";
import { at, type Graph } from "../../support/graph";
import { record } from "../../support/mocks";

const nodes: NodesOfAColor = {
  instanceType: "g5.xlarge",
  ami: "al2023",
  capacity: { kind: "onDemand" },
  minSize: 1,
  desiredSize: 2,
  maxSize: 4,
  diskSizeGiB: 200,
  instanceStore: false,
};

const workload = {
  liveColor: "blue" as const,
  gpusPerPod: 1,
  capacity: { replicas: 3, offPeakReplicas: 2, standbyReplicas: 1 },
};

const hours = { timeZone: "Europe/Berlin", days: ["mon" as const], from: "07:00", until: "20:00" };

type Pool = EksPlatformArgs["pools"][number];

function aPool(change: Partial<Pool> = {}): Pool {
  return { groups: { blue: nodes, green: nodes }, workloads: [workload], ...change };
}

async function graphOf(change: Partial<EksPlatformArgs> = {}): Promise<Graph> {
  const { graph } = await record(() => {
    const eks = anEks([new random.RandomId("before", { byteLength: 1 })]);
    const provider = new k8s.Provider("provider");
    const controllers = { longestGraceSeconds: 600, devicePlugin: true };
    const routes = later<pulumi.Resource[]>();
    const args = {
      eks,
      provider,
      namespace: "inference",
      pools: [aPool()],
      controllers,
      routes: routes.known,
      ...change,
    };
    const platform = new EksPlatform("platform", args);
    new pulumi.ComponentResource("test:index:Ingress", "ingress", {}, { dependsOn: platform.controllers });
    const nodesReady = platform.nodesFor(undefined);
    if (nodesReady === undefined) throw new Error("no nodes are shared");
    const stacks = colors.map((color) => {
      const stack = new pulumi.ComponentResource("test:index:Stack", color, {}, { dependsOn: nodesReady[color] });
      new random.RandomId(`of-${color}`, { byteLength: 1 }, { parent: stack });
      return stack;
    });
    routes.say(stacks);
  });
  return graph;
}

describe("what services need of an EKS cluster", () => {
  it("comes once the cluster is there", async () => {
    const graph = await graphOf();
    const before = graph.one("RandomId", "before");
    for (const component of [...graph.all("EksControllers"), ...graph.all("GpuNodes")])
      expect(graph.waitsFor(component, before), component.name).toBe(true);
  });

  it("is there before they are: load balancers and nodes whose GPUs are offered", async () => {
    const graph = await graphOf();
    const ingress = graph.one("Ingress", "ingress");
    expect(graph.waitsFor(ingress, graph.one("LoadBalancerController", "platform-controllers-load-balancers"))).toBe(
      true,
    );
    for (const color of colors) {
      const ready = graph.one("Job", `gpu-${color}-ready-job`);
      expect(graph.waitsFor(graph.one("Stack", color), ready)).toBe(true);
      // What is broken on the idle colour's nodes is no matter of the live one's.
      expect(graph.waitsFor(graph.one("Stack", other(color)), ready)).toBe(false);
      expect(graph.waitsFor(ready, graph.one("NodeGroup", `gpu-${color}-nodes`))).toBe(true);
      expect(graph.waitsFor(ready, graph.one("GpuDevicePlugin", "platform-controllers-gpu-device-plugin"))).toBe(true);
      // It takes minutes to get a machine, and an ingress controller needs none.
      expect(graph.waitsFor(ingress, ready)).toBe(false);
    }
  });

  it("has the night of the live colour raised before users come to it, and the other's lowered once they have left", async () => {
    const graph = await graphOf({ pools: [aPool({ hours })] });
    const [blue, green] = [graph.one("Stack", "blue"), graph.one("Stack", "green")];
    const nights = {
      blue: graph.one("Schedule", "gpu-blue-schedule-off-peak"),
      green: graph.one("Schedule", "gpu-green-schedule-off-peak"),
    };
    expect(graph.waitsFor(blue, nights.blue)).toBe(true);
    expect(graph.waitsFor(nights.green, blue)).toBe(true);
    expect(graph.waitsFor(green, nights.green)).toBe(false);
  });

  it("has no controllers where somebody else looks after them", async () => {
    const graph = await graphOf({ controllers: undefined });
    expect(graph.all("EksControllers")).toEqual([]);
    expect(graph.all("NodeGroup")).toHaveLength(2);
  });
});

describe("the nodes of a service", () => {
  it("are its own where it has some, and nobody's where there are none", async () => {
    const { made } = await record(() => {
      const eks = anEks();
      const provider = new k8s.Provider("provider");
      return new EksPlatform("platform", { eks, provider, namespace: "inference", pools: [aPool({ pool: "motion" })] });
    });
    expect(made.nodesFor("motion")?.blue).toBeDefined();
    expect(made.nodesFor(undefined)).toBeUndefined();
  });
});

describe("a pool of nodes", () => {
  it("of one service is labelled and tainted for it alone", async () => {
    const graph = await graphOf({ pools: [aPool(), aPool({ pool: "motion" })] });
    expect(graph.all("NodeGroup").map(({ name }) => name)).toEqual([
      "gpu-blue-nodes",
      "gpu-green-nodes",
      "gpu-motion-blue-nodes",
      "gpu-motion-green-nodes",
    ]);
    const own = graph.one("NodeGroup", "gpu-motion-green-nodes").inputs;
    expect(at(own, "labels")).toMatchObject({ color: "green", pool: "motion" });
    expect(at(own, "taints.0.value")).toBe("motion-green");
  });

  it("follows the hours in size, by what runs on it", async () => {
    const graph = await graphOf({ pools: [aPool({ hours })] });
    const sizes = (name: string) => {
      const { inputs } = graph.one("Schedule", name);
      return [at(inputs, "minSize"), at(inputs, "desiredCapacity"), at(inputs, "maxSize")];
    };
    expect(sizes("gpu-blue-schedule-peak")).toEqual([3, -1, 4]);
    // Users are on blue: the floor sinks, and the autoscaler takes nodes away once they are free.
    expect(sizes("gpu-blue-schedule-off-peak")).toEqual([2, -1, 4]);
    expect(sizes("gpu-green-schedule-off-peak")).toEqual([1, 1, 4]);
  });

  it("is told to shrink only when users have moved, and to grow before", async () => {
    const graph = await graphOf({ pools: [aPool({ hours })] });
    const route = graph.one("RandomId", "of-blue");
    for (const action of ["peak", "off-peak"]) {
      expect(graph.waitsFor(graph.one("Schedule", `gpu-green-schedule-${action}`), route)).toBe(true);
      expect(graph.waitsFor(graph.one("Schedule", `gpu-blue-schedule-${action}`), route)).toBe(false);
    }
  });

  it.each([true, false])("has no group replaced under users, where that is asked for: %s", async (protect) => {
    const graph = await graphOf({ pools: [aPool({ protect })] });
    expect(graph.one("NodeGroup", "gpu-blue-nodes").protect).toBe(protect);
    expect(graph.one("NodeGroup", "gpu-green-nodes").protect).toBe(false);
  });

  it("keeps its size where no hours are given", async () => {
    expect((await graphOf()).all("Schedule")).toEqual([]);
  });

  it("is not waited for where it starts with no node", async () => {
    const graph = await graphOf({
      pools: [aPool({ groups: { blue: nodes, green: { ...nodes, minSize: 0, desiredSize: 0 } } })],
    });
    expect(graph.all("Job").map(({ name }) => name)).toEqual(["gpu-blue-ready-job"]);
  });
});
