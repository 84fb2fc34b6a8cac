/** A stack's settings from its file alone: no engine, no passphrase, no cluster, no AWS. */
import { existsSync, readdirSync } from "node:fs";
import * as path from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { parseSettings, type Settings } from "../../settings";
import { exitCodes, ReleaseError } from "../errors";
import { readStackFile } from "../operations/stackFile";

export interface StackSettings {
  readonly stack: string;
  readonly settings: Settings;
  /** As `aws:region` says; undefined where the stack does not. */
  readonly region: string | undefined;
}

const fileSchema = z.object({ config: z.record(z.string(), z.unknown()).default({}) });

/** The stacks that have a file in the project's directory, by name. */
export function stacksIn(directory: string): string[] {
  return readdirSync(directory)
    .flatMap((file) => /^Pulumi\.(.+)\.ya?ml$/.exec(file)?.[1] ?? [])
    .sort();
}

/**
 * @throws ReleaseError where the stack has no file.
 * @throws SettingsError where its configuration is not accepted.
 */
export function readStackSettings(directory: string, stack: string): StackSettings {
  const file = readStackFile(directory, stack);
  if (!existsSync(file.path))
    throw new ReleaseError(
      `Stack ${stack} has no file: there is no ${path.basename(file.path)} in ${directory}.`,
      `Choose one of: ${stacksIn(directory).join(", ")}`,
      exitCodes.usage,
    );
  const { config } = fileSchema.parse(parseDocument(file.text).toJS());
  const prefix = `${file.project}:`;
  const own = Object.entries(config).flatMap<[string, unknown]>(([key, value]) =>
    // Addresses, which are secrets and cost nothing.
    key.startsWith(prefix) && key !== `${prefix}notifications` ? [[key.slice(prefix.length), readable(value)]] : [],
  );
  const region = config["aws:region"];
  return {
    stack,
    settings: parseSettings(Object.fromEntries(own), file.project),
    region: typeof region === "string" ? region : undefined,
  };
}

/** A value whose secrets, which only the engine can read, are some text. */
function readable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== "object" || value === null) return value;
  if ("secure" in value) return "a secret";
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, readable(part)]));
}
