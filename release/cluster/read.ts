/** Reads what is in the cluster into plain values; everything that is decided about them is elsewhere. */
import type {
  V1ConfigMap,
  V1Deployment,
  V1Job,
  V1Node,
  V1Pod,
  V1PodDisruptionBudget,
  V1Service,
} from "@kubernetes/client-node";
import { colors, forEachColor, type Color } from "../../components/colors";
import { colorLabel, previewName, routeName, stackName } from "../../components/labels";
import { found, listed, type Cluster } from "./connection";
import { podState } from "./pods";
import { ingressState, routeWriter, targetOf } from "./route";
import type { ColorState, DeploymentState, NodeState, ServiceState, Target } from "./state";
import { reportName, verificationComponent, verificationOf } from "./verification";

const gpuResource = "nvidia.com/gpu";

/** Everything about one service. */
export async function readService(cluster: Cluster, namespace: string, service: string): Promise<ServiceState> {
  const [route, preview, services, objects] = await Promise.all([
    readIngress(cluster, namespace, routeName(service)),
    readIngress(cluster, namespace, previewName(service)),
    listed(cluster, `list Services in namespace ${namespace}`, cluster.core.listNamespacedService({ namespace })),
    readObjects(cluster, namespace, service),
  ]);
  return {
    service,
    live: targetOf(service, routeName(service), route, services),
    routeWriter: routeWriter(service, route, services),
    preview: targetOf(service, previewName(service), preview, services),
    ingress: ingressState(route),
    previewIngress: ingressState(preview),
    colors: forEachColor((color) => colorState(service, color, { ...objects, services })),
  };
}

/** The colour that is live, by the fewest requests. */
export async function readLive(cluster: Cluster, namespace: string, service: string): Promise<Target> {
  const name = routeName(service);
  const [route, services] = await Promise.all([
    readIngress(cluster, namespace, name),
    listed(cluster, `list Services in namespace ${namespace}`, cluster.core.listNamespacedService({ namespace })),
  ]);
  return targetOf(service, name, route, services);
}

/** One colour, without the rest of its service. */
export async function readColor(
  cluster: Cluster,
  namespace: string,
  service: string,
  color: Color,
): Promise<ColorState> {
  const [services, objects] = await Promise.all([
    listed(cluster, `list Services in namespace ${namespace}`, cluster.core.listNamespacedService({ namespace })),
    readObjects(cluster, namespace, service),
  ]);
  return colorState(service, color, { ...objects, services });
}

/** The nodes, with their GPUs. */
export async function readNodes(cluster: Cluster): Promise<NodeState[]> {
  const running = cluster.core.listPodForAllNamespaces({
    fieldSelector: "status.phase!=Succeeded,status.phase!=Failed",
  });
  const [nodes, pods] = await Promise.all([
    listed(cluster, "list nodes", cluster.core.listNode()),
    running.then(
      ({ items }) => items,
      () => undefined,
    ),
  ]);
  return nodes.map((node) => nodeState(node, pods));
}

/** @param pods All that run anywhere; undefined where that is not known. */
export function nodeState(node: V1Node, pods: readonly V1Pod[] | undefined): NodeState {
  const { metadata, spec, status } = node;
  const name = metadata?.name ?? "";
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  return {
    name,
    color: colors.find((color) => metadata?.labels?.[colorLabel] === color),
    ready: ready?.status === "True",
    reason: ready?.status === "True" ? undefined : (ready?.message ?? "it has not reported"),
    schedulable: spec?.unschedulable !== true,
    gpus: Number(status?.allocatable?.[gpuResource] ?? 0),
    gpusInUse: pods?.filter((pod) => pod.spec?.nodeName === name).reduce((sum, pod) => sum + gpusOf(pod), 0),
  };
}

function gpusOf({ spec }: V1Pod): number {
  return (spec?.containers ?? []).reduce(
    (sum, { resources }) => sum + Number(resources?.limits?.[gpuResource] ?? 0),
    0,
  );
}

interface Objects {
  deployments: V1Deployment[];
  pods: V1Pod[];
  jobs: V1Job[];
  configMaps: V1ConfigMap[];
  budgets: V1PodDisruptionBudget[];
  services: V1Service[];
}

function readIngress(cluster: Cluster, namespace: string, name: string) {
  const request = cluster.networking.readNamespacedIngress({ namespace, name });
  return found(cluster, `read Ingress ${name} in namespace ${namespace}`, request);
}

async function readObjects(cluster: Cluster, namespace: string, service: string): Promise<Omit<Objects, "services">> {
  const of = { namespace, labelSelector: `app.kubernetes.io/name=${service}` };
  const what = (kind: string) => `list ${kind} in namespace ${namespace}`;
  const [deployments, pods, jobs, configMaps, budgets] = await Promise.all([
    listed(cluster, what("Deployments"), cluster.apps.listNamespacedDeployment(of)),
    listed(cluster, what("Pods"), cluster.core.listNamespacedPod(of)),
    listed(cluster, what("Jobs"), cluster.batch.listNamespacedJob(of)),
    listed(cluster, what("ConfigMaps"), cluster.core.listNamespacedConfigMap(of)),
    listed(cluster, what("PodDisruptionBudgets"), cluster.policy.listNamespacedPodDisruptionBudget(of)),
  ]);
  return { deployments, pods, jobs, configMaps, budgets };
}

export function colorState(service: string, color: Color, objects: Objects): ColorState {
  const name = stackName(service, color);
  const named = <T extends { metadata?: { name?: string } }>(list: readonly T[], wanted: string | undefined) =>
    list.find(({ metadata }) => wanted !== undefined && metadata?.name === wanted);
  const deployment = named(objects.deployments, name);
  const budget = named(objects.budgets, name);
  const environment = deployment?.spec?.template.spec?.containers[0]?.envFrom?.[0]?.configMapRef?.name;
  return {
    color,
    deployment: deploymentState(deployment),
    pods: objects.pods.filter((pod) => labelOf(pod) === color).map(podState),
    hasService: named(objects.services, name) !== undefined,
    environment: named(objects.configMaps, environment)?.data ?? {},
    disruptionBudget: budget?.status && {
      allowed: budget.status.disruptionsAllowed ?? 0,
      healthy: budget.status.currentHealthy ?? 0,
      desired: budget.status.desiredHealthy ?? 0,
    },
    verification: verificationOf(
      objects.jobs.filter(
        (job) =>
          labelOf(job) === color && job.metadata?.labels?.["app.kubernetes.io/component"] === verificationComponent,
      ),
      named(objects.configMaps, reportName(name)),
    ),
  };
}

function deploymentState(deployment: V1Deployment | undefined): DeploymentState | undefined {
  if (deployment?.spec === undefined) return undefined;
  const { metadata, spec, status } = deployment;
  return {
    name: metadata?.name ?? "",
    image: spec.template.spec?.containers[0]?.image ?? "",
    desired: spec.replicas ?? 1,
    ready: status?.readyReplicas ?? 0,
    available: status?.availableReplicas ?? 0,
    updated: status?.updatedReplicas ?? 0,
    observed: (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0),
    problem: status?.conditions?.find(({ type, status }) => type === "ReplicaFailure" && status === "True")?.message,
    template: spec.template,
  };
}

function labelOf({ metadata }: V1Pod | V1Job): string | undefined {
  return metadata?.labels?.[colorLabel];
}
