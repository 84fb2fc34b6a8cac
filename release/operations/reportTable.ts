/** A verification as a person reads it: each check with its numbers, and what was not accepted. Pure. */
import type { Verification, VerificationReport } from "../cluster/state";
import { paint } from "../render/colors";
import { table } from "../render/table";
import { duration } from "../render/time";

type Check = VerificationReport["checks"][number];

/** The report of exactly this verification; undefined where it left none, or what is there is an older one's. */
export function ownReport({ report, hash }: Verification): VerificationReport | undefined {
  return report !== undefined && report.hash === hash ? report : undefined;
}

export function renderReport({ checks }: VerificationReport): string {
  const rows = checks.map((check) => [check.name, statusWords(check), duration(check.seconds * 1000), details(check)]);
  return table(["CHECK", "STATUS", "TOOK", "DETAILS"], rows);
}

/** What a verification failed by, one line each: `accuracy: identity distance 0.83, at most 0.5 accepted`. */
export function problemsOf({ checks }: VerificationReport): string[] {
  return checks.flatMap(({ name, problems }) => problems.map((problem) => `${name}: ${problem}`));
}

function statusWords({ status }: Check): string {
  return status === "failed" ? paint.red(status) : status === "passed" ? paint.green(status) : paint.dim(status);
}

function details({ problems, notes, measurements }: Check): string {
  const numbers = Object.entries(measurements).map(([name, value]) => `${name} ${value ?? "unknown"}`);
  return [...problems.map((problem) => paint.red(problem)), ...notes, ...numbers].join("\n");
}
