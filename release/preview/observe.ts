/** A preview of the engine with all that a reviewer wants to know of it: every resource, every policy, every problem. */
import type { EngineEvent, PolicyEvent, Stack } from "@pulumi/pulumi/automation";
import { exitCodes } from "../errors";
import { diagnosticText, EngineError, notReleased } from "../operations/engine";
import { Steps, type Step } from "./steps";

/** What a policy has against a resource, or against the stack. */
export interface Violation {
  readonly policy: string;
  readonly message: string;
  /** An advisory one does not stop an update. */
  readonly mandatory: boolean;
}

export interface Policies {
  /** Whether there is a policy pack. */
  readonly asked: boolean;
  readonly violations: readonly Violation[];
  /** Policies that could not look at a value which only the update makes known. */
  readonly unanswered: readonly string[];
}

export interface Plan {
  readonly steps: readonly Step[];
  readonly policies: Policies;
  /** Why there is no plan, one problem each; none where it is whole. */
  readonly problems: readonly string[];
  /** Whether a guard of the program said no: all that was tried is forbidden, nothing is broken. */
  readonly refused: boolean;
  readonly warnings: readonly string[];
}

export interface PlanOptions {
  /** A configuration file in place of the stack's own. */
  readonly configFile: string;
  /** Where the policy pack is. */
  readonly policyPack: string | undefined;
  /** True: what is there is looked at first, save for what a release has nothing to do with, which is left out. */
  readonly refresh: boolean;
}

/** What an update would do; one that the engine would refuse is a plan with problems, not an error. */
export async function observePlan(stack: Stack, { configFile, policyPack, refresh }: PlanOptions): Promise<Plan> {
  const told = new PlanEvents(policyPack !== undefined);
  const options = {
    ...{
      configFile,
      color: "never" as const,
      onEvent: (event: EngineEvent) => {
        told.add(event);
      },
    },
    ...(policyPack !== undefined && { policyPacks: [policyPack] }),
    ...(refresh && { refresh, exclude: notReleased }),
  };
  try {
    await stack.preview(options);
  } catch (error) {
    const plan = told.plan();
    // Without a word about a resource it was the command itself: its state, its credentials, its options.
    if (plan.problems.length === 0 && plan.policies.violations.length === 0) throw error;
    return plan;
  }
  return told.plan();
}

/** What the engine's events come to. */
export class PlanEvents {
  private readonly steps = new Steps();
  private readonly violations: Violation[] = [];
  private readonly unanswered = new Set<string>();
  private readonly errors = new Set<string>();
  private readonly warnings = new Set<string>();

  /** @param asked Whether a policy pack takes part. */
  constructor(private readonly asked: boolean) {}

  add(event: EngineEvent): void {
    this.steps.add(event);
    const { policyEvent, diagnosticEvent } = event;
    if (policyEvent !== undefined) this.addPolicy(policyEvent);
    if (diagnosticEvent === undefined || diagnosticEvent.ephemeral === true) return;
    const text = diagnosticText(diagnosticEvent);
    if (diagnosticEvent.severity === "error" && !isSummary(text)) this.errors.add(text);
    const warning = text.replace(/^warning: /, "");
    if (diagnosticEvent.severity === "warning" && !isAboutPlugins(warning)) this.warnings.add(warning);
  }

  private addPolicy({ policyName, message, enforcementLevel }: PolicyEvent): void {
    const words = policyWords(message);
    if (/^can't run policy /.test(words)) {
      this.unanswered.add(policyName);
      return;
    }
    const violation = { policy: policyName, message: words, mandatory: enforcementLevel === "mandatory" };
    // The engine tells one that it finds while it plans once more when it has planned.
    if (!this.violations.some((each) => JSON.stringify(each) === JSON.stringify(violation)))
      this.violations.push(violation);
  }

  plan(): Plan {
    // The class of such errors knows a refusal, and its words without the engine's.
    const said = [...this.errors].map((problem) => new EngineError([problem], [], "", {}));
    return {
      steps: this.steps.all,
      policies: { asked: this.asked, violations: this.violations, unanswered: [...this.unanswered] },
      problems: said.map(({ message }) => message),
      refused: said.some(({ exitCode }) => exitCode === exitCodes.refused),
      warnings: [...this.warnings],
    };
  }
}

function isSummary(text: string): boolean {
  return /^(preview|update) failed$|violates? .*polic(y|ies)/i.test(text);
}

/** Where the engine found what it runs with: no matter of the plan. */
function isAboutPlugins(warning: string): boolean {
  return /^using \S+ from \$PATH/.test(warning);
}

/** A violation without its colours, and without the description that the engine puts before it. */
function policyWords(message: string): string {
  const lines = message
    .replace(/<\{%.*?%\}>/g, "")
    .trim()
    .split("\n");
  return (lines.length > 1 ? lines.slice(1) : lines).join("\n").trim();
}
