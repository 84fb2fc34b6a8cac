import { describe, expect, it } from "vitest";
import { exitCodes, ReleaseError } from "../../../release/errors";
import { capacityNow } from "../../../release/history/capacity";
import { idleProblems, liveProblems } from "../../../release/schedule/check";
import { savedIn, savedWords } from "../../../release/schedule/saved";
import { besidesScaling, refuseDestruction } from "../../../release/schedule/schedule";
import { troubleOf } from "../../../release/schedule/trouble";
import { momentWords, saidFor } from "../../../release/schedule/when";
import { aStackOnAws, officeHours } from "../../support/costs";
import { aColorState, aPodState, aServiceState, theSettings } from "../../support/states";

const dublin = {
  ...{ timeZone: "Europe/Dublin", from: "07:00", until: "20:00" },
  days: ["mon", "tue", "wed", "thu", "fri"] as ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[],
};
const said = (utc: string, schedule = dublin, lead = 30) => {
  const { capacity, until } = saidFor(schedule, new Date(utc), lead);
  return { capacity, until: until?.toUTC().toISO({ suppressMilliseconds: true }) };
};

describe("what the schedule says", () => {
  it("is peak from some time before it begins until it ends", () => {
    // A Wednesday in winter, when Dublin's time is UTC.
    expect(said("2026-11-25T06:29:59Z")).toEqual({ capacity: "offPeak", until: "2026-11-25T06:30:00Z" });
    expect(said("2026-11-25T06:30:00Z")).toEqual({ capacity: "peak", until: "2026-11-25T20:00:00Z" });
    expect(said("2026-11-25T19:59:59Z").capacity).toBe("peak");
    expect(said("2026-11-25T20:00:00Z")).toEqual({ capacity: "offPeak", until: "2026-11-26T06:30:00Z" });
    expect(said("2026-11-25T06:15:00Z", dublin, 45).capacity).toBe("peak");
  });

  it("is off-peak from Friday evening to Monday morning", () => {
    expect(said("2026-11-27T21:00:00Z")).toEqual({ capacity: "offPeak", until: "2026-11-30T06:30:00Z" });
    expect(said("2026-11-29T12:00:00Z").capacity).toBe("offPeak");
  });

  it("is by the clock on the wall: in summer an hour earlier than in winter", () => {
    expect(said("2026-07-01T05:30:00Z")).toEqual({ capacity: "peak", until: "2026-07-01T19:00:00Z" });
    expect(said("2026-07-01T05:29:00Z").capacity).toBe("offPeak");
  });

  it("bridges the nights in which the clock changes", () => {
    // Forward in the night of 29 March 2026, back in that of 25 October: the Monday after begins by the new time.
    expect(said("2026-03-27T20:00:00Z")).toEqual({ capacity: "offPeak", until: "2026-03-30T05:30:00Z" });
    expect(said("2026-10-23T19:00:00Z")).toEqual({ capacity: "offPeak", until: "2026-10-26T06:30:00Z" });
    const daily = { ...dublin, days: ["sun"] as typeof dublin.days, from: "03:00" };
    // 02:30 of that day is in summer time already: thirty minutes before 03:00, which is 02:00 UTC.
    expect(said("2026-03-29T01:30:00Z", daily)).toEqual({ capacity: "peak", until: "2026-03-29T19:00:00Z" });
    expect(said("2026-03-29T01:29:00Z", daily).capacity).toBe("offPeak");
  });

  it("begins the evening before where the lead goes over midnight", () => {
    const early = { ...dublin, days: ["wed"] as typeof dublin.days, from: "00:10" };
    expect(said("2026-11-24T23:40:00Z", early)).toEqual({ capacity: "peak", until: "2026-11-25T20:00:00Z" });
    expect(said("2026-11-24T23:39:00Z", early).capacity).toBe("offPeak");
  });

  it("is another in another time zone, and is told in it", () => {
    const tokyo = { ...dublin, timeZone: "Asia/Tokyo" };
    expect(said("2026-11-24T21:30:00Z", tokyo)).toEqual({ capacity: "peak", until: "2026-11-25T11:00:00Z" });
    const { until } = saidFor(tokyo, new Date("2026-11-24T21:30:00Z"), 30);
    expect(until && momentWords(until)).toBe("Wed 25 Nov 20:00 (Asia/Tokyo)");
  });
});

describe("what off-peak saves", () => {
  it("is the GPUs of nodes that go, half an hour after peak, where the stack has nodes", () => {
    const settings = aStackOnAws({ schedule: officeHours });
    const saved = savedIn(settings, 10.5);
    expect(saved).toMatchObject({ gpus: 16, countedBy: "nodes", hours: 10, gpuHours: 160 });
    expect(saved.gpuHoursPerMonth).toBeCloseTo(16 * 730 * (98 / 168), 6);
  });

  it("is the GPUs of Pods that go, where it has none", () => {
    const settings = theSettings(
      { schedule: officeHours },
      { replicas: 4, offPeakReplicas: 2, standbyReplicas: 1, gpusPerPod: 2 },
    );
    const saved = savedIn(settings, 10.5);
    expect(saved).toMatchObject({ gpus: 10, countedBy: "pods", gpuHours: 105 });
    expect(savedWords(saved, true)).toBe("Saves 105 GPU-hours: 10 GPUs for 10.5 h; 4,476 in an average month.");
    expect(savedWords(saved, false)).toContain("Saved 105 GPU-hours");
  });

  it("is told without hours where no schedule says when it ends, and not at all where nothing goes", () => {
    expect(savedWords(savedIn(theSettings({}, { replicas: 2, standbyReplicas: 1 }), undefined), true)).toBe(
      "Off-peak frees 1 GPU.",
    );
    expect(savedWords(savedIn(theSettings({}, { replicas: 1, standbyReplicas: 1 }), 10), true)).toBeUndefined();
  });
});

