import { describe, expect, it } from "vitest";
import { nodesInUse } from "../../../cost/nodesInUse";
import { aService } from "../../support/config";
import { aStackOnAws, someNodes } from "../../support/costs";

function counts(...stack: Parameters<typeof aStackOnAws>): string[] {
  return nodesInUse(aStackOnAws(...stack)).map(
    ({ service, color, peakNodes, offPeakNodes }) => `${service ?? "all"} ${color} ${peakNodes}/${offPeakNodes}`,
  );
}

describe("the nodes of a colour", () => {
  it("carry all replicas at peak, and off-peak what is live and what stands by", () => {
    expect(counts()).toEqual(["all blue 2/1", "all green 2/1"]);
    expect(counts({}, { offPeakReplicas: 16, standbyReplicas: 0 })).toEqual(["all blue 2/2", "all green 2/0"]);
    expect(counts({ liveColor: "green" }, { standbyReplicas: 0 })).toEqual(["all blue 2/0", "all green 2/1"]);
  });

  it("carry no part of a Pod: three GPUs fit twice on a node of eight", () => {
    const service = { replicas: 3, offPeakReplicas: 2, standbyReplicas: 0, gpusPerPod: 3 };
    expect(counts({}, service)).toEqual(["all blue 2/1", "all green 2/0"]);
  });

  it("carry Pods of different sizes in whatever order they come", () => {
    const small = aService({ replicas: 2, standbyReplicas: 0, gpusPerPod: 3 });
    const large = aService({ replicas: 2, standbyReplicas: 0, gpusPerPod: 5, host: "large.example.com" });
    expect(counts({ services: { small, large } })).toEqual(["all blue 3/3", "all green 3/0"]);
  });

  it("are at peak as many as configured at least, and never more than at most", () => {
    expect(counts({ gpuNodes: { blue: someNodes({ minSize: 3, desiredSize: 3 }), green: someNodes() } })).toEqual([
      "all blue 3/1",
      "all green 2/1",
    ]);
  });

  it("of a service that has some to itself are apart from those that the others share", () => {
    const own = aService({ replicas: 8, standbyReplicas: 0, gpuNodes: { blue: someNodes(), green: someNodes() } });
    const sharing = aService({ replicas: 9, standbyReplicas: 0, host: "other.example.com" });
    expect(counts({ services: { own, sharing } })).toEqual([
      "all blue 2/2",
      "all green 2/0",
      "own blue 1/1",
      "own green 1/0",
    ]);
  });
});
