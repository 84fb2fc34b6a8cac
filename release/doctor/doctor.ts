/** `release doctor`. */
import { forEachColor, type PerColor } from "../../components/colors";
import { UnreachableError } from "../cluster/connection";
import type { VerificationReport } from "../cluster/state";
import { openContext, type Context } from "../context";
import { exitCodes } from "../errors";
import { ownReport } from "../operations/reportTable";
import type { CommonOptions } from "../options";
import { diagnose } from "./checks";
import { collect } from "./collect";
import { renderDoctor } from "./render";
import type { Finding } from "./snapshot";

export interface DoctorReport {
  stack: string;
  /** No finding is an error. */
  healthy: boolean;
  /** The worst first. */
  findings: Finding[];
  /** What the newest verification of each colour measured; null where it left no report. */
  services: { service: string; reports: PerColor<VerificationReport | null> }[];
}

export async function doctor(options: CommonOptions): Promise<void> {
  const context = await openContext(options);
  const report = await examine(context);
  context.output.result(report, () => renderDoctor(report, new Date()));
  if (!report.healthy) process.exitCode = exitCodes.failed;
}

async function examine(context: Context): Promise<DoctorReport> {
  try {
    const snapshot = await collect(context);
    const findings = diagnose(snapshot);
    return {
      stack: context.stack.name,
      healthy: findings.every(({ severity }) => severity !== "error"),
      findings,
      services: snapshot.services.map(({ name, state }) => ({
        service: name,
        reports: forEachColor((color) => ownReport(state.colors[color].verification) ?? null),
      })),
    };
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    return { stack: context.stack.name, healthy: false, findings: [unreachable(error)], services: [] };
  }
}

/** Without the API server there is nothing else to look at. */
function unreachable({ message, remedy }: UnreachableError): Finding {
  return {
    check: "api-server",
    severity: "error",
    service: null,
    problem: message,
    meaning:
      "Nothing can be seen or released. Traffic goes on as it was: NGINX and the Pods do not need the API server.",
    help: remedy,
    details: [],
  };
}
