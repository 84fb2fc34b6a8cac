/**
 * The stack's configuration file, changed as text: comments stay, a number in quotes stays a string, and taking a change
 * back restores every character. `pulumi config set` does none of the three.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { isMap, parseDocument } from "yaml";
import { z } from "zod";
import { exitCodes, ReleaseError } from "../errors";

/** One value to set: a path of the project's own configuration, such as `["services", "facefusion", "liveColor"]`. */
export interface Setting {
  readonly path: readonly [string, ...string[]];
  readonly value: string;
}

export interface StackFile {
  readonly path: string;
  readonly project: string;
  readonly text: string;
}

const projectSchema = z.looseObject({ name: z.string(), stackConfigDir: z.string().optional() });

/** @param stack Its name, which may begin with an organization. */
export function readStackFile(directory: string, stack: string): StackFile {
  const { name: project, stackConfigDir } = projectSchema.parse(
    parseDocument(readFileSync(path.join(directory, "Pulumi.yaml"), "utf8")).toJS(),
  );
  const base = path.join(directory, stackConfigDir ?? "", `Pulumi.${path.posix.basename(stack)}`);
  const file = [".yaml", ".yml"].map((extension) => `${base}${extension}`).find(existsSync) ?? `${base}.yaml`;
  return { path: file, project, text: existsSync(file) ? readFileSync(file, "utf8") : "" };
}

/** The file's text with some values set. */
export function withSettings({ text, project, path: file }: StackFile, settings: readonly Setting[]): string {
  const document = parseDocument(text);
  const [mistake] = document.errors;
  if (mistake !== undefined)
    throw new ReleaseError(`${file} is not YAML: ${mistake.message}`, "Put the file right first.", exitCodes.usage);
  if (!isMap(document.get("config"))) document.set("config", document.createNode({}));
  for (const { path: keys, value } of settings) {
    const [key, ...below] = keys;
    const at = ["config", `${project}:${key}`, ...below];
    // What is not a map yet, or not there, becomes one.
    for (let depth = 2; depth < at.length; depth++)
      if (!isMap(document.getIn(at.slice(0, depth)))) document.setIn(at.slice(0, depth), document.createNode({}));
    document.setIn(at, value);
  }
  return document.toString({ lineWidth: 0 });
}

/** The configuration as the engine holds it, with the same values set: what the program would be given. */
export function withHeldSettings(
  config: Readonly<Record<string, string>>,
  project: string,
  settings: readonly Setting[],
): Record<string, string> {
  const result = { ...config };
  for (const { path: keys, value } of settings) {
    const [key, ...below] = keys;
    const name = `${project}:${key}`;
    result[name] = below.length === 0 ? value : JSON.stringify(setAt(parsed(result[name] ?? "{}"), below, value));
  }
  return result;
}

function setAt(value: unknown, [key, ...below]: readonly string[], leaf: string): unknown {
  if (key === undefined) return leaf;
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  const inner: unknown = entries.find(([name]) => name === key)?.[1];
  return { ...Object.fromEntries(entries), [key]: setAt(inner, below, leaf) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** What is left to do once the file has changed: it is under version control, and others update from there. */
export function commitWords({ path: file }: Pick<StackFile, "path">): string {
  return `${path.basename(file)} has changed: commit it, or an update from an older copy undoes this.`;
}

export function writeStackFile(file: StackFile, text: string): void {
  writeFileSync(file.path, text);
}

/** Lets something run with another text of the file, in a copy: the file itself stays as it is. */
export async function withCopy<T>(file: StackFile, text: string, run: (copy: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(path.join(os.tmpdir(), "release-"));
  try {
    const copy = path.join(directory, path.basename(file.path));
    writeFileSync(copy, text, { mode: 0o600 });
    return await run(copy);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
