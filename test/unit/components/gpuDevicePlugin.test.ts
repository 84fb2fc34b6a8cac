import { expect, it } from "vitest";
import { GpuDevicePlugin } from "../../../components/gpuDevicePlugin";
import { at } from "../../support/graph";
import { record } from "../../support/mocks";

it("the device plugin runs on the nodes of either colour, at one version", async () => {
  const { graph } = await record(() => new GpuDevicePlugin("gpu"));
  expect(graph.toString()).toBe("GpuDevicePlugin gpu\n  Release gpu-release");
  const release = graph.one("Release", "gpu-release").inputs;
  expect(release).toMatchObject({ chart: "nvidia-device-plugin", version: "0.20.0", namespace: "kube-system" });
  // What needs GPUs comes after it.
  expect(release).toMatchObject({ atomic: true, skipAwait: false });
  // Another image has its own.
  expect(at(release, "values.nodeSelector")).toEqual({ "nvidia.com/gpu.deploy.device-plugin": "true" });
  // No value: a colour would keep it off the other colour's nodes.
  expect(at(release, "values.tolerations")).toEqual([
    { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
  ]);
});
