/** Blue-green GPU inference services: settings in, components composed, outputs out. */
import * as k8s from "@pulumi/kubernetes";
import { BlueGreenService } from "./components/blueGreenService";
import { Cluster } from "./components/cluster";
import { colors } from "./components/colors";
import { GpuDevicePlugin } from "./components/gpuDevicePlugin";
import { GpuNodeGroup } from "./components/gpuNodeGroup";
import { hostsOf } from "./components/hosts";
import { NginxIngress } from "./components/nginxIngress";
import { SwitchGuard } from "./components/switchGuard";
import { loadSettings } from "./settings";
import { serviceArgs } from "./settings/serviceArgs";

const settings = loadSettings();

const clusterArgs =
  settings.cluster.kind === "create"
    ? {
        ...settings.cluster,
        gpuInstanceTypes: Object.values(settings.gpuNodes ?? {}).map((nodes) => nodes.instanceType),
      }
    : settings.cluster;
const cluster = new Cluster("cluster", clusterArgs);
const onCluster = { provider: cluster.provider };

if (settings.gpuNodes && cluster.eks) {
  for (const color of colors) {
    new GpuNodeGroup(`gpu-${color}`, {
      ...settings.gpuNodes[color],
      ...cluster.eks,
      scheduled: settings.schedule !== undefined,
      color,
    });
  }
  new GpuDevicePlugin("gpu-device-plugin", onCluster);
}

const ingress = new NginxIngress("ingress", settings.ingress, onCluster);

const home = new k8s.core.v1.Namespace(
  "namespace",
  {
    metadata: {
      name: settings.namespace,
      // The API server refuses a Pod that asks for more than the services here need.
      labels: { "pod-security.kubernetes.io/enforce": "restricted" },
    },
  },
  onCluster,
);

const deployed = Object.entries(settings.services).map(([name, service]) => {
  const args = serviceArgs(settings, service);
  const { url, previewUrl, verifications } = new BlueGreenService(
    name,
    {
      ...args,
      namespace: home.metadata.name,
      traffic: { ...args.traffic, ingressClassName: ingress.className },
    },
    onCluster,
  );
  const images = { blue: service.blue.image, green: service.green.image };
  return [name, { url, previewUrl, liveColor: args.liveColor, images, verification: verifications }] as const;
});

if (settings.guard) {
  const guarded = Object.entries(settings.services).map(([name, { host }]) => ({ name, hosts: hostsOf(host) }));
  new SwitchGuard("guard", { ...settings.guard, namespace: home.metadata.name, services: guarded }, onCluster);
}

/** By service: its URL, the preview's URL, which colour the configuration makes live, both images, what verified them. */
export const services = Object.fromEntries(deployed);
/** Where the services are, and what reaches the cluster where that is not the user's own kubeconfig. */
export const namespace = home.metadata.name;
export const kubeconfig = cluster.kubeconfig;
