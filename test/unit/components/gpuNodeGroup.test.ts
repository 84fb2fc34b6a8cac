import { describe, expect, it } from "vitest";
import { colors } from "../../../components/colors";
import { GpuNodeGroup } from "../../../components/gpuNodeGroup";
import { at } from "../../support/graph";
import { record, valueOf } from "../../support/mocks";
import { aNodeGroup, graphOf, groupOf } from "../../support/nodeGroup";

describe("a colour's nodes", () => {
  it("are a node group with a role and a launch template of its own, and hints for the autoscaler", async () => {
    expect((await graphOf()).toString()).toBe(
      `
GpuNodeGroup gpu
  LaunchTemplate gpu-template
  NodeGroup gpu-nodes
  Role gpu-role
    RolePolicyAttachment gpu-AmazonEC2ContainerRegistryPullOnly
    RolePolicyAttachment gpu-AmazonEKSWorkerNodePolicy
    RolePolicyAttachment gpu-AmazonEKS_CNI_Policy
  Tag gpu-hint-accelerator
  Tag gpu-hint-color
  Tag gpu-hint-gpu.deploy.device-plugin
  Tag gpu-hint-gpu.present
  Tag gpu-hint-gpus
  Tag gpu-hint-taint
`.trim(),
    );
  });

  it.each(colors)("are labelled and tainted %s, as the Pods of that colour expect", async (color) => {
    const { inputs } = await groupOf({ color });
    expect(inputs).toMatchObject({
      labels: { color, "nvidia.com/gpu.present": "true" },
      taints: [{ key: "nvidia.com/gpu", value: color, effect: "NO_SCHEDULE" }],
      tags: { "facefusion:color": color },
    });
    expect(at(inputs, "labels.pool")).toBeUndefined();
  });

  it("of one service alone are labelled and tainted with it, so that nobody else's Pod gets there", async () => {
    const { inputs } = await groupOf({ color: "green", pool: "deepfake" });
    expect(inputs).toMatchObject({
      labels: { color: "green", pool: "deepfake" },
      taints: [{ key: "nvidia.com/gpu", value: "deepfake-green", effect: "NO_SCHEDULE" }],
      tags: { "facefusion:color": "green", "facefusion:service": "deepfake" },
    });
  });

  it.each([
    ["p4d.24xlarge", "nvidia-a100"],
    ["p3.2xlarge", "nvidia-v100"],
    ["g4dn.xlarge", "nvidia-t4"],
  ])("of type %s have the autoscaler wait for their GPUs, %s", async (instanceType, accelerator) => {
    const { inputs } = await groupOf({ instanceType });
    expect(at(inputs, "instanceTypes")).toEqual([instanceType]);
    expect(at(inputs, "labels")).toMatchObject({ "k8s.amazonaws.com/accelerator": accelerator });
  });

  it.each([
    ["al2023", "true"],
    ["bottlerocket", "false"],
  ] as const)("of %s get the device plugin's chart: %s", async (ami, wanted) => {
    expect(at((await groupOf({ ami })).inputs, "labels")).toMatchObject({
      "nvidia.com/gpu.deploy.device-plugin": wanted,
    });
  });

  it.each([
    [true, true],
    [undefined, false],
  ])("are kept from being replaced by the engine: %s", async (protect, kept) => {
    expect((await groupOf({ protect })).protect).toBe(kept);
  });

  it("are replaced one at a time, and repaired one at a time", async () => {
    expect((await groupOf()).inputs).toMatchObject({
      updateConfig: { maxUnavailable: 1 },
      nodeRepairConfig: { enabled: true, maxParallelNodesRepairedCount: 1 },
    });
  });

  it("can be named and scaled by what the component tells", async () => {
    const { graph, made } = await record(() => new GpuNodeGroup("gpu", aNodeGroup()));
    const names = { nodeGroupName: "recorded-nodes", autoscalingGroupName: "recorded-asg" };
    expect(await valueOf(made.nodeGroupName)).toBe(names.nodeGroupName);
    expect(await valueOf(made.autoscalingGroupName)).toBe(names.autoscalingGroupName);
    expect(graph.one("GpuNodeGroup", "gpu").outputs).toEqual(names);
  });

  it("of a type that is not in the table are refused, by name", async () => {
    await expect(graphOf({ instanceType: "m5.large" })).rejects.toThrow("m5.large is not in the table of GPU types");
  });
});

describe("the size of a group", () => {
  it("is what is asked for at the start, and the number of nodes the autoscaler's from then on", async () => {
    const { inputs, ignoreChanges } = await groupOf();
    expect(at(inputs, "scalingConfig")).toEqual({ minSize: 1, desiredSize: 2, maxSize: 4 });
    expect(ignoreChanges).toContain("scalingConfig.desiredSize");
    expect(ignoreChanges).not.toContain("scalingConfig");
  });

  it("is its schedule's alone where it has one", async () => {
    expect((await groupOf({ scheduled: true })).ignoreChanges).toContain("scalingConfig");
  });

  it.each([
    { minSize: 3, desiredSize: 2, maxSize: 4 },
    { minSize: 1, desiredSize: 5, maxSize: 4 },
  ])("is refused where it contradicts itself: %j", async (sizes) => {
    const { minSize, desiredSize, maxSize } = sizes;
    await expect(graphOf(sizes)).rejects.toThrow(
      `gpu: desiredSize: ${desiredSize} is not from minSize (${minSize}) to maxSize (${maxSize})`,
    );
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
