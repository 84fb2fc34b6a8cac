/** How many Pods each colour has; `peak` gives both the same, so that a switch and a rollback need no cold start. */
export interface CapacityArgs {
  mode: "peak" | "offPeak";
  /** Pods of each colour at peak. */
  replicas: number;
  /** Pods of the live colour at off-peak. */
  offPeakReplicas: number;
  /** Pods that the idle colour keeps at off-peak, for its health probes. */
  standbyReplicas: number;
}

/** How many Pods a colour has. */
export function replicasFor(capacity: CapacityArgs, isLive: boolean): number {
  if (capacity.mode === "peak") return capacity.replicas;
  return isLive ? capacity.offPeakReplicas : capacity.standbyReplicas;
}
