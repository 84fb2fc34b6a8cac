/** Builders of the cluster objects that the driver reads; each with the fields that matter to it alone. */
import type { EndpointSlice, Ingress, IngressPath, Objects, Secret, Service } from "../../../sandbox/nginx/objects";
import type { RenderOptions } from "../../../sandbox/nginx/render";

export const options: RenderOptions = {
  state: "/state",
  http: "127.0.0.1:18080",
  https: "127.0.0.1:18443",
  workers: 2,
  drainSeconds: 600,
  user: "www-data",
};

/** The annotations that the program sets, with those of `route: ingress`. */
export const programAnnotations = {
  "nginx.org/client-max-body-size": "2g",
  "nginx.org/proxy-connect-timeout": "10s",
  "nginx.org/proxy-read-timeout": "3600s",
  "nginx.org/proxy-send-timeout": "3600s",
  "nginx.org/proxy-buffering": "False",
  "nginx.org/lb-method": "least_conn",
};

export function path(service: string, change: Partial<IngressPath> = {}): IngressPath {
  return { path: "/", pathType: "Prefix", backend: { service: { name: service, port: { number: 80 } } }, ...change };
}

export interface IngressShape {
  name?: string;
  className?: string;
  /** When it was made. */
  second?: number;
  annotations?: Record<string, string>;
  tls?: { hosts: string[]; secretName?: string }[];
  rules?: Record<string, IngressPath[]>;
}

export function anIngress({
  name = "facefusion-ingress",
  className = "nginx",
  second = 0,
  annotations = {},
  tls,
  rules = { "face.test": [path("facefusion-blue")] },
}: IngressShape = {}): Ingress {
  return {
    metadata: {
      name,
      namespace: "default",
      uid: `uid-of-${name}`,
      annotations,
      creationTimestamp: new Date(Date.UTC(2026, 0, 1, 0, 0, second)),
    },
    spec: {
      ingressClassName: className,
      ...(tls && { tls }),
      rules: Object.entries(rules).map(([host, paths]) => ({ ...(host && { host }), http: { paths } })),
    },
  };
}

export function aService(name: string, spec: Service["spec"] = {}): Service {
  return {
    metadata: { name, namespace: "default" },
    spec: { clusterIP: "10.96.0.11", ports: [{ name: "http", port: 80 }], ...spec },
  };
}

/** A slice of a Service's Pods: `true` for those that are ready. */
export function aSlice(service: string, pods: Record<string, boolean | undefined>, port = 7860): EndpointSlice {
  return {
    metadata: { name: `${service}-x`, namespace: "default", labels: { "kubernetes.io/service-name": service } },
    addressType: "IPv4",
    ports: [{ name: "http", port }],
    endpoints: Object.entries(pods).map(([address, ready]) => ({
      addresses: [address],
      conditions: ready === undefined ? {} : { ready },
    })),
  };
}

export function aSecret(name: string, data: Record<string, string>): Secret {
  return {
    metadata: { name, namespace: "default" },
    data: Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString("base64")])),
  };
}

/** A cluster with both colours of one service, two Pods each. */
export function aCluster(change: Partial<Objects> = {}): Objects {
  return {
    ingresses: [anIngress()],
    services: [aService("facefusion-blue"), aService("facefusion-green", { clusterIP: "10.96.0.12" })],
    slices: [
      aSlice("facefusion-blue", { "10.244.0.6": true, "10.244.0.5": true }),
      aSlice("facefusion-green", { "10.244.1.5": true, "10.244.1.6": true }),
    ],
    secrets: [],
    ...change,
  };
}
