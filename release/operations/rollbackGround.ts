/**
 * What a rollback stands on: the stack as every command opens it, else no more than its file and the cluster. An engine
 * that is missing, a state that cannot be reached or a configuration that is not accepted must not keep users on a version
 * that does not work.
 */
import { existsSync, readdirSync } from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Stack } from "@pulumi/pulumi/automation";
import { parseDocument } from "yaml";
import { z } from "zod";
import type { Color } from "../../components/colors";
import type { Settings } from "../../settings";
import { color as colorField } from "../../settings/fields";
import { connect, type Cluster } from "../cluster/connection";
import { chooseServices, openServiceContext, type ServiceContext } from "../context";
import { explain, exitCodes, ReleaseError } from "../errors";
import type { CommonOptions } from "../options";
import { urlOf } from "./firstAnswer";
import { liveColorSetting, podsWhenLive } from "./plan";
import { readStackFile, type Setting, type StackFile } from "./stackFile";

export interface Ground {
  readonly stackName: string;
  readonly service: string;
  readonly namespace: string;
  readonly cluster: Cluster;
  readonly file: StackFile;
  /** The colour that the configuration makes live. */
  readonly configured: Color;
  /** The value that makes a colour live. */
  readonly flag: (color: Color) => Setting;
  /** Pods that the live colour should have; undefined where only the cluster can tell. */
  readonly needed: number | undefined;
  readonly skippedImage: string | undefined;
  /** What users type, where that is known. */
  readonly url: string | undefined;
  readonly notifications: Settings["notifications"];
  /** Undefined where the engine cannot be used. */
  readonly engine: Stack | undefined;
  /** Why not, in words. */
  readonly engineTrouble: string | undefined;
}

/** What opening the stack may take; it takes half a second where all is well. */
const openMs = 8_000;

export interface GroundOptions extends CommonOptions {
  /** The context of the user's kubeconfig that leads to the stack's cluster, where the state cannot say. */
  context?: string;
}

export async function openGround(options: GroundOptions): Promise<Ground> {
  const directory = path.resolve(options.cwd);
  try {
    return groundOf(await soon(openServiceContext(options)));
  } catch (error) {
    // A mistake of whoever types is theirs to put right; anything else is gone around.
    const mistake = error instanceof ReleaseError && error.exitCode === exitCodes.usage;
    if (mistake || (error instanceof Error && error.name === "StackNotFoundError")) throw error;
    return bareGround(options, directory, wordsOf(error));
  }
}

export function groundOf(context: ServiceContext): Ground {
  const { stack, directory, settings, service, cluster } = context;
  return {
    stackName: stack.name,
    service: service.name,
    namespace: settings.namespace,
    cluster,
    file: readStackFile(directory, stack.name),
    configured: service.configured,
    flag: (color) => liveColorSetting(settings, service.name, color),
    needed: podsWhenLive(settings, service.settings),
    skippedImage: service.settings.skipVerification?.image,
    url: urlOf(settings, service.settings),
    notifications: settings.notifications,
    engine: stack,
    engineTrouble: undefined,
  };
}

/** The few keys that have to be known; anything else may be as wrong as it likes. */
const bareSchema = z.looseObject({
  liveColor: colorField.default("blue").catch("blue"),
  namespace: z.string().default("facefusion"),
  cluster: z.looseObject({ kind: z.string().optional(), context: z.string().optional() }).default({}).catch({}),
  services: z.record(
    z.string(),
    z.looseObject({
      liveColor: colorField.optional().catch(undefined),
      skipVerification: z.looseObject({ image: z.string() }).optional().catch(undefined),
    }),
  ),
});

function bareGround(options: GroundOptions, directory: string, engineTrouble: string): Ground {
  const stackName = options.stack ?? process.env["PULUMI_STACK"] ?? onlyStack(directory);
  const file = readStackFile(directory, stackName);
  const config = bareConfig(file);
  const names = chooseServices(Object.keys(config.services), options.service);
  const [service, ...more] = names;
  if (service === undefined || more.length > 0)
    throw new ReleaseError(
      `This stack has several services: ${names.join(", ")}.`,
      "Say which one with --service.",
      exitCodes.usage,
    );
  const own = config.services[service];
  const alone = own?.liveColor === undefined && Object.keys(config.services).length === 1;
  return {
    stackName,
    service,
    namespace: config.namespace,
    cluster: connect({ context: contextOf(config.cluster, options.context, stackName) }),
    file,
    configured: own?.liveColor ?? config.liveColor,
    flag: (value) => ({ path: alone ? ["liveColor"] : ["services", service, "liveColor"], value }),
    needed: undefined,
    skippedImage: own?.skipVerification?.image,
    url: undefined,
    // They are secrets, which only the engine can read.
    notifications: undefined,
    engine: undefined,
    engineTrouble,
  };
}

/**
 * The context that leads to the stack's cluster. Of a cluster on EKS the state alone knows where it is, and the one that
 * happens to be selected may be another stack's, with services of the same names.
 *
 * @throws ReleaseError where that can only be guessed.
 */
export function contextOf(
  cluster: { kind?: string | undefined; context?: string | undefined },
  given: string | undefined,
  stack: string,
): string | undefined {
  const context = given ?? cluster.context;
  if (context === undefined && ["create", "adopt"].includes(cluster.kind ?? ""))
    throw new ReleaseError(
      `Which cluster stack ${stack} is on is in its state alone, which cannot be read now.`,
      "Say which context of your kubeconfig leads there (kubectl config get-contexts): release rollback --context NAME",
      exitCodes.usage,
    );
  return context;
}

/** The project's own keys in a stack's file. */
export function bareConfig({ text, project, path: file }: Pick<StackFile, "text" | "project" | "path">) {
  const whole: unknown = parseDocument(text).toJS();
  const config = z.looseObject({ config: z.record(z.string(), z.unknown()).default({}) }).safeParse(whole).data?.config;
  const prefix = `${project}:`;
  const own = Object.entries(config ?? {}).filter(([key]) => key.startsWith(prefix));
  const parsed = bareSchema.safeParse(Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value])));
  if (parsed.success) return parsed.data;
  throw new ReleaseError(`${file} does not say which services there are.`, "Put the file right.", exitCodes.usage);
}

/** The stack that a directory has a file of, where there is one alone: which one is selected knows only the engine. */
function onlyStack(directory: string): string {
  const files = existsSync(directory) ? readdirSync(directory) : [];
  const names = files.flatMap((name) => /^Pulumi\.(.+)\.ya?ml$/.exec(name)?.[1] ?? []);
  const [name, ...more] = names;
  if (name !== undefined && more.length === 0) return name;
  throw new ReleaseError(
    "The engine cannot say which stack is selected.",
    `Say which one with --stack: ${names.join(", ")}`,
    exitCodes.usage,
  );
}

async function soon<T>(opening: Promise<T>): Promise<T> {
  const controller = new AbortController();
  const tooLate = sleep(openMs, undefined, { signal: controller.signal }).then(() => {
    throw new Error(`it has not answered within ${openMs / 1000} s`);
  });
  try {
    return await Promise.race([opening, tooLate]);
  } finally {
    controller.abort();
    tooLate.catch(() => undefined);
  }
}

/** The first line: at night nobody reads more. */
export function wordsOf(error: unknown): string {
  const words = explain(error)?.message ?? (error instanceof Error ? error.message : String(error));
  return words.split("\n", 1)[0] ?? words;
}
