import { describe, expect, it } from "vitest";
import { colors } from "../../../components/colors";
import { GpuNodeGroup, type GpuNodeGroupArgs } from "../../../components/gpuNodeGroup";
import { at, type Graph } from "../../support/graph";
import { record, valueOf } from "../../support/mocks";

function aNodeGroup(change: Partial<GpuNodeGroupArgs> = {}): GpuNodeGroupArgs {
  return {
    clusterName: "prod",
    color: "blue",
    instanceType: "p4d.24xlarge",
    subnetIds: ["subnet-0a", "subnet-0b"],
    minSize: 1,
    desiredSize: 2,
    maxSize: 4,
    capacityType: "onDemand",
    diskSizeGiB: 300,
    ...change,
  };
}

async function graphOf(change: Partial<GpuNodeGroupArgs> = {}): Promise<Graph> {
  return (await record(() => new GpuNodeGroup("gpu", aNodeGroup(change)))).graph;
}

async function groupOf(change: Partial<GpuNodeGroupArgs> = {}): Promise<unknown> {
  return (await graphOf(change)).one("NodeGroup", "gpu-nodes").inputs;
}

async function templateOf(change: Partial<GpuNodeGroupArgs> = {}): Promise<unknown> {
  return (await graphOf(change)).one("LaunchTemplate", "gpu-template").inputs;
}

describe("a colour's nodes", () => {
  it("are a node group with a role and a launch template of its own", async () => {
    expect((await graphOf()).toString()).toBe(
      `
GpuNodeGroup gpu
  LaunchTemplate gpu-template
  NodeGroup gpu-nodes
  Role gpu-role
    RolePolicyAttachment gpu-AmazonEC2ContainerRegistryPullOnly
    RolePolicyAttachment gpu-AmazonEKSWorkerNodePolicy
    RolePolicyAttachment gpu-AmazonEKS_CNI_Policy
`.trim(),
    );
  });

  it.each(colors)("are labelled and tainted %s, as the Pods of that colour expect", async (color) => {
    const group = await groupOf({ color });
    expect(at(group, "labels")).toEqual({
      color,
      "nvidia.com/gpu.present": "true",
      "k8s.amazonaws.com/accelerator": "nvidia-a100",
    });
    expect(at(group, "taints")).toEqual([{ key: "nvidia.com/gpu", value: color, effect: "NO_SCHEDULE" }]);
    expect(at(group, "tags")).toEqual({ "facefusion:color": color });
  });

  it.each([
    ["p4d.24xlarge", "nvidia-a100"],
    ["p3.2xlarge", "nvidia-v100"],
    ["g4dn.xlarge", "nvidia-t4"],
  ])("of type %s boot NVIDIA's image and tell the autoscaler their GPU, %s", async (instanceType, accelerator) => {
    const group = await groupOf({ instanceType });
    expect(at(group, "amiType")).toBe("AL2023_x86_64_NVIDIA");
    expect(at(group, "instanceTypes")).toEqual([instanceType]);
    expect(at(group, "labels")).toMatchObject({ "k8s.amazonaws.com/accelerator": accelerator });
  });

  it.each([
    ["onDemand", "ON_DEMAND"],
    ["spot", "SPOT"],
  ] as const)("can be %s", async (capacityType, inAws) => {
    expect(at(await groupOf({ capacityType }), "capacityType")).toBe(inAws);
  });

  it("are where and in the cluster that they are asked for", async () => {
    const group = await groupOf({ clusterName: "staging", subnetIds: ["subnet-0c"] });
    expect(at(group, "clusterName")).toBe("staging");
    expect(at(group, "subnetIds")).toEqual(["subnet-0c"]);
  });

  it("start with the desired size, which is left to schedules and the autoscaler from then on", async () => {
    const node = (await graphOf()).one("NodeGroup", "gpu-nodes");
    expect(at(node.inputs, "scalingConfig")).toEqual({ minSize: 1, desiredSize: 2, maxSize: 4 });
    expect(node.ignoreChanges).toEqual(["scalingConfig.desiredSize"]);
  });

  it("are replaced one at a time", async () => {
    expect(at(await groupOf(), "updateConfig")).toEqual({ maxUnavailable: 1 });
  });

  it("can be named and scaled by what the component tells", async () => {
    const { graph, made } = await record(() => new GpuNodeGroup("gpu", aNodeGroup()));
    const names = { nodeGroupName: "recorded-nodes", autoscalingGroupName: "recorded-asg" };
    expect(await valueOf(made.nodeGroupName)).toBe(names.nodeGroupName);
    expect(await valueOf(made.autoscalingGroupName)).toBe(names.autoscalingGroupName);
    expect(graph.one("GpuNodeGroup", "gpu").outputs).toEqual(names);
  });

  it("of a type that is not in the table are refused, by name", async () => {
    await expect(graphOf({ instanceType: "m5.large" })).rejects.toThrow("instanceType m5.large is not in the table");
  });
});

describe("a node", () => {
  it("hands its credentials to IMDSv2 alone, and not to Pods", async () => {
    expect(at(await templateOf(), "metadataOptions")).toEqual({
      httpEndpoint: "enabled",
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
    });
  });

  it("has an encrypted disk of the asked size, which goes with it", async () => {
    expect(at(await templateOf({ diskSizeGiB: 500 }), "blockDeviceMappings")).toEqual([
      {
        deviceName: "/dev/xvda",
        ebs: { volumeType: "gp3", volumeSize: 500, encrypted: "true", deleteOnTermination: "true" },
      },
    ]);
  });

  it("is tagged with its colour and as the provider says by default, its disk and its network interface too", async () => {
    const tags = { "facefusion:color": "green", stack: "test" };
    expect(at(await templateOf({ color: "green" }), "tagSpecifications")).toEqual([
      { resourceType: "instance", tags },
      { resourceType: "volume", tags },
      { resourceType: "network-interface", tags },
    ]);
  });

  it("is rebuilt when the launch template changes: the group names its version", async () => {
    expect(at(await groupOf(), "launchTemplate")).toEqual({ id: "gpu-template-id", version: "1" });
  });
});

describe("the nodes' role", () => {
  it("may do what a node must, for EC2 alone", async () => {
    const graph = await graphOf();
    const attached = graph.all("RolePolicyAttachment").map(({ inputs }) => at(inputs, "policyArn"));
    expect(attached.sort()).toEqual([
      "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
      "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
      "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
    ]);
    expect(JSON.stringify(at(graph.one("Role", "gpu-role").inputs, "assumeRolePolicy"))).toContain("ec2.amazonaws.com");
  });

  it("has its permissions before the first node needs them, and until the last is gone", async () => {
    const graph = await graphOf();
    const group = graph.one("NodeGroup", "gpu-nodes");
    for (const attachment of graph.all("RolePolicyAttachment")) {
      expect(graph.waitsFor(group, attachment), attachment.name).toBe(true);
    }
  });
});
