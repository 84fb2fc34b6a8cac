/** Deleting an object and waiting until it is gone. */
import { setTimeout as pause } from "node:timers/promises";
import { isTransient } from "./client";
import type { Cluster } from "./cluster";
import { at, annotationOf, describe, textAt, type Reference } from "./objects";
import { annotatedTimeout } from "./await/index";
import type { Values } from "../shared/values";

const defaultTimeoutSeconds = 600;
const pollMilliseconds = 200;
/** Before that, most deletions are over. */
const firstReportMilliseconds = 1000;

export interface RemoveOptions {
  cluster: Cluster;
  reference: Reference;
  /** What the program wrote: its annotations say how to delete. */
  inputs: Values;
  timeoutSeconds: number;
  report: (progress: string) => void;
}

export async function remove({ cluster, reference, inputs, timeoutSeconds, report }: RemoveOptions): Promise<void> {
  const before = await cluster.get(reference);
  if (before === undefined) return;
  await cluster.delete(reference, propagationOf(inputs));
  if (annotationOf(inputs, "pulumi.com/skipAwait") === "true") return;
  const limit = timeoutSeconds || annotatedTimeout(inputs) || defaultTimeoutSeconds;
  const start = performance.now();
  for (let live: Values | undefined = before; ;) {
    // Another object of the same name means that ours is gone.
    live = await cluster.get(reference).catch((error: unknown) => {
      if (isTransient(error)) return live;
      throw error;
    });
    if (live === undefined || uidOf(live) !== uidOf(before)) {
      report("");
      return;
    }
    const milliseconds = performance.now() - start;
    if (milliseconds > limit * 1000)
      throw new Error(`${describe(reference)} is still being deleted after ${limit} s: ${remainder(live)}`);
    if (milliseconds > firstReportMilliseconds) report(`being deleted: ${remainder(live)}`);
    await pause(pollMilliseconds, undefined, { signal: cluster.signal }).catch(() => {
      throw new Error(`cancelled; ${describe(reference)} is still being deleted`);
    });
  }
}

function uidOf(object: Values): string {
  return textAt(object, "metadata", "uid");
}

/** Its dependents first, as the official provider does unless the annotation says otherwise. */
export function propagationOf(inputs: Values): string {
  const asked = annotationOf(inputs, "pulumi.com/deletionPropagationPolicy")?.toLowerCase();
  return asked === "orphan" ? "Orphan" : asked === "background" ? "Background" : "Foreground";
}

/** What keeps an object that is being deleted. */
function remainder(live: Values): string {
  const finalizers = [at(live, "metadata", "finalizers"), at(live, "spec", "finalizers")].flat();
  const names = finalizers.filter((name) => typeof name === "string");
  if (textAt(live, "kind") === "Namespace" && names.includes("kubernetes")) return "its contents are being deleted";
  if (names.length === 0) return "waiting for its grace period";
  if (names.includes("foregroundDeletion")) return "what it made goes first, Pods within their grace period";
  return `waiting for ${names.join(", ")}`;
}
