/** Bringing an object to what the inputs say, by server-side apply, and whose fields it may take. */
import type { Value, Values } from "../shared/values";
import { ApiError, isNotFound, withRetries } from "./client";
import { UnknownKindError, type ApplyOptions, type Cluster } from "./cluster";
import { applies } from "./managedFields";
import { annotationOf, at, describe, listAt, referenceOf, textAt } from "./objects";
import { parsePath, withValueAt } from "./paths";

/** A conflict that apply may settle: what people change by hand, a later update puts right. */
const takenOver = /^(kubectl|before-first-apply$|pulumi-resource-kubernetes$)/;

export interface Conflict {
  manager: string;
  field: string;
}

/** Applies, and takes fields over from people's own tools; from other controllers only where the program says so. */
export async function applyOver(cluster: Cluster, object: Values, options: ApplyOptions): Promise<Values> {
  const force = options.force || annotationOf(object, "pulumi.com/patchForce") === "true";
  try {
    return await cluster.apply(object, { ...options, force });
  } catch (error) {
    const conflicts = conflictsIn(error);
    if (conflicts.length === 0) throw error;
    if (conflicts.every(({ manager }) => takenOver.test(manager)))
      return await cluster.apply(object, { ...options, force: true });
    throw new Error(conflictText(object, conflicts), { cause: error });
  }
}

/** Fields that others manage and the apply would have changed. */
export function conflictsIn(error: unknown): Conflict[] {
  if (!(error instanceof ApiError) || error.status !== 409) return [];
  return listAt(error.answer, "details", "causes")
    .filter((cause) => cause["reason"] === "FieldManagerConflict")
    .map((cause) => ({
      manager: /conflict with "([^"]+)"/.exec(textAt(cause, "message"))?.[1] ?? "another manager",
      field: textAt(cause, "field"),
    }));
}

function conflictText(object: Values, conflicts: readonly Conflict[]): string {
  return [
    `${describe(referenceOf(object))}: fields that the program sets are managed by others:`,
    ...conflicts.map(({ manager, field }) => `  ${field} by "${manager}"`),
    'Leave a field to its manager with the resource option ignoreChanges, or take all of them over with the annotation pulumi.com/patchForce: "true".',
  ].join("\n");
}

const creationPauses: readonly number[] = [250, 500, 1000, 2000, 4000];

/** What the object stands on, its namespace or its definition, may have been created only just now. */
export function applyWhenPossible(cluster: Cluster, object: Values, options: ApplyOptions): Promise<Values> {
  return withRetries(() => applyOver(cluster, object, options), {
    pauses: creationPauses,
    retriable: (error) => isNotFound(error) || error instanceof UnknownKindError,
    signal: cluster.signal,
  });
}

/**
 * What creating the object would give; undefined if that cannot be known yet, as its namespace or definition does not
 * exist. An object that this one replaces may still have its name: where that is refused, another name tells whether it
 * is for what cannot be changed.
 */
export async function tryCreation(cluster: Cluster, object: Values, manager: string): Promise<Values | undefined> {
  const options = { manager, force: true, dryRun: true };
  try {
    return await cluster.apply(object, options);
  } catch (error) {
    if (cannotBeTried(error)) return undefined;
    if (!(error instanceof ApiError) || error.status !== 422) throw error;
    const { name } = referenceOf(object);
    const renamed = withValueAt(object, ["metadata", "name"], `${name.slice(0, 54)}-preview`);
    const tried = await cluster.apply(renamed, options).catch(() => {
      throw error;
    });
    return withValueAt(tried, ["metadata", "name"], name);
  }
}

/** What updating the object would give, or undefined as above. */
export async function tryUpdate(cluster: Cluster, object: Values, options: ApplyOptions): Promise<Values | undefined> {
  try {
    return await applyOver(cluster, object, { ...options, dryRun: true });
  } catch (error) {
    if (cannotBeTried(error)) return undefined;
    throw error;
  }
}

/** A reviewer may preview with rights to read alone; an admission policy's "forbidden" is a true refusal. */
function cannotBeTried(error: unknown): boolean {
  if (error instanceof UnknownKindError || isNotFound(error)) return true;
  return error instanceof ApiError && error.status === 403 && /User ".*" cannot /.test(error.message);
}

/**
 * Honours the resource option ignoreChanges: a field that somebody else manages is left out of the apply, so that it
 * stays theirs; one of ours keeps its live value.
 */
export function withoutIgnored(object: Values, live: Values, ignored: readonly string[], manager: string): Values {
  return ignored.reduce((result, text) => {
    const path = parsePath(text);
    const value: Value | undefined = at(live, ...path);
    if (value === undefined) return result;
    return withValueAt(result, path, applies(live, manager, path) ? value : undefined);
  }, object);
}
