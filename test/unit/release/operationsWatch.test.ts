import { describe, expect, it } from "vitest";
import type { PerColor } from "../../../components/colors";
import type { Counts } from "../../../release/metrics/counts";
import { trafficOf, type Traffic } from "../../../release/metrics/traffic";
import type { BakeVerdict } from "../../../release/operations/bakeVerdict";
import { costsOf, jobsInTheWay, waitForJobs } from "../../../release/operations/drain";
import { renderSwitch, type SwitchResult } from "../../../release/operations/switchResult";
import { watchSwitch, type WatchArgs } from "../../../release/operations/watchSwitch";

/** Pods of one colour, each with what it has answered and the jobs that it is at. */
const pods = (...counts: [requests: number, inFlight: number, errors?: number][]): Traffic =>
  trafficOf(
    counts.map(([requests, inFlight, errors = 0], i) => ({
      name: `pod-${i}`,
      counts: { requests, errors, inFlight, latency: [], startedAt: 1 },
    })),
  );
const none = pods();

/** Answers with one sample after the other, and with the last one from then on. */
function inTurn(...samples: PerColor<Traffic>[]) {
  let next = 0;
  return () => Promise.resolve(samples[Math.min(next++, samples.length - 1)] ?? { blue: none, green: none });
}

const watchArgs = (change: Partial<WatchArgs>): WatchArgs => ({
  from: "blue",
  to: "green",
  sample: inTurn({ blue: none, green: none }),
  before: { blue: pods([100, 2]), green: pods([5, 0]) },
  atSwitch: { blue: pods([110, 2]), green: pods([5, 0]) },
  drainMs: 60_000,
  bake: undefined,
  report: () => undefined,
  stopped: new AbortController().signal,
  everyMs: 1,
  ...change,
});

describe("a switch that is watched", () => {
  it("is watched until the old colour has finished, and counts what both answer", async () => {
    const reports: string[] = [];
    const sample = inTurn(
      { blue: pods([112, 2]), green: pods([15, 1]) },
      { blue: pods([113, 1]), green: pods([25, 1, 1]) },
      { blue: pods([114, 0]), green: pods([35, 1, 1]) },
    );
    const watched = await watchSwitch(watchArgs({ sample, report: (line) => reports.push(line) }));
    expect(watched).toEqual({
      traffic: { blue: { requests: 14, errors: 0 }, green: { requests: 30, errors: 1 } },
      jobsAtSwitch: 2,
      jobsLeft: 0,
      bake: null,
      interrupted: false,
    });
    expect(reports[0]).toBe("green has answered 10 requests, none failed; blue is still at 2 jobs");
    expect(reports[1]).toBe("green has answered 20 requests, 1 failed (5 %); blue is still at 1 job");
  });

  it("waits for the old colour no longer than a request may take", async () => {
    const busy = { blue: pods([112, 2]), green: none };
    expect(await watchSwitch(watchArgs({ sample: inTurn(busy), drainMs: 5 }))).toMatchObject({ jobsLeft: 2 });
  });

  it("says that it does not know where the Pods cannot be asked", async () => {
    const sample = () => Promise.reject(new Error("forbidden"));
    expect(await watchSwitch(watchArgs({ sample, before: undefined, atSwitch: undefined }))).toEqual({
      traffic: null,
      jobsAtSwitch: null,
      jobsLeft: null,
      bake: null,
      interrupted: false,
    });
  });
});

describe("a colour on trial", () => {
  const sample = inTurn({ blue: pods([110, 0]), green: pods([25, 0]) }, { blue: pods([110, 0]), green: pods([45, 0]) });
  const judgedBy =
    (...verdicts: BakeVerdict["verdict"][]) =>
    () =>
      Promise.resolve({ verdict: verdicts.shift() ?? "good", reasons: ["so it is"] } as const);

  it("is judged until the time is over, by what it has answered since it is live", async () => {
    const seen: number[] = [];
    const judge = ({ requests }: Counts) => {
      seen.push(requests);
      return judgedBy("good")();
    };
    const watched = await watchSwitch(watchArgs({ sample, bake: { ms: 30, judge } }));
    expect(watched.bake).toMatchObject({ verdict: "good" });
    expect(seen.slice(0, 2)).toEqual([20, 40]);
    expect(seen.length).toBeGreaterThan(2);
  });

  it("is condemned at once, though the old colour is still at work", async () => {
    const busy = inTurn({ blue: pods([110, 3]), green: none });
    const bake = { ms: 3_600_000, judge: judgedBy("unknown", "worse") };
    const watched = await watchSwitch(watchArgs({ sample: busy, bake }));
    expect(watched).toMatchObject({ bake: { verdict: "worse", reasons: ["so it is"] }, jobsLeft: 3 });
  });

  it("stays live where its watch is ended early", async () => {
    const stopped = AbortSignal.timeout(20);
    const bake = { ms: 3_600_000, judge: judgedBy() };
    expect(await watchSwitch(watchArgs({ bake, stopped }))).toMatchObject({
      interrupted: true,
      bake: { verdict: "good" },
    });
  });
});

