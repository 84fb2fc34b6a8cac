/** How many GPU nodes each colour has at peak and off-peak, by what the configuration says of its Pods. */
import { colors, type Color } from "../components/colors";
import { gpuInstanceTypes } from "../components/gpuInstanceTypes";
import type { Settings, ServiceSettings } from "../settings";
import type { NodesInUse } from "./monthly";

type NodePair = NonNullable<Settings["gpuNodes"]>;
type Mode = Settings["capacity"];

/** Shared nodes first, then those that a service has to itself. */
export function nodesInUse(settings: Settings): NodesInUse[] {
  const services = Object.entries(settings.services);
  const sharing = services.flatMap(([, service]) => (service.gpuNodes === undefined ? [service] : []));
  const shared = settings.gpuNodes === undefined ? [] : ofPair(settings, settings.gpuNodes, null, sharing);
  const own = services.flatMap(([name, service]) =>
    service.gpuNodes === undefined ? [] : ofPair(settings, service.gpuNodes, name, [service]),
  );
  return [...shared, ...own];
}

function ofPair(
  settings: Settings,
  pair: NodePair,
  service: string | null,
  services: readonly ServiceSettings[],
): NodesInUse[] {
  return colors.map((color) => {
    const { instanceType, capacity, diskSizeGiB, minSize, maxSize } = pair[color];
    const needed = (mode: Mode) => {
      const pods = services.flatMap((each) => Array<number>(podsOf(each, color, mode, settings)).fill(each.gpusPerPod));
      return nodesFor(pods, gpuInstanceTypes[instanceType]?.gpus ?? 1);
    };
    return {
      service,
      color,
      instanceType,
      capacity: capacity.kind,
      diskSizeGiB,
      peakNodes: Math.min(Math.max(minSize, needed("peak")), maxSize),
      // The schedule sets the least number, too.
      offPeakNodes: Math.min(needed("offPeak"), maxSize),
    };
  });
}

/** Pods of a colour: both colours are whole at peak, so that a switch and the way back are warm. */
function podsOf(service: ServiceSettings, color: Color, mode: Mode, settings: Settings): number {
  if (mode === "peak") return service.replicas;
  const live = service.liveColor ?? settings.liveColor;
  return color === live ? (service.offPeakReplicas ?? service.replicas) : service.standbyReplicas;
}

/** Nodes for Pods that want so many GPUs each, the largest placed first; a Pod's GPUs are all on one node. */
function nodesFor(pods: readonly number[], gpusPerNode: number): number {
  const free: number[] = [];
  for (const gpus of pods.toSorted((a, b) => b - a)) {
    const place = free.findIndex((left) => left >= gpus);
    if (place === -1) free.push(gpusPerNode - gpus);
    else free[place] = (free[place] ?? 0) - gpus;
  }
  return free.length;
}
