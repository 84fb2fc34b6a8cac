/** Builders of what costs: stacks on AWS whose price can be worked out by hand. */
import { parseSettings, type Settings } from "../../settings";
import { aConfig, aService } from "./config";

export const officeHours = {
  timeZone: "Europe/Berlin",
  days: ["mon", "tue", "wed", "thu", "fri"],
  from: "07:00",
  until: "20:00",
};

/** One colour's nodes on p4d: 8 GPUs each. */
export function someNodes(change: Record<string, unknown> = {}): Record<string, unknown> {
  return { instanceType: "p4d.24xlarge", minSize: 0, desiredSize: 1, maxSize: 8, diskSizeGiB: 500, ...change };
}

/** A stack in a cluster that is there already, with one service of 16 Pods that is live on blue: 2 nodes at peak. */
export function aStackOnAws(change: Record<string, unknown> = {}, service: Record<string, unknown> = {}): Settings {
  return parseSettings(
    aConfig({
      cluster: { kind: "adopt", name: "prod", subnetIds: ["subnet-0a", "subnet-0b"] },
      gpuNodes: { blue: someNodes(), green: someNodes() },
      services: { facefusion: aService({ replicas: 16, offPeakReplicas: 8, standbyReplicas: 1, ...service }) },
      ...change,
    }),
  );
}
