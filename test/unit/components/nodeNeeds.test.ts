import { describe, expect, it } from "vitest";
import { other, type Color } from "../../../components/colors";
import { nodesNeeded, podsOn, scheduledSizes, type Workload } from "../../../components/nodeNeeds";

function aWorkload(change: Partial<Workload> = {}): Workload {
  return {
    liveColor: "blue",
    gpusPerPod: 1,
    capacity: { replicas: 6, offPeakReplicas: 3, standbyReplicas: 1 },
    ...change,
  };
}

describe("the nodes that Pods need", () => {
  it.each([
    ["none where there are no Pods", [], 8, 0],
    ["none where no Pod is wanted", [{ count: 0, gpus: 4 }], 8, 0],
    ["one where all fit", [{ count: 8, gpus: 1 }], 8, 1],
    ["one more for what does not fit", [{ count: 9, gpus: 1 }], 8, 2],
    ["one for each Pod that wants a whole node", [{ count: 3, gpus: 8 }], 8, 3],
    ["as many as Pods that want more than half of one", [{ count: 3, gpus: 5 }], 8, 3],
  ])("are %s", (_how, pods, gpusPerNode, nodes) => {
    expect(nodesNeeded(pods, gpusPerNode)).toBe(nodes);
  });

  it("are enough for the order in which the small ones come first and spread", () => {
    // One small Pod on each of two nodes leaves no whole node for the large one; packed well, two nodes would do.
    const pods = [
      { count: 2, gpus: 1 },
      { count: 1, gpus: 8 },
    ];
    expect(nodesNeeded(pods, 8)).toBe(3);
  });

  it("do not exist for a Pod that wants more GPUs than a node has", () => {
    expect(() => nodesNeeded([{ count: 1, gpus: 4 }], 1)).toThrow("a Pod with 4 GPUs fits on no node, which has 1");
  });
});

describe("the Pods of a colour", () => {
  const capacity = aWorkload().capacity;

  it.each([
    ["peak", "blue", 6],
    ["peak", "green", 6],
    ["offPeak", "blue", 3],
    ["offPeak", "green", 1],
  ] as const)("at %s are, on %s, %i", (mode, color, count) => {
    expect(podsOn([aWorkload({ capacity })], color, mode)).toEqual([{ count, gpus: 1 }]);
  });
});

describe("the sizes of a colour's group", () => {
  const limits = { minSize: 1, maxSize: 10 };

  it("hold, off-peak, what the live colour needs, and end no node under its users", () => {
    const { offPeak } = scheduledSizes([aWorkload()], "blue", 1, limits);
    expect(offPeak).toEqual({ minSize: 3, desiredSize: "unchanged", maxSize: 10 });
  });

  it("bring the idle colour down to what stands by, off-peak", () => {
    const { offPeak } = scheduledSizes([aWorkload()], "green", 1, limits);
    expect(offPeak).toEqual({ minSize: 1, desiredSize: 1, maxSize: 10 });
  });

  it.each(["blue", "green"] as const)("lift %s to what all its Pods need at peak, and end no node then", (color) => {
    const { peak } = scheduledSizes([aWorkload()], color, 1, limits);
    expect(peak).toEqual({ minSize: 6, desiredSize: "unchanged", maxSize: 10 });
  });

  it.each(["blue", "green"] as const)("follow the flag: what %s is live for is never below its need", (liveColor) => {
    const at = (color: Color) => scheduledSizes([aWorkload({ liveColor })], color, 1, limits).offPeak;
    expect(at(liveColor)).toMatchObject({ minSize: 3, desiredSize: "unchanged" });
    expect(at(other(liveColor))).toMatchObject({ minSize: 1, desiredSize: 1 });
  });

  it("push nothing where one service of several is live, whatever the others are", () => {
    const workloads = [aWorkload(), aWorkload({ liveColor: "green" })];
    for (const color of ["blue", "green"] as const)
      expect(scheduledSizes(workloads, color, 1, limits).offPeak).toMatchObject({
        minSize: 4,
        desiredSize: "unchanged",
      });
  });

  it("keep minSize at peak alone, so that the idle colour may have no node at night", () => {
    const capacity = { replicas: 1, offPeakReplicas: 1, standbyReplicas: 0 };
    const { peak, offPeak } = scheduledSizes([aWorkload({ capacity })], "green", 1, { minSize: 2, maxSize: 4 });
    expect(peak.minSize).toBe(2);
    expect(offPeak).toMatchObject({ minSize: 0, desiredSize: 0 });
  });

  it("never ask for more than maxSize", () => {
    const { peak, offPeak } = scheduledSizes([aWorkload()], "blue", 1, { minSize: 0, maxSize: 2 });
    expect([peak.minSize, offPeak.minSize]).toEqual([2, 2]);
  });
});
