/**
 * Moving a route past the engine, by one patch of the one field that says the colour. For the night: the engine's state
 * agrees again with the next update, since the configuration says the same.
 */
import type { V1Ingress } from "@kubernetes/client-node";
import type { Color } from "../../components/colors";
import { colorLabel, liveName, routeName, stackName } from "../../components/labels";
import { apiError, found, type Cluster } from "../cluster/connection";
import { backendOf, routeWriter } from "../cluster/route";
import { ReleaseError } from "../errors";
import { within } from "../metrics/timeLimit";

/**
 * Who the API server notes as the writer. By its first word the Kubernetes provider knows a person's own tool, whose
 * fields it takes over with the next update; another's would be a conflict.
 */
export const directManager = "kubectl-release";

const requestMs = 5_000;

export interface RoutePatch {
  readonly kind: "Ingress" | "Service";
  readonly name: string;
  readonly operations: readonly { readonly op: "test" | "replace"; readonly path: string; readonly value: string }[];
}

/** The patch that leads a route to a colour, and fails if anybody has changed the object since. */
export function routePatch(
  service: string,
  to: Color,
  ingress: V1Ingress | undefined,
  liveServiceVersion: string | undefined,
): RoutePatch {
  if (ingress === undefined)
    throw new ReleaseError(
      `${service}: there is no Ingress ${routeName(service)} that could be moved.`,
      "Have the engine make it again: pulumi up",
    );
  if (backendOf(ingress) === liveName(service) && liveServiceVersion !== undefined)
    return {
      kind: "Service",
      name: liveName(service),
      operations: [
        { op: "test", path: "/metadata/resourceVersion", value: liveServiceVersion },
        { op: "replace", path: `/spec/selector/${colorLabel}`, value: to },
      ],
    };
  return {
    kind: "Ingress",
    name: routeName(service),
    operations: [
      { op: "test", path: "/metadata/resourceVersion", value: ingress.metadata?.resourceVersion ?? "" },
      { op: "replace", path: "/spec/rules/0/http/paths/0/backend/service/name", value: stackName(service, to) },
    ],
  };
}

/** Leads a service's route to a colour. */
export async function moveRoute(cluster: Cluster, namespace: string, service: string, to: Color): Promise<void> {
  const { ingress, live } = await readRoute(cluster, namespace, service);
  const { kind, name, operations } = routePatch(service, to, ingress, live?.metadata?.resourceVersion);
  const patch = { namespace, name, body: operations, fieldManager: directManager };
  try {
    if (kind === "Service") await cluster.core.patchNamespacedService(patch, within(requestMs));
    else await cluster.networking.patchNamespacedIngress(patch, within(requestMs));
  } catch (error) {
    throw apiError(cluster, `change ${kind} ${name} in namespace ${namespace}`, error);
  }
}

/** When somebody last wrote to what a switch changes, as the API server noted it; undefined where it did not. */
export async function routeWrittenAt(
  cluster: Cluster,
  namespace: string,
  service: string,
): Promise<string | undefined> {
  const { ingress, live } = await readRoute(cluster, namespace, service);
  return routeWriter(service, ingress, live === undefined ? [] : [live])?.at?.toISOString();
}

async function readRoute(cluster: Cluster, namespace: string, service: string) {
  const ingressRequest = { namespace, name: routeName(service) };
  const liveRequest = { namespace, name: liveName(service) };
  const [ingress, live] = await Promise.all([
    found(cluster, "read the route", cluster.networking.readNamespacedIngress(ingressRequest, within(requestMs))),
    found(cluster, "read the live Service", cluster.core.readNamespacedService(liveRequest, within(requestMs))),
  ]);
  return { ingress, live };
}

/** Has a colour grow to a number of Pods, past the engine; nobody waits for them. */
export async function scaleUp(
  cluster: Cluster,
  namespace: string,
  deployment: string,
  replicas: number,
): Promise<void> {
  const body = [{ op: "replace", path: "/spec/replicas", value: replicas }];
  const patch = { namespace, name: deployment, body, fieldManager: directManager };
  try {
    await cluster.apps.patchNamespacedDeployment(patch, within(requestMs));
  } catch (error) {
    throw apiError(cluster, `scale Deployment ${deployment} in namespace ${namespace}`, error);
  }
}
