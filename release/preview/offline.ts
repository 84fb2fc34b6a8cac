/**
 * A plan without credentials, for whoever has none: a pull request from a fork. Nothing real takes part: the base and this
 * checkout are both planned from nothing, with the recorder of AWS in place of AWS, and what differs between the two plans
 * is what the pull request changes. The rule of the live colour speaks by the same function as in an update.
 */
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation";
import { isMap, isScalar, parseDocument, visit } from "yaml";
import { z } from "zod";
import { liveTemplateProblem } from "../../components/liveColorGuard";
import { other } from "../../components/colors";
import { stackName } from "../../components/labels";
import { ingressBackend } from "../../components/routeGuard";
import { at } from "../../components/values";
import type { Settings } from "../../settings";
import { exitCodes, ReleaseError } from "../errors";
import { readStackFile } from "../operations/stackFile";
import { ownProject } from "../options";
import { observePlan, type Plan } from "./observe";
import { between, type Step } from "./steps";

const engineSchema = z.object({ environment: z.record(z.string(), z.string()) });

/** Gets the engine and the stand-ins of its plugins ready, which takes minutes the first time. */
export async function offlineEngine(): Promise<Record<string, string>> {
  // A program of its own: this command is no part of the sandbox, nor does it need what the sandbox is made with.
  const command = [createRequire(__filename).resolve("tsx/cli"), path.join(ownProject, "sandbox", "offline.ts")];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: ownProject });
    return engineSchema.parse(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).environment;
  } catch (cause) {
    const said: unknown = cause instanceof Error ? Reflect.get(cause, "stderr") : undefined;
    throw new ReleaseError(
      `The engine cannot be had for a plan without credentials.${typeof said === "string" ? `\n${said.trim()}` : ""}`,
      "Install all packages, those for development as well: npm ci",
      exitCodes.failed,
      { cause },
    );
  }
}

export interface OfflineProject {
  /** Where the program is. */
  readonly directory: string;
  readonly stack: string;
  /** What this run may write to. */
  readonly workDirectory: string;
  readonly policyPack: string | undefined;
  /** Of the engine; see {@link offlineEngine}. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Plans a project from nothing. */
export async function planFromNothing(project: OfflineProject): Promise<Plan> {
  const { directory, stack: name, workDirectory, policyPack, environment } = project;
  const copy = path.join(workDirectory, "project");
  const state = path.join(workDirectory, "state");
  for (const each of [copy, state]) mkdirSync(each, { recursive: true });
  const file = readStackFile(directory, name);
  for (const entry of readdirSync(directory))
    if (!entry.startsWith(".") && !/^Pulumi\..+\.ya?ml$/.test(entry))
      symlinkSync(path.join(directory, entry), path.join(copy, entry));
  const configFile = path.join(copy, path.basename(file.path));
  writeFileSync(configFile, withoutSecrets(file.text));
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: path.posix.basename(name), workDir: copy },
    {
      pulumiCommand: await PulumiCommand.get({ root: commandRoot(environment) }),
      envVars: {
        ...environment,
        PULUMI_BACKEND_URL: `file://${state}`,
        PULUMI_CONFIG_PASSPHRASE: "offline",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        // No cluster is to be asked, though the machine may know one.
        KUBECONFIG: path.join(workDirectory, "no-kubeconfig"),
      },
    },
  );
  return observePlan(stack, { configFile, policyPack, refresh: false });
}

/** The first directory of the path has the engine; the Automation API wants the directory above its `bin`. */
function commandRoot({ PATH = "" }: Readonly<Record<string, string>>): string {
  return path.dirname(PATH.split(path.delimiter)[0] ?? "");
}

/** A stack's file without what only its owner can read: a secret becomes a text, and the key to it goes. */
export function withoutSecrets(text: string): string {
  const document = parseDocument(text);
  for (const key of ["encryptionsalt", "encryptedkey", "secretsprovider"]) document.delete(key);
  visit(document, {
    Map: (_, map) =>
      isMap(map) && map.items.length === 1 && map.has("secure") ? document.createNode(hidden) : undefined,
    Pair: (_, pair) =>
      isScalar(pair.key) && /:notifications$/.test(String(pair.key.value)) ? visit.REMOVE : undefined,
  });
  return document.toString({ lineWidth: 0 });
}

const hidden = "a secret";

/** A plan with the configuration that it is of. */
export interface Side {
  readonly plan: Plan;
  /** Undefined where it is not accepted; the plan has problems then. */
  readonly settings: Settings | undefined;
}

/** What this checkout changes about the base, by their plans. */
export function difference(base: Side, { plan: head, settings }: Side): Plan {
  const steps = between(withBackends(base), withBackends({ plan: head, settings }));
  const refusals = head.problems.length > 0 || settings === undefined ? [] : refusalsOf(steps, settings);
  return { ...head, steps, problems: [...head.problems, ...refusals], refused: head.refused || refusals.length > 0 };
}

/** Where no cluster is, no Service has a name yet, so that an Ingress leads nowhere: the configuration says where it will. */
function withBackends({ plan: { steps }, settings }: Side): Step[] {
  const names = new Map<string, string>(
    Object.entries(settings?.services ?? {}).flatMap(
      ([service, { liveColor = settings?.liveColor ?? "blue", route }]) => [
        ...(route === "ingress" ? [[`${service}-route-ingress`, stackName(service, liveColor)] as const] : []),
        [`${service}-preview-ingress`, stackName(service, other(liveColor))] as const,
      ],
    ),
  );
  return steps.map((step) => {
    const name = names.get(step.name);
    if (name === undefined || step.after === undefined) return step;
    const after = structuredClone(step.after);
    const service = at(after, ingressBackend.slice(0, -1));
    if (typeof service === "object" && service !== null) Object.assign(service, { name });
    return { ...step, after };
  });
}

/** What the rule of the live colour would refuse: a colour that the configuration makes live is taken to serve users. */
function refusalsOf(steps: readonly Step[], settings: Settings): string[] {
  return Object.entries(settings.services).flatMap(([service, { liveColor = settings.liveColor }]) => {
    const deployment = steps.find(({ name }) => name === `${stackName(service, liveColor)}-deployment`);
    if (deployment?.op !== "update") return [];
    const { before, after } = deployment;
    const oldOutputs = { status: { availableReplicas: 1 } };
    return liveTemplateProblem(service, liveColor, { oldInputs: before, newInputs: after, oldOutputs }) ?? [];
  });
}
