/** How many GPU nodes each colour has at peak and off-peak, by what the configuration says of its Pods. */
import { colors } from "../components/colors";
import { gpuInstanceType } from "../components/gpuInstanceTypes";
import { scheduledSizes } from "../components/nodeNeeds";
import type { Settings } from "../settings";
import { nodePools } from "../settings/nodePools";
import type { NodesInUse } from "./monthly";

/** Shared nodes first, then those that a service has to itself. */
export function nodesInUse(settings: Settings): NodesInUse[] {
  return nodePools(settings).flatMap(({ pool, groups, workloads }) =>
    colors.map((color) => {
      const { instanceType, capacity, diskSizeGiB } = groups[color];
      const { peak, offPeak } = scheduledSizes(workloads, color, gpuInstanceType(instanceType).gpus, groups[color]);
      return {
        service: pool ?? null,
        color,
        instanceType,
        capacity: capacity.kind,
        diskSizeGiB,
        peakNodes: peak.minSize,
        offPeakNodes: offPeak.minSize,
      };
    }),
  );
}
