import { describe, expect, it } from "vitest";
import type { Observation } from "../../../release/metrics/observation";
import { judge } from "../../../release/operations/bakeVerdict";

const seen = (requests: number, errors = 0, p95?: number): Observation => ({ requests, errors, p50: undefined, p95 });

describe("a new colour", () => {
  it("is good where it does as well as the old one", () => {
    expect(judge(seen(1000, 2, 1.2), seen(5000, 10, 1.0))).toEqual({ verdict: "good", reasons: [] });
  });

  it.each([
    { what: "every request fails, and there were few", now: seen(5, 5), before: seen(1000) },
    { what: "more than 1 % fail", now: seen(1000, 30), before: seen(1000, 9) },
    { what: "more than twice as many fail as before", now: seen(100_000, 700), before: seen(100_000, 200) },
    { what: "some fail where none did", now: seen(10_000, 40), before: seen(10_000, 0) },
    { what: "some fail, and nothing is known of before", now: seen(200, 20), before: seen(0) },
    { what: "the slowest take more than 1.5 times as long", now: seen(100, 0, 3.1), before: seen(100, 0, 2.0) },
  ])("is worse where $what", ({ now, before }) => {
    expect(judge(now, before).verdict).toBe("worse");
  });

  it.each([
    { what: "a single request fails", now: seen(60, 1), before: seen(1000) },
    { what: "two requests fail that may be chance", now: seen(55, 2), before: seen(1000) },
    { what: "as many fail as chance allows for", now: seen(300, 5), before: seen(1000, 8) },
    { what: "the old one failed even more often", now: seen(1000, 30), before: seen(1000, 60) },
    { what: "it is slower than nobody notices", now: seen(100, 0, 0.09), before: seen(100, 0, 0.01) },
    { what: "its latency is not known", now: seen(100), before: seen(100, 0, 2.0) },
    { what: "too few requests say what latency was before", now: seen(100, 0, 9.0), before: seen(49, 0, 2.0) },
  ])("is not worse where $what", ({ now, before }) => {
    expect(judge(now, before).verdict).toBe("good");
  });

  it("cannot be judged by too little traffic", () => {
    expect(judge(seen(12, 1, 60), seen(1000, 0, 1))).toEqual({
      verdict: "unknown",
      reasons: ["too little traffic to tell: 12 requests, 50 are needed"],
    });
  });

  it("is told why it is worse, with the numbers", () => {
    expect(judge(seen(200, 60, 12.34), seen(4000, 8, 4)).reasons).toEqual([
      "60 of 200 requests failed (30 %), at most 0.4 % is accepted; before it was 0.2 %",
      "the slowest 5 % of the requests took 12.3 s or more, at most 6.0 s is accepted; before it was 4.0 s",
    ]);
  });
});
