/** The pools of GPU nodes that a configuration asks for, and what runs on each. */
import type { GpuNodesArgs } from "../components/gpuNodes";
import { capacityOf } from "./serviceArgs";
import type { ServiceSettings, Settings } from "../settings";

export type NodePool = Pick<GpuNodesArgs, "pool" | "groups" | "workloads">;

/** The pool that all services without nodes of their own share comes first. */
export function nodePools(settings: Settings): NodePool[] {
  const services = Object.entries(settings.services);
  const sharing = services.flatMap(([, service]) => (service.gpuNodes === undefined ? [service] : []));
  const own = services.flatMap(([name, service]) =>
    service.gpuNodes === undefined
      ? []
      : [{ pool: name, groups: service.gpuNodes, workloads: workloadsOf(settings, [service]) }],
  );
  if (settings.gpuNodes === undefined) return own;
  return [{ groups: settings.gpuNodes, workloads: workloadsOf(settings, sharing) }, ...own];
}

/** The instance types of all GPU nodes, each once. */
export function gpuInstanceTypesOf(settings: Settings): string[] {
  return [
    ...new Set(nodePools(settings).flatMap(({ groups }) => [groups.blue.instanceType, groups.green.instanceType])),
  ];
}

function workloadsOf(settings: Settings, services: readonly ServiceSettings[]): NodePool["workloads"] {
  return services.map((service) => ({
    liveColor: service.liveColor ?? settings.liveColor,
    gpusPerPod: service.gpusPerPod,
    capacity: capacityOf(settings, service),
  }));
}
