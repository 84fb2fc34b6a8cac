/** The test cluster's API. */
import type { V1Pod } from "@kubernetes/client-node";
import { client } from "../../sandbox/cluster/client";
import { layout } from "./engine";

export const core = () => client.core(layout);
export const batch = () => client.batch(layout);
export const networking = () => client.networking(layout);

/** The Pods of one colour of a service that are ready. */
export async function readyPods(namespace: string, color: string): Promise<V1Pod[]> {
  const { items } = await core().listNamespacedPod({
    namespace,
    labelSelector: `app.kubernetes.io/name=facefusion,color=${color}`,
  });
  return items.filter((pod) =>
    pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True"),
  );
}
