/** The plan of a pull request as one comment. Pure: nothing but what it is given is in it. */
import { percent, usd } from "../../cost/money";
import type { CostChange } from "./costChange";
import { block, cell, code, details, markdownTable, plain, shortened } from "./markdown";
import type { Policies, Violation } from "./observe";
import type { Outcome, PreviewReport } from "./report";
import type { Change } from "../operations/engine";
import { propertiesOf, type PropertyChange, type Step } from "./steps";

/** GitHub takes 65,536 characters; some are left for the marker, and for what counts as two. */
export const commentLimit = 60_000;

/** Rows that the two tables have at most, the first choice first: whatever is too long gets shorter. */
const rowLimits = [400, 150, 60, 20, 5, 0];

export function renderPreview(report: PreviewReport, limit = commentLimit): string {
  for (const rows of rowLimits) {
    const text = render(report, rows);
    if (text.length <= limit) return text;
  }
  return `${shortened(head(report).join("\n\n"), limit - 200)}\n\nThere is more than a comment may hold; see the log of the job.`;
}

function render(report: PreviewReport, rows: number): string {
  const { changes, notes } = report;
  return [
    ...head(report),
    ...(changes.length === 0 ? [] : [details(countWords(changes), changeTables(changes, rows))]),
    ...(notes.length === 0 ? [] : [notes.map((note) => `<sub>${plain(note)}</sub>`).join("\n")]),
  ].join("\n\n");
}

/** What is seen without opening anything. */
function head(report: PreviewReport): string[] {
  const { stack, outcome, sentences, problems, policies, cost, warnings } = report;
  const shownProblems = problems.map((problem) => block(shortened(problem, 4_000)));
  return [
    `### ${titles[outcome](code(stack))}`,
    ...(sentences.length === 0 ? [] : [sentences.map(sentenceLine).join("\n")]),
    ...shownProblems,
    ...policyLines(policies, problems.length === 0),
    ...costLines(cost),
    ...warnings.map((warning) => `> ⚠️ ${plain(shortened(warning, 1_000))}`),
  ];
}

const titles: Readonly<Record<Outcome, (stack: string) => string>> = {
  nothing: (stack) => `✅ ${stack}: nothing changes`,
  changes: (stack) => `✅ ${stack}: this can be released`,
  refused: (stack) => `⛔ ${stack}: refused, this would change what users are on`,
  policy: (stack) => `⛔ ${stack}: refused by a policy`,
  failed: (stack) => `❌ ${stack}: there is no plan`,
};

/** The first sentence is the point, what follows is how. */
function sentenceLine(words: string): string {
  const [, point = words, rest = ""] = /^(.+?\.)( .+)$/.exec(words) ?? [];
  return `- **${plain(point)}**${plain(rest)}`;
}

/** @param whole Whether the policies have seen a whole plan. */
function policyLines({ asked, violations, unanswered }: Policies, whole: boolean): string[] {
  if (violations.length === 0 && !whole) return [];
  if (!asked) return ["Policies: there is no policy pack."];
  const later = unanswered.length === 0 ? "" : ` Only the update can tell: ${unanswered.map(code).join(", ")}.`;
  if (violations.length === 0) return [`Policies: all are kept.${later}`];
  const line = ({ policy, message, mandatory }: Violation) =>
    `- ${mandatory ? "⛔" : "⚠️"} ${code(policy)}: ${plain(shortened(message, 1_000))}`;
  const mandatory = violations.filter((each) => each.mandatory).length;
  const counts = [
    ...(mandatory > 0 ? [`${mandatory} broken`] : []),
    ...(violations.length > mandatory ? [`${violations.length - mandatory} advised against`] : []),
  ];
  return [[`Policies: ${counts.join(", ")}.${later}`, "", ...violations.slice(0, 30).map(line)].join("\n")];
}

function costLines({ before, after, hasBase }: CostChange): string[] {
  if (after === undefined && before === undefined) return [];
  const monthly = (cost: typeof after) => cost?.scheduled ?? 0;
  if (!hasBase)
    return [`Cost: ${usd(monthly(after))} a month by the price table; there is nothing to compare it with.`];
  const [was, is] = [monthly(before), monthly(after)];
  const missing = [...new Set([...(before?.missing ?? []), ...(after?.missing ?? [])])];
  const without = missing.length === 0 ? "" : ` Without ${missing.map(plain).join(", ")}, which has no price.`;
  // Less than a cent is the arithmetic's.
  if (Math.abs(is - was) < 0.01) return [`Cost: ${usd(is)} a month, as before.${without}`];
  const share = was === 0 ? "" : `, ${is > was ? "+" : "−"}${percent((Math.abs(is - was) / was) * 100)}`;
  const change = `${is > was ? "+" : "−"}${usd(Math.abs(is - was))}`;
  return [`Cost: **${change}** a month: ${usd(was)} → ${usd(is)}${share}.${without}`];
}

const order = ["replace", "delete", "create", "update"] as const;
const wordsFor: Readonly<Record<Change["op"], string>> = {
  create: "to create",
  update: "to update",
  replace: "to replace",
  delete: "to delete",
};

function countWords(changes: readonly (Step & { op: Change["op"] })[]): string {
  const counts = order.flatMap((op) => {
    const count = changes.filter((each) => each.op === op).length;
    return count === 0 ? [] : [`${count} ${wordsFor[op]}`];
  });
  return `${changes.length} ${changes.length === 1 ? "resource" : "resources"}: ${counts.join(", ")}`;
}

function changeTables(changes: readonly (Step & { op: Change["op"] })[], rows: number): string {
  const sorted = changes.toSorted((a, b) => order.indexOf(a.op) - order.indexOf(b.op) || (a.name < b.name ? -1 : 1));
  const list = sorted.slice(0, rows).map(({ op, type, name }) => [op, cell(type), cell(name)]);
  const properties = sorted.flatMap((step) =>
    propertiesOf(step).map((property) => [cell(step.name), ...propertyCells(property)]),
  );
  return [
    markdownTable(["", "Type", "Resource"], list),
    ...more(sorted.length, list.length, "resources"),
    ...(properties.length === 0
      ? []
      : [markdownTable(["Resource", "Property", "Before", "After"], properties.slice(0, rows))]),
    ...more(properties.length, Math.min(rows, properties.length), "properties"),
  ].join("\n\n");
}

function more(all: number, shown: number, what: string): string[] {
  return all > shown ? [`… and ${all - shown} more ${what}; the log of the job has all of them.`] : [];
}

function propertyCells({ path, from, to }: PropertyChange): string[] {
  return [cell(path), valueCell(from), valueCell(to)];
}

function valueCell(value: unknown): string {
  if (value === undefined) return "";
  return cell(shortened(typeof value === "string" ? value : JSON.stringify(value), 120));
}
