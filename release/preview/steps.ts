/** What a plan does to each resource, with the properties that it changes. Pure functions. */
import type { EngineEvent } from "@pulumi/pulumi/automation";
import diff from "microdiff";
import { changeOf, type Change } from "../operations/engine";

export type Inputs = Readonly<Record<string, unknown>>;

/** One resource of a plan. */
export interface Step extends Omit<Change, "op"> {
  readonly urn: string;
  readonly op: Change["op"] | "same";
  /** As it is, and as it would be; undefined where it is not there. Secrets are hidden by the engine. */
  readonly before: Inputs | undefined;
  readonly after: Inputs | undefined;
}

/** One property that changes; undefined where it is not there before, or after. */
export interface PropertyChange {
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** Collects the steps that the engine tells one by one; a replacement, which it tells in several, becomes one. */
export class Steps {
  private readonly byUrn = new Map<string, Step>();

  /** @param event Any; what tells of no step is left out. */
  add({ resourcePreEvent, resOutputsEvent }: EngineEvent): void {
    const metadata = (resourcePreEvent ?? resOutputsEvent)?.metadata;
    if (metadata === undefined) return;
    const { urn, op, old, new: now } = metadata;
    const step = stepOf(urn, op, op === "create" ? undefined : old?.inputs, op === "delete" ? undefined : now?.inputs);
    if (step === undefined) return;
    const known = this.byUrn.get(urn);
    if (known?.op !== "replace") this.byUrn.set(urn, step);
    else this.byUrn.set(urn, { ...known, before: known.before ?? step.before, after: known.after ?? step.after });
  }

  get all(): Step[] {
    return [...this.byUrn.values()];
  }
}

/** Undefined for what is nothing in the cluster or at AWS: components, providers, the stack itself. */
export function stepOf(
  urn: string,
  op: Parameters<typeof changeOf>[1],
  before: Inputs | undefined,
  after: Inputs | undefined,
): Step | undefined {
  // What stays has the name and the type that it would have if it changed.
  const change = changeOf(urn, op === "same" ? "update" : op);
  return change && { ...change, urn, op: op === "same" ? "same" : change.op, before, after };
}

/** The steps that do something. */
export function changing(steps: readonly Step[]): (Step & { op: Change["op"] })[] {
  return steps.filter((step): step is Step & { op: Change["op"] } => step.op !== "same");
}

/** What becomes known only when the update is made; the engine says it by a value of its own for each type. */
const unknownValue = /^(04da6b54-80e4-46f7-96ec-b56ff0331ba9|[0-9a-f-]{36}-unknown)$/;

/** The properties that differ, by their path in the resource's inputs. */
export function propertiesOf({ before, after }: Pick<Step, "before" | "after">): PropertyChange[] {
  if (before === undefined || after === undefined) return [];
  return diff(before, after).map((change) => ({
    path: change.path.join("."),
    from: change.type === "CREATE" ? undefined : known(change.oldValue),
    to: change.type === "REMOVE" ? undefined : known(change.value),
  }));
}

function known(value: unknown): unknown {
  return typeof value === "string" && unknownValue.test(value) ? "(known after the update)" : value;
}

/** What differs between two plans from nothing: what the second does that the first does not. */
export function between(base: readonly Step[], head: readonly Step[]): Step[] {
  const old = new Map(base.map((step) => [step.urn, step]));
  const now = new Map(head.map((step) => [step.urn, step]));
  const kept = head.map((step): Step => {
    const before = old.get(step.urn)?.after;
    if (before === undefined) return { ...step, op: "create" };
    const same = diff({ value: before }, { value: step.after }).length === 0;
    return { ...step, before, op: same ? "same" : "update" };
  });
  const gone = base.flatMap((step): Step[] =>
    now.has(step.urn) ? [] : [{ ...step, op: "delete", before: step.after, after: undefined }],
  );
  return [...kept, ...gone];
}
