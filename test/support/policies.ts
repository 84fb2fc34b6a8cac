/** What the policy pack has against a program, on the real engine. */
import { mkdirSync, unlinkSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import {
  LocalWorkspace,
  PulumiCommand,
  type EngineEvent,
  type PolicyEvent,
  type Stack,
} from "@pulumi/pulumi/automation";
import { stringify } from "yaml";
import { engineEnvironment, fileBackend, projectCopy } from "../../sandbox/engine";
import { at, root } from "../../sandbox/layout";
import { failureOf, layout } from "./engine";

/** What the engine says of a plan on which the policies have looked. */
export interface Verdict {
  /** By policy, what it has against the plan, sorted; each begins with the name of the resource that it is about. */
  violations: Record<string, string[]>;
  /** What policies could not tell. */
  advice: string[];
  /** Whether the engine would let the plan be carried out. */
  passed: boolean;
}

/** Where a stack is, and the environment in which `pulumi` works on it. */
export interface Place {
  directory: string;
  environment: Record<string, string>;
}

/**
 * The engine's default: of what runs on a cluster that is still to be made, a preview knows no outputs. The sandbox's
 * engine takes the inputs for them.
 */
export const withoutOutputs = { PULUMI_LEGACY_PROVIDER_PREVIEW: "false" };

/** A project of a test's own whose program is the fixture. */
export function fixtureProject(name: string, fixture: string, more: Record<string, string> = {}): Place {
  const directory = projectCopy(at(layout, "projects", name), []);
  unlinkSync(path.join(directory, "Pulumi.yaml"));
  const main = path.join("test", "program", "fixtures", fixture, "index.ts");
  writeFileSync(path.join(directory, "Pulumi.yaml"), stringify({ name: "facefusion", runtime: "nodejs", main }));
  mkdirSync(path.join(directory, "state"));
  const environment = {
    ...engineEnvironment(layout),
    PULUMI_BACKEND_URL: fileBackend(path.join(directory, "state")),
    ...more,
  };
  return { directory, environment };
}

/** A stack there, made where there is none yet. */
export async function stackAt({ directory, environment }: Place, stackName: string): Promise<Stack> {
  return LocalWorkspace.createOrSelectStack(
    { stackName, workDir: directory },
    { pulumiCommand: await PulumiCommand.get({ root: layout.directory }), envVars: environment },
  );
}

/**
 * Previews a stack with the policy pack.
 *
 * @param config The stack's configuration, if it is to have another than its own.
 * @param packConfig The pack's own configuration, by policy.
 */
export async function verdictOn(
  { directory, environment }: Place,
  stackName: string,
  { config, packConfig }: { config?: object; packConfig?: object } = {},
): Promise<Verdict> {
  if (config !== undefined) writeFileSync(path.join(directory, `Pulumi.${stackName}.yaml`), stringify({ config }));
  const packConfigFile = path.join(directory, `policies-${stackName}.json`);
  if (packConfig !== undefined) writeFileSync(packConfigFile, JSON.stringify(packConfig));
  const stack = await stackAt({ directory, environment }, stackName);
  const events: PolicyEvent[] = [];
  const failure = await failureOf(
    stack.preview({
      color: "never",
      policyPacks: [path.join(root, "policy")],
      ...(packConfig !== undefined && { policyPackConfigs: [packConfigFile] }),
      onEvent: ({ policyEvent }: EngineEvent) => {
        if (policyEvent !== undefined) events.push(policyEvent);
      },
    }),
  );
  // Not a verdict: the program itself is broken.
  if (failure instanceof Error && events.length === 0) throw failure;
  return { ...sorted(events), passed: failure === undefined };
}

function sorted(events: readonly PolicyEvent[]): Pick<Verdict, "violations" | "advice"> {
  const violations: Record<string, Set<string>> = {};
  const advice = new Set<string>();
  for (const { policyName, enforcementLevel, message } of events) {
    if (enforcementLevel === "mandatory") (violations[policyName] ??= new Set()).add(words(message));
    else advice.add(`${policyName}: ${words(message)}`);
  }
  const lists = Object.entries(violations).map(([policy, messages]) => [policy, [...messages].sort()] as const);
  return { violations: Object.fromEntries(lists), advice: [...advice].sort() };
}

/** A message without its colours, and without the description that the SDK puts before it. */
function words(message: string): string {
  const lines = message.replace(/<\{%.*?%\}>/g, "").split("\n");
  return (lines.length > 1 ? lines.slice(1) : lines).join("\n").trim();
}
