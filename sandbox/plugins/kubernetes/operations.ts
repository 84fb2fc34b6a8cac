/** What the provider does with one resource, in terms of plain values. */
import { hasUnknown, isObject, type Values } from "../shared/values";
import { applyOver, applyWhenPossible, tryCreation, tryUpdate, withoutIgnored } from "./apply";
import { isNamespacedByName } from "./apiTypes";
import { awaitReady, NotReadyError, readinessReasons } from "./await/index";
import { defaultManager, type Cluster } from "./cluster";
import { compare, keepsName, type Comparison } from "./diff";
import type { Mutability } from "./immutable";
import { InitFailure } from "./initFailure";
import { withName } from "./naming";
import { annotationOf, at, conditionOf, describe, idOf, parseId, referenceOf, textAt, type Reference } from "./objects";
import { outputsOf, plain, previewedOutputs, withSecretContents, withSecretsOf } from "./outputs";
import { importedInputs, refreshedInputs } from "./refresh";
import { remove } from "./remove";
import { kindOf, withKind } from "./tokens";

/** Which resource a call is about. */
export interface Subject {
  token: string;
  /** The name in the program. */
  name: string;
  urn: string;
}

/** Of one call: how long it may take, and where to say how far it is. */
export interface Run {
  timeoutSeconds: number;
  report: (progress: string) => void;
}

/** Fills in what the program may leave out. Without a cluster, namespaced kinds are told by their names. */
export async function check(
  reach: () => Promise<Cluster | undefined>,
  subject: Subject,
  inputs: { news: Values; olds: Values; seed: Uint8Array; namespace: string },
): Promise<Values> {
  const named = withName(withKind(subject.token, inputs.news), plain(inputs.olds), subject.name, inputs.seed);
  const { metadata } = named;
  if (!isObject(metadata) || (metadata["namespace"] ?? "") !== "") return withSecretContents(named);
  const reference = referenceOf(named);
  const cluster = await reach();
  const type = await cluster?.typeOf(reference);
  // The definition of a custom resource may come later in this very update; most are namespaced.
  const namespaced = type?.namespaced ?? isNamespacedByName(reference.kind);
  // Where no cluster tells the default, an object that exists stays where it is.
  const namespace =
    cluster?.namespace ?? (textAt(inputs.olds, "metadata", "namespace") || inputs.namespace || "default");
  return withSecretContents(namespaced ? { ...named, metadata: { ...metadata, namespace } } : named);
}

/** The path that a replacement for unreadiness is shown under. */
const replaceUnready = ["metadata", "annotations", "pulumi.com/replaceUnready"] as const;

export async function diff(
  reach: () => Promise<Cluster | undefined>,
  inputs: { olds: Values; news: Values; id: string; mutability: Mutability },
): Promise<Comparison> {
  const olds = plain(inputs.olds);
  const news = plain(inputs.news);
  const comparison = compare(olds, news, inputs.mutability);
  if (news["kind"] !== "Job" || annotationOf(news, "pulumi.com/replaceUnready") !== "true") return comparison;
  const live = await (await reach())?.get({ ...referenceOf(olds), ...parseId(inputs.id) });
  if (live === undefined || conditionOf(live, "Complete")?.status === "True") return comparison;
  return {
    differences: [...comparison.differences, { path: replaceUnready, kind: "update", replaces: true }],
    deleteBeforeReplace: keepsName(olds, news),
  };
}

export async function previewCreation(cluster: Cluster | undefined, inputs: Values): Promise<Values> {
  const object = plain(inputs);
  const manager = managerOf(object, {});
  const tried = cluster === undefined || hasUnknown(object) ? undefined : await tryCreation(cluster, object, manager);
  return tried === undefined ? inputs : previewedOutputs(tried, inputs, manager);
}

/** @param may What the provider's options allow: to take an existing object over, or fields of others. */
export async function create(
  cluster: Cluster,
  inputs: Values,
  may: { upsert: boolean; force: boolean },
  run: Run,
): Promise<{ id: string; outputs: Values }> {
  const object = plain(inputs);
  const manager = managerOf(object, {});
  const { force } = may;
  if (!may.upsert && (await cluster.get(referenceOf(object))) !== undefined) throw new Error(existsText(object));
  const applied = await applyWhenPossible(cluster, object, { manager, force, dryRun: false });
  const outputs = await readyOutputs(cluster, { applied, object, inputs, manager }, run);
  return { id: idOf(referenceOf(applied)), outputs };
}

