/** What stacks cost in a month, by their files and the price table. */
import { stackCost, type StackCost } from "../../cost/stackCost";
import { projectDirectory } from "../context";
import { wholeStack, type CommonOptions } from "../options";
import { output } from "../render/output";
import { readStackSettings, stacksIn } from "./read";
import { renderCost } from "./render";

/** One stack's part of the result; `cost` is null where there is nothing to price. */
export interface CostReport {
  readonly stack: string;
  readonly cost: StackCost | null;
}

/** For one stack, or for every one that has a file. */
export function cost(options: CommonOptions, now = new Date()): void {
  wholeStack(options, "A cost is a whole stack's: services share nodes.");
  const directory = projectDirectory(options.cwd);
  const wanted = options.stack ?? process.env["PULUMI_STACK"] ?? "";
  const stacks = wanted === "" ? stacksIn(directory) : [wanted];
  const reports = stacks.map((stack) => report(directory, stack, now));
  output(options).result(reports, () =>
    reports.map(({ stack, cost: its }) => renderCost(stack, its ?? undefined)).join("\n\n"),
  );
}

function report(directory: string, stack: string, now: Date): CostReport {
  const { settings, region } = readStackSettings(directory, stack);
  const date = now.toISOString().slice(0, 10);
  return { stack, cost: stackCost(settings, region ?? "no region (set aws:region)", date) ?? null };
}
