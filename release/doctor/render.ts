/** What `release doctor` shows a person. */
import { colors } from "../../components/colors";
import { versionOf } from "../../components/inferenceStack";
import { renderReport } from "../operations/reportTable";
import { paint } from "../render/colors";
import { age } from "../render/time";
import type { VerificationReport } from "../cluster/state";
import type { DoctorReport } from "./doctor";
import type { Finding } from "./snapshot";

const marks: Record<Finding["severity"], string> = {
  error: paint.red("error  "),
  warning: paint.yellow("warning"),
  note: paint.dim("note   "),
};

export function renderDoctor({ stack, healthy, findings, services }: DoctorReport, now: Date): string {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const verdict = healthy
    ? paint.green(`stack ${stack}: healthy${findings.length === 0 ? "" : ", with remarks"}`)
    : paint.red(`stack ${stack}: ${errors === 1 ? "1 thing is" : `${errors} things are`} wrong`);
  const reports = services.flatMap(({ service, reports }) =>
    colors.flatMap((color) => {
      const report = reports[color];
      return report === null ? [] : [renderVerification(`${service} ${color}`, report, now)];
    }),
  );
  return [verdict, ...findings.map(renderFinding), ...reports].join("\n\n");
}

function renderFinding({ severity, service, problem, meaning, help, details }: Finding): string {
  return [
    `${marks[severity]}  ${service === null ? "" : `${service}: `}${problem}`,
    `         ${meaning}`,
    ...details.map((detail) => paint.dim(`         | ${detail}`)),
    `         ${paint.bold("help:")} ${help}`,
  ].join("\n");
}

function renderVerification(what: string, report: VerificationReport, now: Date): string {
  const { image, verdict, finishedAt } = report;
  const said = verdict === "passed" ? paint.green(verdict) : paint.red(verdict);
  const head = `last verification of ${what} ${versionOf(image)}: ${said}, ${age(new Date(finishedAt), now)}`;
  return `${head}\n${renderReport(report)}`;
}
