/** What a policy of this pack is, apart from the SDK: pure functions over plain data. */
import type { PolicyConfigSchema } from "@pulumi/policy";
import { Unknown } from "./plain";

/** A resource as the engine knows it. */
export interface Resource {
  urn: string;
  type: string;
  /** Name in the program. */
  name: string;
  /** Inputs where one resource is looked at, outputs where the whole stack is. */
  props: unknown;
  /** By property, the URNs of the resources that its value is made from. */
  madeFrom: Readonly<Record<string, readonly string[]>>;
}

/** What a policy may be told besides the resources. */
export interface Context {
  /** The policy's own configuration (`--policy-pack-config`). */
  config: unknown;
  /** A value of the stack's configuration, such as `facefusion:budget`; undefined where there is none. */
  stackConfig: (key: string) => unknown;
}

interface Policy {
  name: string;
  /** One sentence. */
  description: string;
  configSchema?: PolicyConfigSchema;
}

/** Looks at each resource of some types, before it is made: what is refused is not made. */
export interface ResourceRule extends Policy {
  types: readonly string[];
  check: (resource: Resource, findings: Findings, context: Context) => void;
}

/** Looks at the whole stack, when a preview or an update has ended. */
export interface StackRule extends Policy {
  checkStack: (resources: readonly Resource[], findings: Findings, context: Context) => void;
}

export type Rule = ResourceRule | StackRule;

/** What a policy has to say. */
export class Findings {
  readonly violations: { message: string; urn: string | undefined }[] = [];
  /** Values that decide and cannot be known yet. */
  readonly unknowns: Unknown[] = [];

  violation(message: string, urn?: string): void {
    this.violations.push({ message, urn });
  }

  /** Takes what is `Unknown` out of the values that decide, and remembers that there was something. */
  known(values: readonly unknown[]): unknown[] {
    this.unknowns.push(...values.filter((value) => value instanceof Unknown));
    return values.filter((value) => !(value instanceof Unknown));
  }

  /** Demands something of a value; one that cannot be known yet is no violation. */
  demand(value: unknown, isAccepted: (value: unknown) => boolean, message: string, urn?: string): void {
    if (this.known([value]).some((each) => !isAccepted(each))) this.violation(message, urn);
  }
}

/** Whether a property of a resource is made from another resource, or names it by a known value. */
export function refersTo(from: Resource, property: string, value: unknown, target: Resource, name: unknown): boolean {
  if (from.madeFrom[property]?.includes(target.urn)) return true;
  return typeof value === "string" && value === name;
}
