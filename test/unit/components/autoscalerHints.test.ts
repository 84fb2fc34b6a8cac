import { describe, expect, it } from "vitest";
import { autoscalerHints } from "../../../components/autoscalerHints";
import { gpuToleration, nodeLabels } from "../../../components/labels";
import { at } from "../../support/graph";
import { graphOf, groupOf } from "../../support/nodeGroup";

const template = "k8s.io/cluster-autoscaler/node-template";

describe("what the autoscaler knows of a group without a node", () => {
  it("is its labels, its taint and its GPUs, in tags of the Auto Scaling group", () => {
    const { ofAutoscalingGroup } = autoscalerHints({ labels: { "example.com/a": "b" }, taint: "blue", gpus: 8 });
    expect(ofAutoscalingGroup).toEqual([
      { name: "a", key: `${template}/label/example.com/a`, value: "b" },
      { name: "taint", key: `${template}/taint/nvidia.com/gpu`, value: "blue:NoSchedule" },
      { name: "gpus", key: `${template}/resources/nvidia.com/gpu`, value: "8" },
    ]);
  });

  it("is its GPUs in a tag of the node group too, where EKS is asked first", async () => {
    expect(at((await groupOf()).inputs, "tags")).toMatchObject({ [`${template}/resources/nvidia.com/gpu`]: "8" });
  });

  it("is enough for a Pod of that colour and pool to find a place: all that it selects and tolerates", async () => {
    const graph = await graphOf({ color: "green", pool: "motion" });
    const hints = Object.fromEntries(
      graph.all("Tag").map(({ inputs }) => [String(at(inputs, "tag.key")), at(inputs, "tag.value")]),
    );
    const selected = { ...nodeLabels("green", "motion"), "nvidia.com/gpu.present": "true" };
    for (const [label, value] of Object.entries(selected)) expect(hints[`${template}/label/${label}`]).toBe(value);
    const { key, value, effect } = gpuToleration("green", "motion");
    expect(hints[`${template}/taint/${key}`]).toBe(`${value}:${effect}`);
  });

  it("is set on the group that EKS has made, and not copied to its machines", async () => {
    for (const { inputs } of (await graphOf()).all("Tag")) {
      expect(at(inputs, "autoscalingGroupName")).toBe("recorded-asg");
      expect(at(inputs, "tag.propagateAtLaunch")).toBe(false);
    }
  });
});
