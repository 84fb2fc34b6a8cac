/**
 * Ingresses: ready when every backend has an EndpointSlice and a controller has given an address. On a switch both
 * hold already: it returns at once, and, like the official provider's, proves nothing about traffic.
 */
import type { Values } from "../../shared/values";
import type { Cluster } from "../cluster";
import { listAt, objectAt, referenceOf, textAt } from "../objects";
import { hasEndpointsByController } from "./service";
import { ready, waiting, type Verdict, type Wait } from "./verdict";

export const ingress: Wait = {
  timeoutSeconds: 600,
  onRead: true,
  async judge({ cluster, live }) {
    const { namespace } = referenceOf(live);
    const names = backendsOf(live);
    const states = await Promise.all(names.map((name) => backendState(cluster, namespace, name)));
    return ingressVerdict(
      live,
      names.map((name, index) => [name, states[index] ?? "missing"] as const),
    );
  },
};

/** `unserved`: the Service is there, its endpoints are not. */
export type BackendState = "served" | "unserved" | "missing";

export function ingressVerdict(live: Values, backends: readonly (readonly [string, BackendState])[]): Verdict {
  const lacking = backends.find(([, state]) => state !== "served");
  if (lacking !== undefined) {
    const [name, state] = lacking;
    return waiting(
      state === "missing"
        ? `its backend, Service ${name}, does not exist`
        : `Service ${name} has no endpoints object yet`,
    );
  }
  if (listAt(live, "status", "loadBalancer", "ingress").length > 0) return ready;
  const className = textAt(live, "spec", "ingressClassName") || "(default)";
  return waiting(`no controller of class ${className} has given it an address yet`);
}

/** Names of the Services that the Ingress leads to. */
export function backendsOf(live: Values): string[] {
  const paths = listAt(live, "spec", "rules").flatMap((rule) => listAt(rule, "http", "paths"));
  const backends = [objectAt(live, "spec", "defaultBackend"), ...paths.map((path) => objectAt(path, "backend"))];
  const names = backends.map((backend) => textAt(backend, "service", "name")).filter((name) => name !== "");
  return [...new Set(names)];
}

async function backendState(cluster: Cluster, namespace: string, name: string): Promise<BackendState> {
  const [service, slices] = await Promise.all([
    cluster.get({ apiVersion: "v1", kind: "Service", namespace, name }),
    cluster.list(
      { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", namespace },
      { labelSelector: `kubernetes.io/service-name=${name}` },
    ),
  ]);
  if (service === undefined) return "missing";
  return slices.length > 0 || !hasEndpointsByController(service) ? "served" : "unserved";
}
