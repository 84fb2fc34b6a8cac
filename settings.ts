/**
 * All configuration, read and checked once, into one typed value. Nothing else reads `pulumi.Config`.
 *
 * A mistake gives one {@link SettingsError} that lists every fault: the key, the value and what is accepted.
 */
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { colors } from "./components/colors";
import { optionalFamilies, retiredNote } from "./components/gpuInstanceTypes";
import { crossFaults } from "./settings/rules";
import { describe, faultsOf, keysAt, SettingsError } from "./settings/faults";
import { nodePools } from "./settings/nodePools";
import * as schema from "./settings/schema";
import type { service } from "./settings/service";

export { SettingsError } from "./settings/faults";

/** The checked configuration, with every default filled in. */
export type Settings = z.output<typeof schema.settings>;
export type ServiceSettings = z.output<typeof service>;

/**
 * Reads the stack's configuration.
 *
 * @throws SettingsError where anything in it is not accepted; nothing has been registered by then.
 */
export function loadSettings(): Settings {
  const settings = settingsFrom(pulumi.runtime.allConfig(), pulumi.getProject());
  for (const warning of warningsFor(settings)) void pulumi.log.warn(warning);
  if (settings.modelStore.kind !== "hostPath") return settings;
  // A relative host path keeps a stack's configuration the same in every checkout.
  const root = pulumi.runtime.getRootDirectory();
  return { ...settings, modelStore: { ...settings.modelStore, path: path.resolve(root, settings.modelStore.path) } };
}

/**
 * Checks a stack's configuration as the engine holds it.
 *
 * @param config Every key with its project's prefix, such as `facefusion:liveColor`; structured values are JSON text.
 * @throws SettingsError with every fault found.
 */
export function settingsFrom(config: Readonly<Record<string, string>>, project = "facefusion"): Settings {
  return parseSettings(readConfig(config, project), project);
}

/**
 * Checks a configuration that has been read.
 *
 * @param raw The keys of the project, without its prefix, values parsed from JSON.
 * @param project The prefix that error messages show.
 * @throws SettingsError with every fault found.
 */
export function parseSettings(raw: Readonly<Record<string, unknown>>, project = "facefusion"): Settings {
  const parsed = schema.settings.safeParse(raw);
  const faults = parsed.success
    ? []
    : parsed.error.issues.flatMap((issue) => faultsOf(issue, (at) => keysAt(schema.settings, at, raw)));
  const all = [...faults, ...crossFaults(raw)];
  if (all.length > 0 || !parsed.success) throw new SettingsError(all.map((fault) => describe(project, raw, fault)));
  return parsed.data;
}

/** What is accepted but deserves a word: today, instance types that AWS has retired. */
export function warningsFor(settings: Settings): string[] {
  return nodePools(settings).flatMap(({ pool, groups }) =>
    colors.flatMap((color) => {
      const { instanceType } = groups[color];
      const retired = retiredNote(instanceType);
      if (retired === undefined) return [];
      const key = `${pool === undefined ? "" : `services.${pool}.`}gpuNodes.${color}.instanceType`;
      return [
        `${key}: ${retired} Use p4d.24xlarge, or allow another NVIDIA family on purpose with allowedInstanceFamilies ` +
          `(${optionalFamilies.join(", ")}).`,
      ];
    }),
  );
}

/** The region that the AWS provider works in, where the stack says so. */
export function awsRegion(): string | undefined {
  return new pulumi.Config("aws").get("region");
}

/**
 * The project's keys as the engine holds them: structured values are JSON text. An empty object counts as not given: it
 * is the default by which Pulumi.yaml makes a structured key optional.
 */
function readConfig(config: Readonly<Record<string, string>>, project: string): Record<string, unknown> {
  const prefix = `${project}:`;
  const entries = Object.entries(config).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(
    entries
      .filter(([, value]) => value !== "{}")
      .map(([key, value]) => [key.slice(prefix.length), /^\s*[[{]/.test(value) ? parseJson(value) : value]),
  );
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
