import { createHash } from "node:crypto";
import type { Color } from "./colors";

/** The label that says which colour a node or a Pod belongs to. */
export const colorLabel = "color";

/** The label of nodes that belong to one service alone: which. */
export const poolLabel = "pool";

/** The taint of GPU nodes; its value says whose they are, so that a Pod can tolerate one colour's nodes alone. */
export const gpuTaint = "nvidia.com/gpu";

/** The label that NVIDIA's device plugin and its exporters look for on a GPU node. */
export const gpuPresentLabel = "nvidia.com/gpu.present";

/** The label that says whether a GPU node needs NVIDIA's device plugin; NVIDIA's GPU operator knows it by this name. */
export const devicePluginLabel = "nvidia.com/gpu.deploy.device-plugin";

/**
 * The labels that say whose a GPU node is.
 *
 * @param pool The service that has the nodes to itself; left out, all services share them.
 */
export function nodeLabels(color: Color, pool?: string): Record<string, string> {
  return { [colorLabel]: color, ...(pool !== undefined && { [poolLabel]: pool }) };
}

/** The value of a GPU node's taint. Nodes of a pool have another than shared ones, so nobody else's Pod lands there. */
export function gpuTaintValue(color: Color, pool?: string): string {
  return pool === undefined ? color : `${pool}-${color}`;
}

/** What lets a Pod onto the GPU nodes of its colour, and its pool, and onto no others. */
export function gpuToleration(color: Color, pool?: string) {
  return { key: gpuTaint, operator: "Equal", value: gpuTaintValue(color, pool), effect: "NoSchedule" };
}

/** The tags by which AWS splits the bill, of what belongs to one colour or to one service alone. */
export function costTags({ color, service }: { color?: Color; service?: string | undefined }): Record<string, string> {
  return {
    ...(color !== undefined && { "facefusion:color": color }),
    ...(service !== undefined && { "facefusion:service": service }),
  };
}

/** The name of everything that belongs to one colour of a service: its Deployment, Service and PodDisruptionBudget. */
export function stackName(service: string, color: Color): string {
  return `${service}-${color}`;
}

/** The Ingress that leads users to a service. */
export function routeName(service: string): string {
  return `${service}-ingress`;
}

/** The Ingress that leads testers to its idle colour. */
export function previewName(service: string): string {
  return `${service}-preview`;
}

/** The Service that selects the live colour, where a switch moves Services and not Ingresses. */
export function liveName(service: string): string {
  return `${service}-live`;
}

/** The Service that selects the idle colour, where a switch moves Services and not Ingresses. */
export function idleName(service: string): string {
  return `${service}-idle`;
}

/** What a service's selector matches: the Pods of one colour. */
export function selectorLabels(service: string, color: Color): Record<string, string> {
  return { "app.kubernetes.io/name": service, [colorLabel]: color };
}

/** A short, stable name for a value: the first characters of its SHA-256, whatever the order of an object's keys. */
export function shortHash(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value, sortedKeys)).digest("hex").slice(0, 10);
}

function sortedKeys(_key: string, part: unknown): unknown {
  if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
  return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
}
