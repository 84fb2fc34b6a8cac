/** `release preview`: what this checkout would change, for a reviewer, as one comment of its pull request. */
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { projectDirectory } from "../context";
import { exitCodes, explain, ReleaseError } from "../errors";
import { forgeFrom, isSet, markerFor } from "../forge/forge";
import { step } from "../operations/progress";
import { readStackFile } from "../operations/stackFile";
import { wholeStack, type CommonOptions } from "../options";
import { output } from "../render/output";
import { findBase, fileOf, type Base } from "./base";
import { costChange, type CostChange } from "./costChange";
import type { Plan } from "./observe";
import { renderPreview } from "./render";
import { reportOf, type PreviewReport } from "./report";
import { planOffline, planOnline, stackIn, type Planned, type Project } from "./plans";
import { propertiesOf } from "./steps";

export interface PreviewOptions extends CommonOptions {
  offline: boolean;
  comment: boolean;
  base?: string;
}

export async function preview(options: PreviewOptions, now = new Date()): Promise<void> {
  wholeStack(options, "A plan is a whole stack's: services share resources.");
  const directory = projectDirectory(options.cwd);
  const out = output(options);
  const stack = await stackIn(directory, options);
  const base = await findBase(directory, options.base);
  const workDirectory = mkdtempSync(path.join(os.tmpdir(), "release-preview-"));
  try {
    const project: Project = { directory, stack, base, workDirectory };
    const planned = await step(`Plan ${stack}`, () =>
      (options.offline ? planOffline(project) : planOnline(project)).catch(noPlan),
    );
    const cost = await changeOfCost(project, now);
    const report = reportOf({
      ...planned,
      stack,
      cost: cost.change,
      notes: [...planned.notes, ...baseNotes(base), ...cost.notes],
    });
    const markdown = renderPreview(report);
    const comment = options.comment ? await posted(stack, markdown) : { url: null, problem: null };
    writeSummary(markdown);
    out.result(valueOf(report, markdown, comment), () => markdown);
    if (comment.problem !== null) out.progress(comment.problem);
    process.exitCode =
      comment.problem === null && (report.outcome === "changes" || report.outcome === "nothing")
        ? exitCodes.done
        : exitCodes.failed;
  } finally {
    rmSync(workDirectory, { recursive: true, force: true });
  }
}

/** What keeps a plan from being made is what a reviewer wants to know then. */
function noPlan(error: unknown): Planned {
  const explained = explain(error);
  if (explained === undefined) throw error;
  const plan: Plan = {
    ...{ steps: [], warnings: [], refused: false, policies: { asked: false, violations: [], unanswered: [] } },
    problems: [`${explained.message}\n${explained.remedy}`],
  };
  return { plan, settings: undefined, byState: false, notes: [], secrets: [] };
}

async function changeOfCost(
  { directory, stack, base }: Project,
  now: Date,
): Promise<{ change: CostChange; notes: string[] }> {
  const file = path.basename(readStackFile(directory, stack).path);
  const texts = base && (await Promise.all([fileOf(directory, base, "Pulumi.yaml"), fileOf(directory, base, file)]));
  const [projectText, stackText] = texts ?? [];
  const former =
    projectText === undefined || stackText === undefined ? undefined : { project: projectText, stack: stackText };
  try {
    return { change: costChange(directory, stack, former, now), notes: [] };
  } catch (error) {
    const explained = explain(error);
    if (explained === undefined) throw error;
    // What is wrong with the configuration is told by the plan, which cannot be made with it either.
    const nothing = { before: undefined, after: undefined, hasBase: former !== undefined };
    return {
      change: nothing,
      notes: ["The change of the cost cannot be told: one of the two configurations is not accepted."],
    };
  }
}

function baseNotes(base: Base | undefined): string[] {
  if (base === undefined)
    return ["The base branch is not in this checkout, so nothing could be compared with it: name it with --base."];
  return [`Compared with ${base.name} at ${base.commit.slice(0, 7)}.`];
}

interface Comment {
  readonly url: string | null;
  readonly problem: string | null;
}

/** A forge that does not take the comment does not take the plan away. */
async function posted(stack: string, markdown: string): Promise<Comment> {
  try {
    const forge = await forgeFrom();
    return { url: await forge.comment(markerFor("preview", stack), markdown), problem: null };
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    return { url: null, problem: `${error.message}\n${error.remedy}` };
  }
}

/** The page of a job of GitHub Actions shows it, too: for a fork, whose token may not comment. */
function writeSummary(markdown: string): void {
  const file = process.env["GITHUB_STEP_SUMMARY"];
  if (isSet(file)) appendFileSync(file, `${markdown}\n`);
}

function valueOf(report: PreviewReport, markdown: string, comment: Comment): object {
  const { cost, changes, ...rest } = report;
  const [before, after] = [cost.before?.scheduled ?? null, cost.after?.scheduled ?? null];
  return {
    ...rest,
    changes: changes.map((each) => {
      const { name, type, op } = each;
      return { name, type, op, properties: propertiesOf(each) };
    }),
    monthlyCost: { before, after },
    markdown,
    comment,
  };
}
