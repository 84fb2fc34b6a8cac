/** What a pull request changes about the monthly cost: the base's configuration beside this checkout's. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { stackCost, type StackCost } from "../../cost/stackCost";
import { readStackSettings } from "../cost/read";

export interface CostChange {
  /** Undefined where there is nothing to price, or no base. */
  readonly before: StackCost | undefined;
  readonly after: StackCost | undefined;
  /** Whether the base had this stack's file. */
  readonly hasBase: boolean;
}

/** The cost of a directory's stack on a day; undefined where it has no GPU nodes of its own. */
export function costOf(directory: string, stack: string, now: Date): StackCost | undefined {
  const { settings, region } = readStackSettings(directory, stack);
  return stackCost(settings, region ?? "no region (set aws:region)", now.toISOString().slice(0, 10));
}

/**
 * @param base The texts of the base's Pulumi.yaml and of its stack file; undefined where there is no base, or where it has
 *   no such stack.
 */
export function costChange(
  directory: string,
  stack: string,
  base: { project: string; stack: string } | undefined,
  now: Date,
): CostChange {
  const after = costOf(directory, stack, now);
  if (base === undefined) return { before: undefined, after, hasBase: false };
  const former = mkdtempSync(path.join(os.tmpdir(), "release-base-"));
  try {
    writeFileSync(path.join(former, "Pulumi.yaml"), withoutDirectory(base.project));
    writeFileSync(path.join(former, `Pulumi.${path.posix.basename(stack)}.yaml`), base.stack);
    return { before: costOf(former, stack, now), after, hasBase: true };
  } finally {
    rmSync(former, { recursive: true, force: true });
  }
}

/** The copy has its stack file beside it, wherever the project keeps them. */
function withoutDirectory(project: string): string {
  return project.replace(/^stackConfigDir:.*$/m, "");
}
