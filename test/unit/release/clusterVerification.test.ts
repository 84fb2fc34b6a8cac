import type { V1Job } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { verificationOf } from "../../../release/cluster/verification";

function aJob(name: string, createdAt: number, condition?: { type: string; reason?: string }): V1Job {
  const env = [
    { name: "IMAGE", value: `image-of-${name}` },
    { name: "HASH", value: "abc" },
  ];
  const conditions = condition === undefined ? [] : [{ ...condition, status: "True" }];
  return {
    metadata: { name, creationTimestamp: new Date(createdAt) },
    spec: { template: { spec: { containers: [{ name: "verification", env }] } } },
    status: { conditions },
  };
}

const report = {
  version: "v2.0.0",
  image: "i:v2.0.0",
  hash: "abc",
  verdict: "failed",
  startedAt: "2026-11-25T00:00:00Z",
  finishedAt: "2026-11-25T00:01:00Z",
  checks: [
    { name: "accuracy", status: "failed", seconds: 2, problems: ["too far"], notes: [], measurements: { d: 1 } },
  ],
};

describe("the verdict on a colour", () => {
  it.each([
    ["passed", { type: "Complete" }],
    ["failed", { type: "Failed", reason: "PodFailurePolicy" }],
    ["broken", { type: "Failed", reason: "BackoffLimitExceeded" }],
    ["broken", { type: "Failed", reason: "DeadlineExceeded" }],
    ["running", undefined],
  ])("is %s by the Job's condition %j", (status, condition) => {
    expect(verificationOf([aJob("one", 1, condition)], undefined)).toMatchObject({ status });
  });

  it("is that of the newest Job, and says which image it is about", () => {
    const jobs = [aJob("old", 1, { type: "Complete" }), aJob("new", 2), aJob("older", 0)];
    expect(verificationOf(jobs, undefined)).toMatchObject({
      status: "running",
      job: "new",
      image: "image-of-new",
      hash: "abc",
    });
  });

  it("is none where no Job ever ran", () => {
    expect(verificationOf([], undefined)).toMatchObject({ status: "none", job: undefined, report: undefined });
  });

  it("comes with the report, where one can be read", () => {
    const map = (text: string) => ({ data: { "report.json": text } });
    expect(verificationOf([], map(JSON.stringify(report))).report).toEqual(report);
    expect(verificationOf([], map("{")).report).toBeUndefined();
    expect(verificationOf([], map('{"verdict":"perhaps"}')).report).toBeUndefined();
    expect(verificationOf([], {}).report).toBeUndefined();
  });
});
