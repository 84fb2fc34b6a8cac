/** What a rollback has to know besides the state of the service: how old each version is, and what the last one left. */
import { PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { colors, type Color, type PerColor } from "../../components/colors";
import { colorLabel, stackName } from "../../components/labels";
import { found, listed, type Cluster } from "../cluster/connection";
import { within } from "../metrics/timeLimit";
import { routeWrittenAt } from "./routePatch";

/**
 * On the Deployment that a rollback has left: when the route was written by it. For as long as nobody has written to the
 * route since, users are where that rollback has led them.
 */
const leftAnnotation = "facefusion.release/left-by-rollback";

const requestMs = 5_000;

/** When each colour's version was deployed: its newest ReplicaSet is that of its Pod template. */
export async function releasedAt(
  cluster: Cluster,
  namespace: string,
  service: string,
): Promise<PerColor<Date | undefined>> {
  const request = { namespace, labelSelector: `app.kubernetes.io/name=${service}` };
  const sets = await listed(
    cluster,
    `list ReplicaSets in namespace ${namespace}`,
    cluster.apps.listNamespacedReplicaSet(request, within(requestMs)),
  );
  const revision = (annotations: Record<string, string> | undefined) =>
    Number(annotations?.["deployment.kubernetes.io/revision"] ?? 0);
  const of = (color: Color) =>
    sets
      .filter(({ metadata }) => metadata?.labels?.[colorLabel] === color)
      .toSorted((a, b) => revision(b.metadata?.annotations) - revision(a.metadata?.annotations))[0]?.metadata
      ?.creationTimestamp;
  const [blue, green] = colors.map(of);
  return { blue, green };
}

/** Whether the last thing that happened to the route was a rollback that left this colour. */
export async function wasLeft(cluster: Cluster, namespace: string, service: string, color: Color): Promise<boolean> {
  const name = stackName(service, color);
  const request = cluster.apps.readNamespacedDeployment({ namespace, name }, within(requestMs));
  const [deployment, writtenAt] = await Promise.all([
    found(cluster, `read Deployment ${name}`, request),
    routeWrittenAt(cluster, namespace, service),
  ]);
  return writtenAt !== undefined && deployment?.metadata?.annotations?.[leftAnnotation] === writtenAt;
}

/** Notes on a colour that a rollback has left it. Where that cannot be noted, nothing is lost but this. */
export async function noteLeft(cluster: Cluster, namespace: string, service: string, color: Color): Promise<void> {
  const writtenAt = await routeWrittenAt(cluster, namespace, service);
  const body = { metadata: { annotations: { [leftAnnotation]: writtenAt } } };
  const patch = { namespace, name: stackName(service, color), body };
  const options = setHeaderOptions("Content-Type", PatchStrategy.MergePatch, within(requestMs));
  await cluster.apps.patchNamespacedDeployment(patch, options).catch(() => undefined);
}
