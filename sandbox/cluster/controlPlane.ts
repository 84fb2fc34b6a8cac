/** etcd, the API server, the controllers and the scheduler: the real ones, in the machine. */
import { mkdirSync } from "node:fs";
import * as https from "node:https";
import * as path from "node:path";
import { ensure, logPath } from "../machine/daemons";
import { addresses, inside, serviceRange } from "../machine/machine";
import { keepFile } from "../files";
import { at, kubeconfigPath, root, type Layout } from "../layout";
import type { Tools } from "../tools/tools";
import { until } from "../wait";
import { writeKubeconfig } from "./kubeconfigs";
import { openAuthority, type Authority } from "./pki";

/** What the parts of the cluster need of each other. */
export interface ClusterContext {
  layout: Layout;
  tools: Tools;
  authority: Authority;
}

/** Where components in the machine find the API server. */
const server = `https://${addresses.apiServer}:6443`;

/** Starts the control plane and waits until it answers; writes the administrator's kubeconfig. */
export async function ensureControlPlane(layout: Layout, tools: Tools): Promise<ClusterContext> {
  mkdirSync(at(layout, "kubeconfigs"), { recursive: true });
  const authority = await openAuthority(at(layout, "pki"));
  const context = { layout, tools, authority };

  await ensureEtcd(context);
  await ensureApiServer(context);
  await ensureApiPort(context);
  await until(`the API server to be ready (its log: ${logPath(layout, "kube-apiserver")})`, () => isReady(context));
  await ensureControllerManager(context);
  await ensureScheduler(context);
  return context;
}

/** Writes, for a component in the machine, a kubeconfig with a certificate of its own. */
export function componentKubeconfig({ layout, authority }: ClusterContext, name: string, subject: string) {
  return writeKubeconfig(authority, at(layout, "kubeconfigs", name), { name, server, identity: { subject } });
}

async function ensureEtcd({ layout, tools }: ClusterContext): Promise<void> {
  const clients = "http://127.0.0.1:2379";
  await ensure(
    layout,
    inside(layout, {
      name: "etcd",
      command: [
        tools.etcd,
        `--data-dir=${at(layout, "etcd")}`,
        `--listen-client-urls=${clients}`,
        `--advertise-client-urls=${clients}`,
        "--listen-peer-urls=http://127.0.0.1:2380",
        // A sandbox need not survive a power cut, and a laptop's disk need not hear of every change.
        "--unsafe-no-fsync",
      ],
    }),
  );
}

async function ensureApiServer({ layout, tools, authority }: ClusterContext): Promise<void> {
  const ip = (value: string) => ({ type: "ip" as const, value });
  const dns = (value: string) => ({ type: "dns" as const, value });
  const serving = await authority.issue("kube-apiserver", {
    subject: "CN=kube-apiserver",
    names: [
      ip("127.0.0.1"),
      ip(addresses.apiServer),
      ip("10.96.0.1"),
      dns("localhost"),
      dns("kubernetes.default.svc"),
      dns("kubernetes.default"),
    ],
  });
  const toKubelets = await authority.issue("kubelet-client", { subject: "O=system:masters, CN=kube-apiserver" });
  const tokens = await authority.issue("service-accounts", { subject: "CN=service-accounts" });
  await writeKubeconfig(authority, kubeconfigPath(layout), {
    name: "admin",
    server: `https://127.0.0.1:${layout.ports.api}`,
    identity: { subject: "O=system:masters, CN=admin" },
  });
  await ensure(
    layout,
    inside(layout, {
      name: "kube-apiserver",
      command: [
        tools["kube-apiserver"],
        "--etcd-servers=http://127.0.0.1:2379",
        `--advertise-address=${addresses.apiServer}`,
        `--tls-cert-file=${serving.certificatePath}`,
        `--tls-private-key-file=${serving.keyPath}`,
        `--client-ca-file=${at(layout, "pki", "ca.crt")}`,
        `--kubelet-client-certificate=${toKubelets.certificatePath}`,
        `--kubelet-client-key=${toKubelets.keyPath}`,
        `--kubelet-certificate-authority=${at(layout, "pki", "ca.crt")}`,
        "--kubelet-preferred-address-types=InternalIP",
        `--service-account-key-file=${tokens.certificatePath}`,
        `--service-account-signing-key-file=${tokens.keyPath}`,
        "--service-account-issuer=https://kubernetes.default.svc",
        `--service-cluster-ip-range=${serviceRange}`,
        "--authorization-mode=Node,RBAC",
        "--enable-admission-plugins=NodeRestriction",
      ],
    }),
  );
}

/** Makes the API server, which listens in the machine, answer on the host's loopback: by NGINX as a plain TCP proxy. */
async function ensureApiPort({ layout }: ClusterContext): Promise<void> {
  const address = `127.0.0.1:${layout.ports.api}`;
  const file = at(layout, "api-port.conf");
  keepFile(
    file,
    `load_module /usr/lib/nginx/modules/ngx_stream_module.so;
daemon off;
pid ${at(layout, "run", "api-port.pid")};
error_log stderr;
events {}
stream {
  server {
    listen ${address};
    proxy_pass ${addresses.apiServer}:6443;
    # A watch may be silent for long.
    proxy_timeout 24h;
  }
}
`,
  );
  const proxy = inside(layout, { name: "api-port", command: ["nginx", "-e", "stderr", "-c", file] });
  await ensure(layout, { ...proxy, command: [...listen(address), ...proxy.command] });
}

/** The command prefix that opens sockets on the host and hands them to a command in the machine. */
export function listen(...addresses: string[]): string[] {
  // Not whichever Python comes first: it may be a shim that starts others before it becomes one.
  return ["/usr/bin/python3", path.join(root, "sandbox", "nginx", "listen.py"), ...addresses, "--"];
}

async function ensureControllerManager(context: ClusterContext): Promise<void> {
  const { layout, tools } = context;
  const kubeconfig = await componentKubeconfig(context, "controller-manager", "CN=system:kube-controller-manager");
  await ensure(
    layout,
    inside(layout, {
      name: "kube-controller-manager",
      command: [
        tools["kube-controller-manager"],
        `--kubeconfig=${kubeconfig}`,
        `--service-account-private-key-file=${at(layout, "pki", "service-accounts.key")}`,
        `--root-ca-file=${at(layout, "pki", "ca.crt")}`,
        "--use-service-account-credentials",
        "--leader-elect=false",
        "--bind-address=127.0.0.1",
      ],
    }),
  );
}

async function ensureScheduler(context: ClusterContext): Promise<void> {
  const kubeconfig = await componentKubeconfig(context, "scheduler", "CN=system:kube-scheduler");
  await ensure(
    context.layout,
    inside(context.layout, {
      name: "kube-scheduler",
      command: [
        context.tools["kube-scheduler"],
        `--kubeconfig=${kubeconfig}`,
        "--leader-elect=false",
        "--bind-address=127.0.0.1",
      ],
    }),
  );
}

/** Whether the API server says, to anybody, that it is ready. */
function isReady({ layout, authority }: ClusterContext): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const url = `https://127.0.0.1:${layout.ports.api}/readyz`;
    https
      .get(url, { ca: authority.certificate, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      })
      .once("error", reject);
  });
}
