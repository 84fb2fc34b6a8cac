/** What every command works on: the stack, its settings, the services asked for, the cluster. */
import { existsSync } from "node:fs";
import * as path from "node:path";
import { LocalWorkspace, PulumiCommand, Stack } from "@pulumi/pulumi/automation";
import type { Color } from "../components/colors";
import { settingsFrom, type ServiceSettings, type Settings } from "../settings";
import { connect, type Cluster } from "./cluster/connection";
import { exitCodes, ReleaseError } from "./errors";
import type { CommonOptions } from "./options";
import { output, type Output } from "./render/output";

/** A service that the command is about. */
export interface ChosenService {
  readonly name: string;
  readonly settings: ServiceSettings;
  /** The colour that the configuration makes live; which one really is says the cluster. */
  readonly configured: Color;
}

export interface Context {
  readonly stack: Stack;
  /** The project's directory. */
  readonly directory: string;
  /** The stack's configuration as the engine holds it, secrets in plain text, with the defaults of Pulumi.yaml. */
  readonly config: Readonly<Record<string, string>>;
  readonly settings: Settings;
  readonly services: readonly ChosenService[];
  readonly cluster: Cluster;
  readonly output: Output;
}

/** A context for one service. */
export interface ServiceContext extends Context {
  readonly service: ChosenService;
}

/** For a command that reads: all services, unless --service names one. */
export async function openContext(options: CommonOptions): Promise<Context> {
  const directory = projectDirectory(options.cwd);
  const stack = await openStack(directory, options.stack);
  const config = await heldConfig(stack);
  const { name: project } = await stack.workspace.projectSettings();
  const settings = settingsFrom(config, project);
  const names = chooseServices(Object.keys(settings.services), options.service);
  return {
    stack,
    directory,
    config,
    settings,
    services: names.flatMap((name) => chosen(settings, name)),
    cluster: await connectTo(stack, settings),
    output: output(options),
  };
}

/** A stack's configuration as the engine holds it, secrets in plain text, with the defaults of Pulumi.yaml. */
export async function heldConfig(stack: Stack): Promise<Record<string, string>> {
  const held = await stack.workspace.getAllConfig(stack.name);
  return Object.fromEntries(Object.entries(held).map(([key, { value }]) => [key, value]));
}

/** For a command that acts: the service that --service names, else the only one. */
export async function openServiceContext(options: CommonOptions): Promise<ServiceContext> {
  const context = await openContext(options);
  return { ...context, service: theOnlyService(context.services) };
}

/** @throws ReleaseError where there are several: which one is meant has to be said. */
export function theOnlyService<T extends { name: string }>(services: readonly T[]): T {
  const [service, ...more] = services;
  if (service !== undefined && more.length === 0) return service;
  throw new ReleaseError(
    `This stack has several services: ${services.map(({ name }) => name).join(", ")}.`,
    "Say which one with --service.",
    exitCodes.usage,
  );
}

/** The services that a command is about. */
export function chooseServices(all: readonly string[], wanted: string | undefined): readonly string[] {
  if (wanted === undefined) return all;
  if (all.includes(wanted)) return [wanted];
  throw new ReleaseError(
    `There is no service ${wanted} in this stack.`,
    `Choose one of: ${all.join(", ")}`,
    exitCodes.usage,
  );
}

/** The stack that a command is about. */
export function chooseStack(
  wanted: string | undefined,
  stacks: readonly { name: string; current: boolean }[],
  environment: string | undefined,
): string {
  const name = named(wanted, environment) ?? stacks.find(({ current }) => current)?.name;
  if (name !== undefined) return name;
  const names = stacks.map((stack) => stack.name).join(", ");
  throw new ReleaseError(
    "No stack is selected.",
    names === "" ? "Make one with: pulumi stack init" : `Say which one with --stack: ${names}`,
    exitCodes.usage,
  );
}

/** A variable that is empty is one that is not set. */
function named(wanted: string | undefined, environment: string | undefined): string | undefined {
  return wanted ?? (environment === "" ? undefined : environment);
}

function chosen(settings: Settings, name: string): ChosenService[] {
  const service = settings.services[name];
  return service === undefined
    ? []
    : [{ name, settings: service, configured: service.liveColor ?? settings.liveColor }];
}

/** @throws ReleaseError where there is no project. */
export function projectDirectory(cwd: string): string {
  const directory = path.resolve(cwd);
  if (existsSync(path.join(directory, "Pulumi.yaml"))) return directory;
  throw new ReleaseError(
    `There is no Pulumi.yaml in ${directory}.`,
    "Name the project's directory with --cwd.",
    exitCodes.usage,
  );
}

/** The name of the stack that a command is about; the engine is asked only where nobody has said it. */
export async function stackName(directory: string, wanted: string | undefined): Promise<string> {
  return nameOf(wanted, async () => (await openWorkspace(directory)).listStacks());
}

async function nameOf(
  wanted: string | undefined,
  list: () => Promise<readonly { name: string; current: boolean }[]>,
): Promise<string> {
  const environment = process.env["PULUMI_STACK"];
  return chooseStack(wanted, named(wanted, environment) === undefined ? await list() : [], environment);
}

async function openWorkspace(directory: string): Promise<LocalWorkspace> {
  return LocalWorkspace.create({ workDir: directory, pulumiCommand: await PulumiCommand.get() });
}

export async function openStack(directory: string, wanted: string | undefined): Promise<Stack> {
  const workspace = await openWorkspace(directory);
  const name = await nameOf(wanted, () => workspace.listStacks());
  // Every call names its stack. Selecting it would cost a process, and would change what the user has selected.
  workspace.selectStack = () => Promise.resolve();
  return Stack.select(name, workspace);
}

async function connectTo(stack: Stack, settings: Settings): Promise<Cluster> {
  if (settings.cluster.kind === "kubeconfig") return connect({ context: settings.cluster.context });
  const kubeconfig: unknown = (await stack.outputs())["kubeconfig"]?.value;
  if (typeof kubeconfig === "string") return connect({ kubeconfig });
  throw new ReleaseError(
    `Stack ${stack.name} has no output kubeconfig: it has not been deployed.`,
    "Deploy it first: pulumi up",
    exitCodes.failed,
  );
}
