import type { UpdateSummary } from "@pulumi/pulumi/automation";
import { describe, expect, it } from "vitest";
import { changeWords } from "../../../release/history/changes";
import { renderHistory } from "../../../release/history/history";
import { lastSwitch, releasesOf } from "../../../release/history/releases";
import { aConfig } from "../../support/config";

let second = 0;

/** Each of them later than the one before. */
function anUpdate(
  config: Record<string, unknown>,
  change: Partial<Pick<UpdateSummary, "kind" | "message" | "environment" | "result">> = {},
): UpdateSummary {
  second += 10;
  return {
    kind: "update",
    startTime: new Date(second * 1000),
    endTime: new Date((second + 3) * 1000),
    version: second,
    message: "Some commit",
    environment: { "git.head": "0123456789abcdef", "git.author": "Alice" },
    config: Object.fromEntries(
      Object.entries(aConfig(config)).map(([key, value]) => [
        `facefusion:${key}`,
        { value: typeof value === "string" ? value : JSON.stringify(value) },
      ]),
    ),
    result: "succeeded",
    ...change,
  };
}

/** The engine tells the newest first. */
function releases(updates: UpdateSummary[], complete = true) {
  return releasesOf("facefusion", updates.toReversed(), complete);
}

const wordsOf = (all: ReturnType<typeof releases>) => all.map(({ changes }) => changes.map(changeWords));

describe("the history of a stack", () => {
  it("tells the newest first, each by what it changed", () => {
    const all = releases([anUpdate({}), anUpdate({ liveColor: "green" }), anUpdate({ liveColor: "green" })]);
    expect(wordsOf(all)).toEqual([[], ["facefusion: switch blue -> green"], ["first deployment of facefusion"]]);
    expect(all[0]).toMatchObject({
      seconds: 3,
      result: "succeeded",
      commit: { id: "0123456789abcdef", author: "Alice" },
    });
  });

  it("compares with the last update that succeeded: one that failed has changed nothing for good", () => {
    const all = releases([
      anUpdate({}),
      anUpdate({ liveColor: "green" }, { result: "failed" }),
      anUpdate({ liveColor: "green" }),
      anUpdate({ liveColor: "green", capacity: "offPeak" }, { result: "failed" }),
      anUpdate({ liveColor: "green" }),
    ]);
    const flip = ["facefusion: switch blue -> green"];
    expect(wordsOf(all)).toEqual([[], ["capacity peak -> offPeak"], flip, flip, ["first deployment of facefusion"]]);
  });

  it("leaves out what changes nothing in the cluster", () => {
    const all = releases([anUpdate({}), anUpdate({}, { kind: "refresh" }), anUpdate({}, { kind: "preview" })]);
    expect(all).toHaveLength(1);
  });

  it("begins anew after everything was destroyed", () => {
    const all = releases([anUpdate({}), anUpdate({}, { kind: "destroy" }), anUpdate({ liveColor: "green" })]);
    expect(wordsOf(all)).toEqual([
      ["first deployment of facefusion"],
      ["everything destroyed"],
      ["first deployment of facefusion"],
    ]);
  });

  it("does not take the oldest update that was asked for as the first one", () => {
    expect(wordsOf(releases([anUpdate({}), anUpdate({ capacity: "offPeak" })], false))).toEqual([
      ["capacity peak -> offPeak"],
    ]);
  });

  it("says who made it: this command's word, else the pipeline, else nobody", () => {
    const pipeline = { "ci.system": "GitHub Actions", "ci.build.number": "17" };
    const all = releases([
      anUpdate({}),
      anUpdate({}, { environment: pipeline }),
      anUpdate({}, { environment: pipeline, message: "release: switch facefusion to green (by alice@laptop)" }),
    ]);
    expect(all.map(({ by, message, commit }) => ({ by, message, commit: commit?.id ?? null }))).toEqual([
      { by: "alice@laptop", message: "switch facefusion to green", commit: null },
      { by: "GitHub Actions #17", message: null, commit: null },
      { by: null, message: null, commit: "0123456789abcdef" },
    ]);
  });

  it("knows the last switch of a service that succeeded", () => {
    const all = releases([
      anUpdate({}),
      anUpdate({ liveColor: "green" }, { message: "release: switch (by alice)" }),
      anUpdate({ liveColor: "blue" }, { result: "failed" }),
    ]);
    expect(lastSwitch(all, "facefusion")).toMatchObject({ from: "blue", to: "green", by: "alice", seconds: 3 });
    expect(lastSwitch(all, "other")).toBeUndefined();
  });

  it("is shown with who, what and how it went", () => {
    const all = releases([anUpdate({}), anUpdate({ liveColor: "green", capacity: "offPeak" }, { result: "failed" })]);
    const [head, first, second, third] = renderHistory(all).split("\n");
    expect(head).toMatch(/^WHEN +WHO +WHAT +RESULT +TOOK$/);
    expect(first).toMatch(/commit 0123456 +capacity peak -> offPeak +failed +3 s$/);
    expect(second?.trim()).toBe("facefusion: switch blue -> green");
    expect(third).toContain("first deployment of facefusion");
  });
});
