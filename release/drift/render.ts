/** Drift for people: on a terminal, and as an issue. Pure. */
import { block, cell, markdownTable, plain, shortened } from "../preview/markdown";
import { commentLimit } from "../preview/render";
import type { PropertyChange } from "../preview/steps";
import type { Drift, DriftReport } from "./changes";

/** Lines and rows that are shown at most: what is missing is in the log, or in `pulumi refresh`. */
const shown = 200;

export function renderDrift({ stack, drifts, advice }: DriftReport): string {
  if (drifts.length === 0) return `stack ${stack}: nothing was changed past Pulumi.`;
  return [
    `stack ${stack}: ${countWords(drifts)} changed past Pulumi`,
    "",
    ...drifts.flatMap(({ name, type, what, properties }) => [
      `${what === "gone" ? "GONE   " : "changed"}  ${type} ${name}`,
      ...properties
        .slice(0, shown)
        .map(({ path, from, to }) => `         ${path}: ${valueWords(from)} -> ${valueWords(to)}`),
    ]),
    ...advice.flatMap(({ words, commands }) => [
      "",
      words,
      ...commands.map(({ command, effect }, i) => `${i === 0 ? "help:" : "  or:"} ${command} (${effect})`),
    ]),
  ].join("\n");
}

export function issueOf({ stack, drifts, advice }: DriftReport): { title: string; body: string } {
  const rows = drifts.flatMap((drift) =>
    drift.properties.length === 0 ? [rowOf(drift)] : drift.properties.map((property) => rowOf(drift, property)),
  );
  const body = [
    ...advice.flatMap(({ words, commands }) => [
      `**${plain(words)}**`,
      ...commands.flatMap(({ command, effect }, i) => [
        `${i === 0 ? "To repair it" : "Or"}, so that ${plain(effect)}:`,
        block(command),
      ]),
    ]),
    markdownTable(["Resource", "Property", "As the last update left it", "As it is"], rows.slice(0, shown)),
    ...(rows.length > shown
      ? [`… and ${rows.length - shown} more: \`pulumi refresh --preview-only --diff\` shows them.`]
      : []),
    "This issue is kept up to date by `release drift --comment`, and closed when nothing differs any more.",
  ].join("\n\n");
  const title = `Stack ${stack}: ${countWords(drifts)} changed by hand`;
  return {
    title,
    body:
      body.length <= commentLimit
        ? body
        : `${shortened(body, commentLimit - 100)}\n\nThere is more than an issue may hold.`,
  };
}

function rowOf({ name, type, what }: Drift, property?: PropertyChange): string[] {
  const resource = `${cell(name)} (${type})`;
  if (what === "gone") return [resource, "", "", "**gone**"];
  return property === undefined
    ? [resource, "", "", ""]
    : [resource, cell(property.path), cell(valueWords(property.from)), cell(valueWords(property.to))];
}

export function countWords(drifts: readonly Drift[]): string {
  return `${drifts.length} ${drifts.length === 1 ? "resource was" : "resources were"}`;
}

export function valueWords(value: unknown): string {
  if (value === undefined) return "nothing";
  return shortened(typeof value === "string" ? value : JSON.stringify(value), 200);
}
