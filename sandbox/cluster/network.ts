/** What makes Services and names work in the machine: kube-proxy and CoreDNS. */
import { PatchStrategy } from "@kubernetes/client-node";
import { stringify } from "yaml";
import { keepFile } from "../files";
import { at } from "../layout";
import { ensure } from "../machine/daemons";
import { addresses, inside, podRange } from "../machine/machine";
import { client } from "./client";
import { componentKubeconfig, type ClusterContext } from "./controlPlane";
import { nodeName } from "./nodes";

export async function ensureNetwork(context: ClusterContext): Promise<void> {
  await Promise.all([ensureProxy(context), ensureDns(context), ensureIngressClass(context)]);
}

/** One proxy for both nodes, since both are in one network namespace. */
async function ensureProxy(context: ClusterContext): Promise<void> {
  const { layout, tools } = context;
  const kubeconfig = await componentKubeconfig(context, "proxy", "CN=system:kube-proxy");
  const configuration = {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    mode: "iptables",
    clientConnection: { kubeconfig },
    clusterCIDR: podRange,
    hostnameOverride: nodeName("blue"),
    healthzBindAddress: "127.0.0.1:10256",
    metricsBindAddress: "127.0.0.1:10249",
    // Connection tracking's sizes belong to the host; a namespace may not set them.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
  };
  const file = at(layout, "kube-proxy.yaml");
  keepFile(file, stringify(configuration));
  await ensure(layout, inside(layout, { name: "kube-proxy", command: [tools["kube-proxy"], `--config=${file}`] }));
}

async function ensureDns(context: ClusterContext): Promise<void> {
  const { layout, tools } = context;
  const kubeconfig = await componentKubeconfig(context, "dns", "O=system:masters, CN=coredns");
  const file = at(layout, "Corefile");
  keepFile(
    file,
    `.:53 {
  bind ${addresses.dns}
  errors
  kubernetes cluster.local in-addr.arpa {
    kubeconfig ${kubeconfig}
  }
}
`,
  );
  await ensure(layout, inside(layout, { name: "coredns", command: [tools.coredns, "-conf", file] }));
}

/** The class that the NGINX driver serves. */
async function ensureIngressClass({ layout }: ClusterContext): Promise<void> {
  await client.objects(layout).patch(
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "IngressClass",
      metadata: { name: "nginx" },
      spec: { controller: "nginx.org/ingress-controller" },
    },
    undefined,
    undefined,
    "facefusion-sandbox",
    undefined,
    PatchStrategy.ServerSideApply,
  );
}
