/** One node for each colour: a containerd and a kubelet of its own, labelled, tainted, with GPUs to give away. */
import { mkdirSync } from "node:fs";
import { execa } from "execa";
import { stringify } from "yaml";
import { colors, type Color } from "../../components/colors";
import { colorLabel, gpuPresentLabel, gpuTaint } from "../../components/labels";
import { keepFile } from "../files";
import { at } from "../layout";
import { ensure } from "../machine/daemons";
import { addresses, inside } from "../machine/machine";
import { until } from "../wait";
import { client } from "./client";
import { componentKubeconfig, type ClusterContext } from "./controlPlane";

export function nodeName(color: Color): string {
  return `gpu-${color}`;
}

/** The socket of a node's containerd. */
export function containerdSocket({ layout }: ClusterContext, color: Color): string {
  return at(layout, "nodes", color, "containerd.sock");
}

/** Starts the nodes' container runtimes, which take images before the nodes are there. */
export async function ensureRuntimes(context: ClusterContext): Promise<void> {
  await Promise.all(colors.map((color) => ensureContainerd(context, color)));
}

/** Starts both nodes and waits until they are ready and advertise their GPUs. */
export async function ensureNodes(context: ClusterContext): Promise<void> {
  await Promise.all(
    colors.map(async (color) => {
      await ensureKubelet(context, color);
      await until(`node ${nodeName(color)} to be ready`, () => isReady(context, color));
      await advertiseGpus(context, color);
    }),
  );
}

async function ensureContainerd(context: ClusterContext, color: Color): Promise<void> {
  const { layout } = context;
  const directory = at(layout, "nodes", color);
  mkdirSync(`${directory}/cni`, { recursive: true });
  keepFile(`${directory}/cni/10-pods.conflist`, JSON.stringify(podNetwork(color)));
  keepFile(`${directory}/containerd.toml`, containerdConfiguration(color, directory));
  await ensure(
    layout,
    inside(layout, {
      name: `containerd-${color}`,
      command: ["containerd", `--config=${directory}/containerd.toml`],
    }),
  );
  // Not just its socket: that of one that was killed is there, too.
  const version = ["--address", containerdSocket(context, color), "version"];
  await until(`containerd-${color} to answer`, async () => !(await execa("ctr", version, { reject: false })).failed);
}

/** A link to each Pod and a route to it: no bridge, so that a Service reaches Pods of the caller's own node, too. */
function podNetwork(color: Color) {
  const subnet = color === "blue" ? "10.244.0.0/24" : "10.244.1.0/24";
  return {
    cniVersion: "0.4.0",
    name: "pods",
    plugins: [
      {
        type: "ptp",
        ipam: {
          type: "host-local",
          subnet,
          dataDir: `/run/addresses-${color}`,
          routes: [{ dst: "0.0.0.0/0" }],
        },
      },
    ],
  };
}

function containerdConfiguration(color: Color, directory: string): string {
  return `version = 2
root = "${directory}/containerd"
# What runs and which addresses are taken is true for as long as the machine runs, and no longer.
state = "/run/containerd-${color}"
[grpc]
  address = "${directory}/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  # Where this process may not lower anybody's OOM score, runc would fail to start every container.
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${directory}/cni"
`;
}

async function ensureKubelet(context: ClusterContext, color: Color): Promise<void> {
  const { layout, tools, authority } = context;
  const directory = at(layout, "nodes", color);
  const name = nodeName(color);
  const kubeconfig = await componentKubeconfig(context, name, `O=system:nodes, CN=system:node:${name}`);
  const serving = await authority.issue(`kubelet-${color}`, {
    subject: `CN=${name}`,
    names: [
      { type: "ip", value: addresses[color] },
      { type: "dns", value: name },
    ],
  });
  const configuration = {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: addresses[color],
    healthzBindAddress: addresses[color],
    tlsCertFile: serving.certificatePath,
    tlsPrivateKeyFile: serving.keyPath,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: at(layout, "pki", "ca.crt") },
    },
    authorization: { mode: "Webhook" },
    clusterDNS: [addresses.dns],
    clusterDomain: "cluster.local",
    // The machine has no way out, so it has no resolver to inherit.
    resolvConf: "",
    containerRuntimeEndpoint: `unix://${containerdSocket(context, color)}`,
    podLogsDir: `${directory}/pod-logs`,
    // Two kubelets share a kernel that is not theirs: neither may manage its control groups beyond the Pods' own.
    failCgroupV1: false,
    cgroupDriver: "cgroupfs",
    cgroupsPerQOS: false,
    enforceNodeAllocatable: [],
    failSwapOn: false,
    evictionHard: { "memory.available": "100Mi", "nodefs.available": "1%", "imagefs.available": "1%" },
    registerWithTaints: [{ key: gpuTaint, value: color, effect: "NoSchedule" }],
  };
  keepFile(`${directory}/kubelet.yaml`, stringify(configuration));
  await ensure(
    layout,
    inside(layout, {
      name: `kubelet-${color}`,
      command: [
        tools.kubelet,
        `--config=${directory}/kubelet.yaml`,
        `--kubeconfig=${kubeconfig}`,
        `--hostname-override=${name}`,
        `--node-ip=${addresses[color]}`,
        `--node-labels=${colorLabel}=${color},${gpuPresentLabel}=true`,
        `--root-dir=${directory}/kubelet`,
        `--cert-dir=${directory}/kubelet-pki`,
      ],
    }),
  );
}

async function isReady({ layout }: ClusterContext, color: Color): Promise<boolean> {
  const node = await client.core(layout).readNode({ name: nodeName(color) });
  return node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}

/** Nothing is behind these GPUs: they are numbers that the scheduler counts. */
async function advertiseGpus({ layout }: ClusterContext, color: Color): Promise<void> {
  const quantity = String(layout.gpusPerNode);
  await client.core(layout).patchNodeStatus({
    name: nodeName(color),
    body: [{ op: "add", path: "/status/capacity/nvidia.com~1gpu", value: quantity }],
  });
  await until(`${nodeName(color)} to advertise its GPUs`, async () => {
    const node = await client.core(layout).readNode({ name: nodeName(color) });
    return node.status?.allocatable?.["nvidia.com/gpu"] === quantity;
  });
}
