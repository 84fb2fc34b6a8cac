/** Objects as somebody might write them who wants to lead requests elsewhere, or who means no harm. */

export type Manifest = Readonly<Record<string, unknown>>;

/** Of a colour, to the Service that selects it. */
export const labelsOf = (color: string): Manifest => ({ "app.kubernetes.io/name": "facefusion", color });
export const harmless: Manifest = { app: "harmless" };

export function anIngress(name: string, host: string, annotations: Manifest = {}): Manifest {
  const backend = { service: { name: "facefusion-green", port: { number: 80 } } };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name, annotations },
    spec: {
      ingressClassName: "nginx",
      rules: [{ host, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
    },
  };
}

/** Of F5's controller: VirtualServer, VirtualServerRoute or TransportServer. */
export function nginxResource(kind: string, host: string): Manifest {
  return { apiVersion: "k8s.nginx.org/v1", kind, metadata: { name: "thief" }, spec: { host } };
}

export function aService(name: string, spec: Manifest): Manifest {
  return { apiVersion: "v1", kind: "Service", metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } };
}

export function anEndpointSlice(name: string, service: string): Manifest {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name, labels: { "kubernetes.io/service-name": service } },
    addressType: "IPv4",
    ports: [{ name: "http", port: 7860 }],
    endpoints: [{ addresses: ["10.244.1.99"], conditions: { ready: true } }],
  };
}

/** A Pod's spec that the namespace accepts. It is never run: where it is accepted, it asks for a node that does not exist. */
const podSpec: Manifest = {
  nodeSelector: { "there-is": "no-such-node" },
  securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: "RuntimeDefault" } },
  containers: [
    {
      name: "inference",
      image: "localhost/facefusion:v2.0.0",
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    },
  ],
};

export function aPod(name: string, labels: Manifest): Manifest {
  return { apiVersion: "v1", kind: "Pod", metadata: { name, labels }, spec: podSpec };
}

/** @param labels Of the Pods that it would make; its own are `ownLabels`. */
export function aWorkload(kind: string, name: string, labels: Manifest, ownLabels: Manifest = {}): Manifest {
  const template = { metadata: { labels }, spec: podSpec };
  const once = { ...template, spec: { ...podSpec, restartPolicy: "Never" } };
  const metadata = { name, labels: ownLabels };
  switch (kind) {
    case "Job":
      return { apiVersion: "batch/v1", kind, metadata, spec: { template: once } };
    case "CronJob":
      return {
        apiVersion: "batch/v1",
        kind,
        metadata,
        spec: { schedule: "0 0 1 1 *", jobTemplate: { spec: { template: once } } },
      };
    case "ReplicationController":
      return { apiVersion: "v1", kind, metadata, spec: { replicas: 0, selector: labels, template } };
    default:
      return { apiVersion: "apps/v1", kind, metadata, spec: { selector: { matchLabels: labels }, template } };
  }
}