/**
 * Taking the object over unasked would be deadly in a replacement that keeps the name: the engine deletes the former
 * object next, which is the same one.
 */
function existsText(object: Values): string {
  return [
    `${describe(referenceOf(object))} exists already and is not in the state of this stack.`,
    "Adopt it with the resource option import or with pulumi import, give it another name, or let the program take over",
    "what it finds with the provider's option upsertExistingObjects (PULUMI_K8S_UPSERT_EXISTING_OBJECTS=true).",
  ].join("\n");
}

export interface Change {
  inputs: Values;
  /** Outputs of the last update. */
  olds: Values;
  ignored: readonly string[];
  force: boolean;
}

export async function previewUpdate(cluster: Cluster | undefined, change: Change): Promise<Values> {
  if (cluster === undefined || hasUnknown(change.inputs)) return change.inputs;
  const { object, manager } = await toApply(cluster, change);
  const tried = await tryUpdate(cluster, object, { manager, force: change.force, dryRun: true });
  return tried === undefined ? change.inputs : outputsOf(tried, change.inputs, manager);
}

export async function update(cluster: Cluster, change: Change, run: Run): Promise<Values> {
  const { object, manager } = await toApply(cluster, change);
  const applied = await applyOver(cluster, object, { manager, force: change.force, dryRun: false });
  return readyOutputs(cluster, { applied, object, inputs: change.inputs, manager }, run);
}

async function toApply(cluster: Cluster, { inputs, olds, ignored }: Change) {
  const object = plain(inputs);
  const manager = managerOf(object, olds);
  if (ignored.length === 0) return { object, manager };
  const live = await cluster.get(referenceOf(object));
  return { object: live === undefined ? object : withoutIgnored(object, live, ignored, manager), manager };
}

interface Applied {
  applied: Values;
  object: Values;
  inputs: Values;
  manager: string;
}

async function readyOutputs(
  cluster: Cluster,
  { applied, object, inputs, manager }: Applied,
  run: Run,
): Promise<Values> {
  try {
    return outputsOf(await awaitReady({ cluster, applied, inputs: object, ...run }), inputs, manager);
  } catch (error) {
    if (!(error instanceof NotReadyError)) throw error;
    const outputs = outputsOf(error.live, inputs, manager);
    throw new InitFailure({ id: idOf(referenceOf(applied)), outputs, inputs, reasons: error.reasons });
  }
}

export interface State {
  id: string;
  /** Empty for an object that is being imported. */
  inputs: Values;
  outputs: Values;
}

/** The object as it is now; undefined if it is gone. */
export async function read(cluster: Cluster, subject: Subject, state: State): Promise<State | undefined> {
  const reference = identify(cluster, subject, state);
  const live = await cluster.get(reference);
  if (live === undefined) return undefined;
  const known = Object.keys(state.inputs).length > 0;
  const manager = managerOf(plain(state.inputs), state.outputs);
  const inputs = known ? refreshedInputs(plain(state.inputs), live, plain(state.outputs)) : importedInputs(live);
  const marked = withSecretsOf(inputs, state.inputs);
  const now = { id: idOf(referenceOf(live)), inputs: marked, outputs: outputsOf(live, marked, manager) };
  const reasons = known ? await readinessReasons(cluster, live, inputs) : [];
  if (reasons.length > 0) throw new InitFailure({ ...now, reasons });
  return now;
}

export async function destroy(cluster: Cluster, subject: Subject, state: State, run: Run): Promise<void> {
  const reference = identify(cluster, subject, state);
  await remove({ cluster, reference, inputs: plain(state.inputs), ...run });
}

/** An id says which object, the state of which version: both may be missing in an import. */
function identify(cluster: Cluster, subject: Subject, { id, outputs }: State): Reference {
  const { apiVersion, kind } = kindOf(subject.token);
  const { name, namespace } = parseId(id);
  if (name === "") throw new Error(`"${id}" is no id of a ${kind}: it is a name, or a namespace, a slash and a name`);
  return {
    apiVersion: textAt(outputs, "apiVersion") || apiVersion,
    kind: textAt(outputs, "kind") || kind,
    name,
    namespace: namespace || cluster.namespace,
  };
}

function managerOf(object: Values, olds: Values): string {
  const annotated = annotationOf(object, "pulumi.com/patchFieldManager");
  const former = at(olds, "__fieldManager");
  return annotated ?? (typeof former === "string" ? former : defaultManager);
}