describe("after scaling", () => {
  const before = aServiceState();
  const withLive = (names: string[], change = {}) =>
    aServiceState({
      colors: {
        ...before.colors,
        blue: aColorState("blue", { pods: names.map((name) => aPodState({ name, ...change })) }),
      },
    });

  it("users are untouched where the route and their Pods are the same, or fewer, or more", () => {
    for (const names of [
      ["facefusion-blue-1", "facefusion-blue-2"],
      ["facefusion-blue-2"],
      ["facefusion-blue-1", "facefusion-blue-2", "facefusion-blue-3"],
    ])
      expect(liveProblems(before, withLive(names), "blue")).toEqual([]);
  });

  it("they are not where a Pod is another, was started again, or the route has moved", () => {
    expect(liveProblems(before, withLive(["facefusion-blue-1", "facefusion-blue-9"]), "blue")).toEqual([
      "Pods of blue were replaced: facefusion-blue-2 by facefusion-blue-9.",
    ]);
    expect(liveProblems(before, withLive(["facefusion-blue-1"], { restarts: 1 }), "blue")).toEqual([
      "Pods of blue were started again: facefusion-blue-1.",
    ]);
    expect(liveProblems(before, aServiceState({ live: { color: "green" } }), "blue")).toEqual([
      "The route led to blue, and leads to green now.",
    ]);
  });

  it("the idle colour has to answer with all the Pods that it keeps", () => {
    expect(idleProblems("green", 1, 1, [])).toEqual([]);
    expect(idleProblems("green", 0, 1, ["green-1"])).toEqual([
      "Pods of green do not answer their health probe: green-1.",
      "green answers with 0 of 1 Pods.",
    ]);
  });
});

describe("what a timer may change", () => {
  const change = (op: "create" | "update" | "replace" | "delete", name: string) => ({ op, name, type: "X" });

  it("is the number of Pods, and the verification of a colour that gets or loses all of them", () => {
    const changes = [
      change("update", "facefusion-green-deployment"),
      change("delete", "facefusion-green-verification-0123456789"),
      change("update", "ingress-release"),
    ];
    expect(besidesScaling(changes, ["facefusion"])).toEqual([changes[2]]);
  });

  it("is never what takes something away", () => {
    expect(() => {
      refuseDestruction([change("update", "ingress-release")]);
    }).not.toThrow();
    expect(() => {
      refuseDestruction([change("replace", "gpu-green-nodes")]);
    }).toThrow("Besides the number of Pods, this would replace gpu-green-nodes.");
  });
});

describe("why a run could not do its work", () => {
  it("is told apart by what has to be done", () => {
    const locked = Object.assign(new Error("conflict"), { name: "ConcurrentUpdateError" });
    expect(
      troubleOf(
        new ReleaseError("Another update of this stack is under way", "Wait.", exitCodes.failed, { cause: locked }),
      ),
    ).toMatchObject({ kind: "locked", remedy: "Wait." });
    for (const words of [
      "operation error S3: GetObject, StatusCode: 400, ExpiredToken: The provided token has expired.",
      "the server has asked for the client to provide credentials: Unauthorized",
      "error: invalid access token",
      "InvalidClientTokenId: The security token included in the request is invalid.",
    ])
      expect(troubleOf(new ReleaseError(words, "Try again.", exitCodes.failed)).kind, words).toBe("credentials");
    expect(troubleOf(new ReleaseError("the route leads to green", "Look.", exitCodes.refused)).kind).toBe("refused");
    expect(troubleOf(new Error("no Pod was ready"))).toMatchObject({ kind: "failed", words: "no Pod was ready" });
  });
});

describe("the capacity of a stack", () => {
  const update = (capacity: string, hour: number, result = "succeeded", kind = "update") =>
    ({
      kind,
      result,
      config: { "facefusion:capacity": { value: capacity } },
      endTime: new Date(Date.UTC(2026, 10, 25, hour)),
    }) as never;

  it("is that of the last update that succeeded, since the first of its kind in a row", () => {
    const updates = [
      update("peak", 9, "failed"),
      update("offPeak", 8),
      update("offPeak", 7, "succeeded", "refresh"),
      update("offPeak", 6),
      update("peak", 5),
    ];
    expect(capacityNow(updates, "facefusion")).toEqual({
      capacity: "offPeak",
      since: new Date("2026-11-25T06:00:00Z"),
    });
    expect(capacityNow([update("peak", 5)], "facefusion")).toEqual({
      capacity: "peak",
      since: new Date("2026-11-25T05:00:00Z"),
    });
    expect(capacityNow([update("peak", 5, "failed")], "facefusion")).toBeUndefined();
  });
});
