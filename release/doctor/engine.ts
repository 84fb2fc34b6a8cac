/** What the engine knows: its own state of the routes, what it left half done, who holds the stack. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import type { Stack } from "@pulumi/pulumi/automation";
import { z } from "zod";
import { colors, type Color } from "../../components/colors";
import { colorLabel, stackName } from "../../components/labels";
import { nameOf } from "../operations/engine";
import type { EngineRecord } from "../operations/record";
import type { EngineState } from "./snapshot";

const selectorSchema = z.object({ spec: z.object({ selector: z.record(z.string(), z.string()) }) });
const ingressSchema = z.object({
  spec: z.object({
    rules: z.tuple([
      z.object({
        http: z.object({
          paths: z.tuple([z.object({ backend: z.object({ service: z.object({ name: z.string() }) }) })]),
        }),
      }),
    ]),
  }),
});
const lockSchema = z.object({ pid: z.number(), username: z.string(), hostname: z.string(), timestamp: z.string() });

/** The colour that is live by the engine's own state; undefined where that holds no route, or one to neither colour. */
export function recordedLive(record: EngineRecord, service: string): Color | undefined {
  const outputsOf = (name: string) => record.resources.find(({ urn }) => urn.endsWith(`::${name}`))?.outputs;
  const live = selectorSchema.safeParse(outputsOf(`${service}-route-live`));
  if (live.success) return colors.find((color) => live.data.spec.selector[colorLabel] === color);
  const ingress = ingressSchema.safeParse(outputsOf(`${service}-route-ingress`));
  const backend = ingress.data?.spec.rules[0].http.paths[0].backend.service.name;
  return colors.find((color) => backend === stackName(service, color));
}

/** `creating facefusion-blue-deployment`. */
export function pendingOperations(record: EngineRecord): string[] {
  return record.pending_operations.map(({ type, resource }) => `${type} ${nameOf(resource.urn)}`);
}

export async function readEngine(stack: Stack, record: EngineRecord): Promise<EngineState> {
  return { pending: pendingOperations(record), lock: await lockHolder(stack) };
}

/** Pulumi Cloud tells that an update runs, and a state in files keeps its lock beside it; other backends do not tell. */
async function lockHolder(stack: Stack): Promise<string | undefined> {
  const { workspace } = stack;
  const { url = "" } = await workspace.whoAmI();
  if (url.startsWith("file://")) return lockInFiles(url, (await workspace.projectSettings()).name, stack.name);
  const summary = (await workspace.listStacks()).find(({ name }) => name === stack.name);
  return summary?.updateInProgress === true ? "an update that is under way" : undefined;
}

/** @param url Of the backend: `file://` and a directory, where `~` is the user's home. */
export function lockInFiles(url: string, project: string, stack: string): string | undefined {
  const root = url.startsWith("file://~") ? path.join(process.env["HOME"] ?? "", url.slice(8)) : fileURLToPath(url);
  const directory = path.join(root, ".pulumi", "locks", "organization", project, stack);
  // A file beside each lock keeps its attributes.
  const file = existsSync(directory) ? readdirSync(directory).find((name) => name.endsWith(".json")) : undefined;
  if (file === undefined) return undefined;
  const lock = lockSchema.safeParse(parsed(readFileSync(path.join(directory, file), "utf8")));
  if (!lock.success) return "an update that is under way";
  const { username, hostname, pid, timestamp } = lock.data;
  return `${username}@${hostname} (process ${pid}, since ${timestamp})`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
