import { describe, expect, it } from "vitest";
import { minus, plus, processCounts, quantile, type Counts } from "../../../release/metrics/counts";
import { parseExposition } from "../../../release/metrics/exposition";

const counts = (requests: number, errors = 0, latency: Counts["latency"] = []): Counts => ({
  requests,
  errors,
  latency,
});

/** Buckets as a server shows them: how many took at most so long. */
const buckets = (...pairs: [atMost: number, count: number][]): Counts["latency"] =>
  pairs.map(([atMost, count]) => ({ atMost, count }));

describe("what a server has counted", () => {
  const text = [
    'inference_requests_total{method="POST",path="/v1/swap",status="200"} 7',
    'inference_requests_total{method="POST",path="/v1/swap",status="400"} 1',
    'inference_requests_total{method="POST",path="/v1/swap",status="500"} 2',
    'inference_requests_total{method="POST",path="/v1/swap",status="503"} 1',
    'inference_requests_total{method="GET",path="/v1/info",status="200"} 4',
    'inference_requests_total{method="GET",path="/healthz",status="200"} 100',
    'inference_requests_total{method="GET",path="/readyz",status="503"} 100',
    'inference_requests_total{method="GET",path="/metrics",status="200"} 100',
    'inference_request_duration_seconds_bucket{path="/v1/swap",le="1.0"} 2',
    'inference_request_duration_seconds_bucket{path="/v1/swap",le="+Inf"} 11',
    'inference_request_duration_seconds_bucket{path="/v1/info",le="1.0"} 4',
    'inference_request_duration_seconds_bucket{path="/v1/info",le="+Inf"} 4',
    'inference_request_duration_seconds_bucket{path="/readyz",le="1.0"} 100',
    'inference_request_duration_seconds_bucket{path="/readyz",le="+Inf"} 100',
    "inference_jobs_in_flight 2",
    "process_start_time_seconds 1795567702.54",
  ].join("\n");

  it("is users' requests, without those that machines send", () => {
    expect(processCounts(parseExposition(text))).toMatchObject({ requests: 15, inFlight: 2, startedAt: 1795567702.54 });
  });

  it("is an error where the server failed, and none where the client did", () => {
    expect(processCounts(parseExposition(text)).errors).toBe(3);
  });

  it("is one latency for all paths that users ask for", () => {
    expect(processCounts(parseExposition(text)).latency).toEqual(buckets([1, 6], [Infinity, 15]));
  });

  it("is nothing where it says nothing", () => {
    expect(processCounts([])).toEqual({ requests: 0, errors: 0, latency: [], inFlight: 0, startedAt: 0 });
  });
});

describe("two looks at a server", () => {
  it("tell what came between them", () => {
    const before = counts(10, 1, buckets([1, 8], [Infinity, 10]));
    const after = counts(14, 2, buckets([1, 9], [Infinity, 14]));
    expect(minus(after, before)).toEqual(counts(4, 1, buckets([1, 1], [Infinity, 4])));
  });

  it("add up where they are of two servers", () => {
    const sum = plus(counts(1, 1, buckets([1, 1], [Infinity, 1])), counts(2, 0, buckets([1, 0], [Infinity, 2])));
    expect(sum).toEqual(counts(3, 1, buckets([1, 1], [Infinity, 3])));
  });
});

describe("a latency that a part of the requests did not exceed", () => {
  it.each([
    { part: 0.5, seconds: 1.5 },
    { part: 0.95, seconds: 7.5 },
    { part: 0.1, seconds: 0.5 },
  ])("lies within its bucket: $part is $seconds s", ({ part, seconds }) => {
    const latency = buckets([1, 20], [2, 80], [5, 90], [10, 100], [Infinity, 100]);
    expect(quantile(part, counts(100, 0, latency))).toBeCloseTo(seconds, 5);
  });

  it("is the largest bound where it lies beyond", () => {
    expect(quantile(0.95, counts(10, 0, buckets([1, 2], [60, 4], [Infinity, 10])))).toBe(60);
  });

  it.each([
    { what: "there was no request", latency: buckets([1, 0], [Infinity, 0]) },
    { what: "the server has no such numbers", latency: [] },
  ])("is not known where $what", ({ latency }) => {
    expect(quantile(0.95, counts(5, 0, latency))).toBeUndefined();
  });
});
