/** The Pods that a program makes, whatever they are made by. */
import { items, part } from "./plain";
import type { Resource } from "./rule";

/** By type, the way to the Pod's template; a Pod is one itself. */
const templates: Readonly<Record<string, readonly string[]>> = {
  "kubernetes:apps/v1:Deployment": ["spec", "template"],
  "kubernetes:apps/v1:StatefulSet": ["spec", "template"],
  "kubernetes:apps/v1:DaemonSet": ["spec", "template"],
  "kubernetes:apps/v1:ReplicaSet": ["spec", "template"],
  "kubernetes:batch/v1:Job": ["spec", "template"],
  "kubernetes:batch/v1:CronJob": ["spec", "jobTemplate", "spec", "template"],
  "kubernetes:core/v1:Pod": [],
};

export const podKinds = Object.keys(templates);

export interface Pod {
  labels: unknown;
  spec: unknown;
  /** Those that run before the others included. */
  containers: readonly unknown[];
}

export function podOf({ type, props }: Resource): Pod {
  const template = part(props, ...(templates[type] ?? []));
  const spec = part(template, "spec");
  const containers = ["initContainers", "containers"].flatMap((key) => items(part(spec, key)));
  return { labels: part(template, "metadata", "labels"), spec, containers };
}
