/**
 * NVIDIA's device plugin, which advertises a node's GPUs as `nvidia.com/gpu`. Once per cluster, and only on nodes whose
 * image lacks it, while one colour may have another image than the other: two of them on a node fight over the same GPUs.
 */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { devicePluginLabel, gpuTaint } from "./labels";

export class GpuDevicePlugin extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:GpuDevicePlugin", name, {}, opts);
    new k8s.helm.v3.Release(
      `${name}-release`,
      {
        chart: "nvidia-device-plugin",
        version: "0.20.0",
        repositoryOpts: { repo: "https://nvidia.github.io/k8s-device-plugin" },
        name: "nvidia-device-plugin",
        namespace: "kube-system",
        // Done when it runs on every GPU node that is there: what comes after finds their GPUs advertised.
        atomic: true,
        skipAwait: false,
        values: {
          nodeSelector: { [devicePluginLabel]: "true" },
          // Every colour's taint has another value, so any value is tolerated.
          tolerations: [{ key: gpuTaint, operator: "Exists", effect: "NoSchedule" }],
          resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "256Mi" } },
        },
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}
