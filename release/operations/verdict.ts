/** What the gate said of a colour, once an update has come to its verification or has not. */
import type { Color } from "../../components/colors";
import type { Cluster } from "../cluster/connection";
import { readColor } from "../cluster/read";
import type { VerificationReport } from "../cluster/state";
import type { ServiceSettings } from "../../settings";
import { EngineError } from "./engine";
import { isVerificationJob } from "./plan";
import { ownReport, problemsOf } from "./reportTable";

export interface Verdict {
  /** `none`: there is nobody to verify; `broken`: it could not be verified. */
  readonly verdict: "passed" | "failed" | "broken" | "skipped" | "none";
  readonly reasons: readonly string[];
  readonly report: VerificationReport | null;
}

/** The verdict on a colour as it is in the cluster. */
export async function readVerdict(
  cluster: Cluster,
  namespace: string,
  service: string,
  color: Color,
  { skipVerification, [color]: release }: ServiceSettings,
): Promise<Verdict> {
  if (skipVerification?.image === release.image)
    return { verdict: "skipped", reasons: [skipVerification.reason], report: null };
  const { verification } = await readColor(cluster, namespace, service, color);
  const report = ownReport(verification);
  const reasons = report === undefined ? [] : problemsOf(report);
  const { status } = verification;
  return { verdict: status === "running" ? "broken" : status, reasons, report: report ?? null };
}

/** Whether an update has ended at the gate of a colour. */
export function endedAtGate(error: unknown, service: string, color: Color): boolean {
  return error instanceof EngineError && error.failedAt.some((name) => isVerificationJob(name, service, color));
}
