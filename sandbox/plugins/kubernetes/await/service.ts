/**
 * Services: ready when their endpoints are the ready Pods that they select, and a load balancer has an address. No
 * Pods at all is fine. The official provider waits until the endpoints have not changed for 10 s; comparing them with
 * the Pods says the same at once.
 */
import type { Values } from "../../shared/values";
import { selectorText } from "../cluster";
import { at, conditionOf, listAt, objectAt, referenceOf, textAt } from "../objects";
import { problemsOfPods } from "./pods";
import { ready, waiting, type Situation, type Verdict, type Wait } from "./verdict";

export const service: Wait = {
  timeoutSeconds: 600,
  onRead: true,
  async judge(situation) {
    const { cluster, live } = situation;
    if (!hasEndpointsByController(live)) return serviceVerdict(live, [], []);
    const { name, namespace } = referenceOf(live);
    const slices = cluster.list(
      { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", namespace },
      { labelSelector: `kubernetes.io/service-name=${name}` },
    );
    return serviceVerdict(live, await slices, await selectedPods(situation));
  },
  async problems(situation) {
    if (!hasEndpointsByController(situation.live)) return [];
    return problemsOfPods(situation.cluster, await selectedPods(situation));
  },
};

/** The Pods that the Service selects, without those that are ending or have ended. */
async function selectedPods({ cluster, live }: Situation): Promise<Values[]> {
  const { namespace } = referenceOf(live);
  const labelSelector = selectorText({ matchLabels: objectAt(live, "spec", "selector") });
  const pods = await cluster.list({ apiVersion: "v1", kind: "Pod", namespace }, { labelSelector });
  return pods.filter(
    (pod) =>
      at(pod, "metadata", "deletionTimestamp") === undefined &&
      !["Succeeded", "Failed"].includes(textAt(pod, "status", "phase")),
  );
}

export function serviceVerdict(live: Values, slices: readonly Values[], pods: readonly Values[]): Verdict {
  if (textAt(live, "spec", "type") === "LoadBalancer" && listAt(live, "status", "loadBalancer", "ingress").length === 0)
    return waiting("the load balancer has no address yet");
  if (!hasEndpointsByController(live)) return ready;
  const endpoints = slices.flatMap((slice) => listAt(slice, "endpoints"));
  const targets = (found: readonly Values[]) => new Set(found.map((endpoint) => textAt(endpoint, "targetRef", "name")));
  const answering = targets(endpoints.filter((endpoint) => at(endpoint, "conditions", "ready") !== false));
  const names = pods.map((pod) => textAt(pod, "metadata", "name"));
  const readyNames = pods
    .filter((pod) => conditionOf(pod, "Ready")?.status === "True")
    .map((pod) => textAt(pod, "metadata", "name"));
  const silent = targets(
    endpoints.filter(({ conditions }) => at(conditions, "ready") === false && at(conditions, "terminating") !== true),
  );
  if (silent.size > 0) return waiting(`${answering.size} of ${answering.size + silent.size} Pods ready`);
  const missing = readyNames.filter((name) => !answering.has(name));
  const foreign = [...answering].filter((name) => !names.includes(name));
  if (missing.length > 0) return waiting(`Pod ${missing.join(", ")} is not among the endpoints yet`);
  if (foreign.length > 0) return waiting(`Pod ${foreign.join(", ")} is still among the endpoints`);
  return ready;
}

/** A Service without a selector has the endpoints that somebody gives it; an ExternalName has none. */
export function hasEndpointsByController(live: Values): boolean {
  const { type, clusterIP, selector } = objectAt(live, "spec");
  return type !== "ExternalName" && clusterIP !== "None" && Object.keys(objectAt(selector)).length > 0;
}
