/** The two ways to a plan: by the stack's own state, with credentials; and from nothing, without. */
import { existsSync } from "node:fs";
import * as path from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import { installsCharts } from "../../settings/awsArgs";
import { settingsFrom, type Settings } from "../../settings";
import { chooseStack, heldConfig, openStack } from "../context";
import { readStackSettings, stacksIn } from "../cost/read";
import { explain } from "../errors";
import { capacityIn, readCapacity } from "../history/capacity";
import { readStackFile, withCopy, withSettings, type StackFile } from "../operations/stackFile";
import type { CommonOptions } from "../options";
import { checkOut, fileOf, type Base } from "./base";
import { secretsIn } from "./mask";
import { observePlan, type Plan } from "./observe";
import { difference, offlineEngine, planFromNothing, type Side } from "./offline";

export interface Project {
  readonly directory: string;
  readonly stack: string;
  readonly base: Base | undefined;
  /** What this run may write to. */
  readonly workDirectory: string;
}

export interface Planned {
  readonly plan: Plan;
  /** Undefined where the configuration is not accepted; the plan says why. */
  readonly settings: Settings | undefined;
  /** Whether it was made by the stack's own state: only that knows what has been verified. */
  readonly byState: boolean;
  readonly notes: readonly string[];
  readonly secrets: readonly string[];
}

/** The stack that a preview is about; without credentials no backend can be asked, so the files have to do. */
export async function stackIn(
  directory: string,
  { stack, offline }: CommonOptions & { offline: boolean },
): Promise<string> {
  const environment = process.env["PULUMI_STACK"];
  if (!offline) return (await openStack(directory, stack)).name;
  const files = stacksIn(directory);
  const [only, ...more] = files;
  return chooseStack(
    stack,
    files.map((name) => ({ name, current: name === only && more.length === 0 })),
    environment,
  );
}

/** What a plan that looks at the cluster has nothing of (see notReleased). */
const withoutCharts =
  "NGINX and the other controllers are not in it: to look at their charts takes Secrets, and no pipeline changes them.";

/** What an update of the stack would do. */
export async function planOnline({ directory, stack: name, base }: Project): Promise<Planned> {
  const stack = await openStack(directory, name);
  const config = await heldConfig(stack);
  const file = readStackFile(directory, name);
  const { text, notes } = await atCurrentCapacity(stack, file, directory, base);
  const plan = await withCopy(file, text, (configFile) =>
    observePlan(stack, { configFile, policyPack: policyPackIn(directory), refresh: true }),
  );
  const settings = accepted(() => settingsFrom(config, file.project));
  return {
    plan,
    settings,
    notes: settings !== undefined && installsCharts(settings) ? [...notes, withoutCharts] : notes,
    byState: true,
    secrets: secretsIn(file.text, config),
  };
}

/**
 * The schedule changes `capacity` in the stack, not in the file that everybody has: where a pull request leaves it alone,
 * the plan is made at what the stack has now, and shows no Pods that come and go with the time of day.
 */
async function atCurrentCapacity(
  stack: Stack,
  file: StackFile,
  directory: string,
  base: Base | undefined,
): Promise<{ text: string; notes: string[] }> {
  const own = capacityIn(file.text, file.project);
  const former = base && (await fileOf(directory, base, path.basename(file.path)));
  const current = (await readCapacity(stack, file.project))?.capacity;
  const changed = former !== undefined && capacityIn(former, file.project) !== own;
  if (changed || current === undefined || current === own) return { text: file.text, notes: [] };
  const note = `Planned at ${current}, as the schedule has left the stack; ${path.basename(file.path)} says ${own}.`;
  return { text: withSettings(file, [{ path: ["capacity"], value: current }]), notes: [note] };
}

/** What differs between the plans of the base and of this checkout, both from nothing. */
export async function planOffline({ directory, stack, base, workDirectory }: Project): Promise<Planned> {
  const environment = await offlineEngine();
  const settings = accepted(() => readStackSettings(directory, stack).settings);
  const common = { stack, environment };
  const places = { head: path.join(workDirectory, "head"), base: path.join(workDirectory, "base") };
  const policyPack = policyPackIn(directory);
  const head = await planFromNothing({ ...common, directory, workDirectory: places.head, policyPack });
  const notes = ["Planned without credentials, on a recorder in place of AWS: nothing real was asked."];
  const planned = (plan: Plan, ...more: string[]): Planned => {
    return { plan, settings, byState: false, notes: [...notes, ...more], secrets: [] };
  };
  if (head.problems.length > 0) return planned({ ...head, steps: [] });
  const former = base && (await planOfBase(directory, base, { ...common, workDirectory: places.base }));
  if (former !== undefined) return planned(difference(former, { plan: head, settings }));
  return planned(head, "There is no plan of the base to compare with, so that everything is shown as new.");
}

/** Undefined where the base has no plan of its own: no such stack yet, or a mistake that is being put right. */
async function planOfBase(
  directory: string,
  base: Base,
  common: { stack: string; environment: Readonly<Record<string, string>>; workDirectory: string },
): Promise<Side | undefined> {
  const checkout = path.join(common.workDirectory, "checkout");
  await checkOut(directory, base, checkout);
  if (!existsSync(readStackFile(checkout, common.stack).path)) return undefined;
  try {
    const plan = await planFromNothing({ ...common, directory: checkout, policyPack: undefined });
    const settings = readStackSettings(checkout, common.stack).settings;
    return plan.problems.length === 0 ? { plan, settings } : undefined;
  } catch (error) {
    if (explain(error) === undefined) throw error;
    return undefined;
  }
}

function policyPackIn(directory: string): string | undefined {
  const pack = path.join(directory, "policy");
  return existsSync(path.join(pack, "PulumiPolicy.yaml")) ? pack : undefined;
}

/** Undefined where a configuration is not accepted: the engine says so, too, with every fault. */
function accepted(read: () => Settings): Settings | undefined {
  try {
    return read();
  } catch (error) {
    if (explain(error) === undefined) throw error;
    return undefined;
  }
}
