/** What is wrong with a configuration, in words: the key, the value, what is accepted. */
import * as pulumi from "@pulumi/pulumi";
import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";

/** One thing wrong with the configuration. */
export interface Fault {
  readonly path: readonly PropertyKey[];
  /** What is wrong, or undefined where the value speaks for itself. */
  readonly problem?: string;
  /** What would be accepted instead. */
  readonly accepted: string;
}

/** An error for the person who wrote the configuration: every fault at once. The engine shows it without a stack trace. */
export class SettingsError extends pulumi.RunError {
  override readonly name = "SettingsError";
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
    super(`the configuration has ${count}:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
    this.faults = faults;
  }
}

/**
 * One line for a fault: `facefusion:liveColor: "red" is not accepted; accepted: blue or green`. Addresses of notifications
 * are secrets, also those that are not quite right.
 */
export function describe(project: string, raw: unknown, fault: Fault): string {
  const value = valueAt(raw, fault.path);
  const isSecret = fault.path[0] === "notifications";
  const problem =
    fault.problem ?? (value === undefined ? "is missing" : `${isSecret ? "the value" : show(value)} is not accepted`);
  return `${project}:${pathText(fault.path)}: ${problem}; accepted: ${fault.accepted}`;
}

/** The faults behind one issue of the schema library. */
export function faultsOf(issue: z.core.$ZodIssue, knownKeys: (path: readonly PropertyKey[]) => string[]): Fault[] {
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(issue.path);
    return issue.keys.map((key) => unknownKey([...issue.path, key], key, known));
  }
  if (issue.code === "invalid_key") {
    return [
      {
        path: issue.path,
        problem: `${show(issue.path.at(-1))} is not accepted as a name`,
        accepted: issue.issues[0]?.message ?? issue.message,
      },
    ];
  }
  return [{ path: issue.path, accepted: issue.message }];
}

function unknownKey(path: readonly PropertyKey[], key: string, known: string[]): Fault {
  const nearest = known.length > 0 ? closest(key, known) : undefined;
  const hint =
    nearest !== undefined && distance(key, nearest) <= Math.max(3, key.length / 2) ? ` (did you mean ${nearest}?)` : "";
  return { path, problem: `unknown key${hint}`, accepted: known.join(", ") };
}

/** The keys that the schema knows at a place; empty where it takes any. */
export function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[], raw: unknown): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return keysAt(schema.unwrap(), path, raw);
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const kind = valueAt(raw, ["kind"]);
    const option = schema.options.find((o) => o instanceof z.ZodObject && accepts(o.shape["kind"], kind));
    return option === undefined ? ["kind"] : keysAt(option, path, raw);
  }
  const [step, ...rest] = path;
  if (schema instanceof z.ZodObject) {
    if (step === undefined) return Object.keys(schema.shape);
    const child: unknown = schema.shape[String(step)];
    return child instanceof z.ZodType ? keysAt(child, rest, valueAt(raw, [step])) : [];
  }
  if (schema instanceof z.ZodRecord && step !== undefined) return keysAt(schema.valueType, rest, valueAt(raw, [step]));
  return [];
}

function accepts(schema: unknown, value: unknown): boolean {
  return schema instanceof z.ZodType && schema.safeParse(value).success;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, step) => (typeof at === "object" && at !== null ? Reflect.get(at, step) : undefined),
    value,
  );
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step, i) => (typeof step === "number" ? `[${step}]` : `${i === 0 ? "" : "."}${String(step)}`))
    .join("");
}

function show(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
