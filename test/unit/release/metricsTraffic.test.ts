import { describe, expect, it } from "vitest";
import type { ProcessCounts } from "../../../release/metrics/counts";
import { trafficOf, TrafficMeter } from "../../../release/metrics/traffic";

const process = (requests: number, change: Partial<ProcessCounts> = {}): ProcessCounts => ({
  requests,
  errors: 0,
  latency: [],
  inFlight: 0,
  startedAt: 100,
  ...change,
});

const traffic = (pods: Record<string, ProcessCounts | undefined>) =>
  trafficOf(Object.entries(pods).map(([name, counts]) => ({ name, counts })));

describe("the traffic of a colour", () => {
  it("is that of its Pods together", () => {
    expect(traffic({ a: process(3, { errors: 1, inFlight: 2 }), b: process(4, { inFlight: 1 }) })).toMatchObject({
      requests: 7,
      errors: 1,
      inFlight: 3,
      silent: [],
    });
  });

  it("names the Pods that do not answer", () => {
    expect(traffic({ a: process(3), b: undefined })).toMatchObject({ requests: 3, silent: ["b"] });
  });
});

describe("what a colour has answered since a first look", () => {
  it("is what its Pods have counted since", () => {
    const meter = new TrafficMeter(traffic({ a: process(10, { errors: 2 }) }));
    expect(meter.add(traffic({ a: process(15, { errors: 3 }) }))).toMatchObject({ requests: 5, errors: 1 });
    expect(meter.add(traffic({ a: process(18, { errors: 3 }) }))).toMatchObject({ requests: 8, errors: 1 });
  });

  it("survives that a Pod's process starts again", () => {
    const meter = new TrafficMeter(traffic({ a: process(10) }));
    meter.add(traffic({ a: process(15) }));
    expect(meter.add(traffic({ a: process(2, { startedAt: 200 }) })).requests).toBe(7);
    expect(meter.add(traffic({ a: process(20, { startedAt: 200 }) })).requests).toBe(25);
  });

  it("survives that a Pod goes and another comes", () => {
    const meter = new TrafficMeter(traffic({ a: process(10) }));
    meter.add(traffic({ a: process(15) }));
    expect(meter.add(traffic({ b: process(3, { startedAt: 300 }) })).requests).toBe(8);
  });

  it("misses nothing of a Pod that does not answer once", () => {
    const meter = new TrafficMeter(traffic({ a: process(10) }));
    meter.add(traffic({ a: undefined }));
    expect(meter.add(traffic({ a: process(15) })).requests).toBe(5);
  });

  it("does not take a Pod that was silent at first for one that has counted from nothing", () => {
    const meter = new TrafficMeter(traffic({ a: undefined }));
    expect(meter.add(traffic({ a: process(1000) })).requests).toBe(0);
    expect(meter.add(traffic({ a: process(1005) })).requests).toBe(5);
  });
});
