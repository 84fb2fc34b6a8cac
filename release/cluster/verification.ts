/** The verdict on a colour, from its newest verification Job and the report that it left: pure functions. */
import type { V1ConfigMap, V1Job } from "@kubernetes/client-node";
import { z } from "zod";
import type { Verification, VerificationReport } from "./state";

/** The label value that tells a verification from the Pods it verifies (see components/verification.ts). */
export const verificationComponent = "verification";

/** Where the report of a colour is kept. */
export const reportName = (stackName: string) => `${stackName}-verification`;

const reportSchema = z.object({
  version: z.string(),
  image: z.string(),
  hash: z.string(),
  verdict: z.enum(["passed", "failed"]),
  startedAt: z.string(),
  finishedAt: z.string(),
  checks: z.array(
    z.object({
      name: z.string(),
      status: z.enum(["passed", "failed", "skipped"]),
      seconds: z.number(),
      problems: z.array(z.string()).default([]),
      notes: z.array(z.string()).default([]),
      measurements: z.record(z.string(), z.union([z.number(), z.string(), z.null()])).default({}),
    }),
  ),
});

/** @param jobs The verification Jobs of one colour. */
export function verificationOf(jobs: readonly V1Job[], reportMap: V1ConfigMap | undefined): Verification {
  const newest = jobs.toSorted((a, b) => createdAt(b) - createdAt(a))[0];
  const report = reportOf(reportMap);
  if (newest === undefined)
    return {
      status: "none",
      job: undefined,
      image: undefined,
      hash: undefined,
      startedAt: undefined,
      finishedAt: undefined,
      report,
    };
  const environment = newest.spec?.template.spec?.containers[0]?.env ?? [];
  const variable = (name: string) => environment.find((each) => each.name === name)?.value;
  return {
    status: statusOf(newest),
    job: newest.metadata?.name,
    image: variable("IMAGE"),
    hash: variable("HASH"),
    startedAt: newest.status?.startTime,
    finishedAt: newest.status?.completionTime ?? condition(newest, "Failed")?.lastTransitionTime,
    report,
  };
}

/** The report in a ConfigMap; undefined where there is none, or none that can be read. */
export function reportOf(reportMap: V1ConfigMap | undefined): VerificationReport | undefined {
  const text = reportMap?.data?.["report.json"];
  if (text === undefined) return undefined;
  try {
    return reportSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function statusOf(job: V1Job): Verification["status"] {
  if (condition(job, "Complete") !== undefined) return "passed";
  const failed = condition(job, "Failed");
  if (failed === undefined) return "running";
  // A verdict ends the Job by its policy; whatever else ended it, there was no verdict.
  return failed.reason === "PodFailurePolicy" ? "failed" : "broken";
}

function condition(job: V1Job, type: string) {
  return job.status?.conditions?.find((each) => each.type === type && each.status === "True");
}

function createdAt({ metadata }: V1Job): number {
  return metadata?.creationTimestamp?.getTime() ?? 0;
}
