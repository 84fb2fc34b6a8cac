/** What the doctor looks for, in the order in which it tells. */
import { colorChecks } from "./checks/colors";
import { gateChecks } from "./checks/gate";
import { routeChecks } from "./checks/route";
import { surroundingChecks } from "./checks/surroundings";
import type { Check, Finding, Snapshot } from "./snapshot";

export const checks: readonly Check[] = [...routeChecks, ...colorChecks, ...gateChecks, ...surroundingChecks];

const severities: readonly Finding["severity"][] = ["error", "warning", "note"];

/** All findings, the worst first. */
export function diagnose(snapshot: Snapshot): Finding[] {
  const findings = checks.flatMap(({ name, find }) => find(snapshot).map((found) => ({ check: name, ...found })));
  return findings.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
}
