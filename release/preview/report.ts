/** What a reviewer is told about a plan, as data. */
import type { Settings } from "../../settings";
import { masked } from "./mask";
import type { CostChange } from "./costChange";
import type { Plan, Policies } from "./observe";
import type { Change } from "../operations/engine";
import { sentencesOf } from "./sentences";
import { changing, type Step } from "./steps";

/** `refused`: a guard of the program says no; `policy`: a mandatory policy is broken; `failed`: there is no plan. */
export type Outcome = "nothing" | "changes" | "refused" | "policy" | "failed";

export interface PreviewReport {
  readonly stack: string;
  readonly outcome: Outcome;
  readonly sentences: readonly string[];
  readonly problems: readonly string[];
  readonly policies: Policies;
  readonly cost: CostChange;
  readonly warnings: readonly string[];
  readonly changes: readonly (Step & { op: Change["op"] })[];
  /** How it was made, and what is not in it. */
  readonly notes: readonly string[];
}

export interface Told {
  readonly stack: string;
  readonly plan: Plan;
  /** Undefined where the configuration is not accepted: that is the problem then. */
  readonly settings: Settings | undefined;
  /** Whether the plan was made by the stack's own state. */
  readonly byState: boolean;
  readonly cost: CostChange;
  readonly notes: readonly string[];
  /** Texts that nobody may read. */
  readonly secrets: readonly string[];
}

export function reportOf({ stack, plan, settings, byState, cost, notes, secrets }: Told): PreviewReport {
  const changes = changing(plan.steps);
  const report: PreviewReport = {
    stack,
    outcome: outcomeOf(plan, changes.length),
    sentences: settings === undefined ? [] : sentencesOf(plan.steps, settings, byState),
    problems: plan.problems,
    policies: plan.policies,
    cost,
    warnings: plan.warnings,
    changes,
    notes,
  };
  return secrets.length === 0 ? report : withoutSecrets(report, secrets);
}

function outcomeOf({ problems, refused, policies }: Plan, changes: number): Outcome {
  if (refused) return "refused";
  if (policies.violations.some(({ mandatory }) => mandatory)) return "policy";
  if (problems.length > 0) return "failed";
  return changes === 0 ? "nothing" : "changes";
}

/** Every text in it, wherever it is. */
function withoutSecrets(report: PreviewReport, secrets: readonly string[]): PreviewReport {
  const clean = (value: unknown): unknown => {
    if (typeof value === "string") return masked(value, secrets);
    if (Array.isArray(value)) return value.map(clean);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, clean(inner)]));
  };
  // The same shape, with other texts.
  return clean(report) as PreviewReport;
}