describe("what a switch came to", () => {
  const result: SwitchResult = {
    service: "facefusion",
    from: "blue",
    to: "green",
    image: "registry.example.com/facefusion:v2.0.0",
    switchMs: 214,
    measuredBy: "answers",
    skipVerification: null,
    traffic: { blue: { requests: 14, errors: 0 }, green: { requests: 30, errors: 3 } },
    jobsAtSwitch: 2,
    jobsLeft: 0,
    bake: null,
    interrupted: false,
    rollback: null,
  };

  it("is said with its numbers", () => {
    expect(renderSwitch(result)).toBe(
      [
        "facefusion: green is live with registry.example.com/facefusion:v2.0.0, instead of blue.",
        "From the change of the route to the first answer of green: 0.2 s.",
        "Answered since the update began: green 30 requests, 3 failed (10 %); blue 14 requests, none failed.",
        "blue was at 2 jobs when the route changed: all of them finished.",
      ].join("\n"),
    );
  });

  it.each([
    [{ skipVerification: "an outage" }, "UNVERIFIED: an outage"],
    [{ jobsLeft: 1 }, "1 still under way, which goes on there"],
    [{ jobsAtSwitch: 0 }, "blue was at no job"],
    [{ traffic: null }, "The Pods could not be asked"],
    [{ measuredBy: "route" }, "The route was changed in 0.2 s."],
    [{ interrupted: true }, "The watch was ended; the switch stays."],
    [{ bake: { verdict: "good", reasons: [], seconds: 600 } }, "On trial for 10 min, green did as well as before."],
    [{ bake: { verdict: "unknown", reasons: ["no traffic"], seconds: 60 } }, "it cannot be said how green does:\n  no"],
    [{ bake: { verdict: "worse", reasons: ["slow"], seconds: 60 } }, "green did worse, and was taken back:\n  slow"],
  ] satisfies [Partial<SwitchResult>, string][])("says of %o what matters", (change, words) => {
    expect(renderSwitch({ ...result, ...change })).toContain(words);
  });
});

describe("a scale-down", () => {
  const shrinking = { service: "facefusion", live: "blue", surplus: 1, limitMs: 60_000 } as const;

  it("waits for every job of the idle colour", () => {
    expect(jobsInTheWay(shrinking, { blue: none, green: pods([0, 2], [0, 1]) })).toBe(3);
  });

  it("waits until as many Pods of the live colour have no work as are to go", () => {
    expect(jobsInTheWay(shrinking, { blue: pods([0, 5], [0, 1]), green: none })).toBe(1);
    expect(jobsInTheWay(shrinking, { blue: pods([0, 5], [0, 0]), green: none })).toBe(0);
    expect(jobsInTheWay({ ...shrinking, surplus: 0 }, { blue: pods([0, 5], [0, 1]), green: none })).toBe(0);
  });

  it("goes on when the jobs are done, and says what it waits for until then", async () => {
    const reports: string[] = [];
    const sample = inTurn({ blue: none, green: pods([0, 1]) }, { blue: none, green: pods([1, 0]) });
    expect(await waitForJobs(shrinking, sample, (line) => reports.push(line), 1)).toBe(0);
    expect(reports).toHaveLength(1);
    expect(reports[0]).toMatch(/^facefusion: 1 job to finish, for .* of at most 1 min$/);
  });

  it("goes on when the time of a job is over, and says how many there still are", async () => {
    const sample = inTurn({ blue: none, green: pods([0, 2]) });
    expect(await waitForJobs({ ...shrinking, limitMs: 5 }, sample, () => undefined, 1)).toBe(2);
  });

  it("costs most where the most work is", () => {
    expect([...costsOf({ blue: none, green: pods([9, 2], [9, 0]) })]).toEqual([
      ["pod-0", 2],
      ["pod-1", 0],
    ]);
  });
});
