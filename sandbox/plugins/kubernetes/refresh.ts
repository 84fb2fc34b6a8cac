/** What the program's inputs would be if it were to describe the object as it is now. */
import { isDeepStrictEqual } from "node:util";
import { isObject, type Value, type Values } from "../shared/values";
import { appliedByPulumi } from "./managedFields";
import { objectAt, without } from "./objects";

/**
 * The inputs of an object that may have been changed since: only fields that the program sets, with their live values.
 *
 * @param before The object as it was after the last update. What equals it has not been touched, so that the program's
 *   own spelling stays: the API server answers `cpu: 1000m` with `1`, and that is no drift.
 */
export function refreshedInputs(inputs: Values, live: Values, before: Values): Values {
  const pruned = refreshed(inputs, withStringData(inputs, live), withStringData(inputs, before));
  return isObject(pruned) ? pruned : inputs;
}

function refreshed(input: Value, live: Value, before: Value | undefined): Value {
  if (isDeepStrictEqual(live, before)) return input;
  if (isObject(input) && isObject(live)) {
    const kept = Object.entries(input).flatMap(([key, value]) => {
      const now = live[key];
      const then = objectAt(before)[key];
      if (now !== undefined) return [[key, refreshed(value, now, then)] as const];
      // The API server leaves out what is empty or false: what was not there before either has not been taken away.
      return then === undefined ? [[key, value] as const] : [];
    });
    return Object.fromEntries(kept);
  }
  if (Array.isArray(input) && Array.isArray(live) && input.length === live.length) {
    const former = Array.isArray(before) ? before : [];
    return input.map((value, index) => refreshed(value, live[index] ?? null, former[index]));
  }
  return live;
}

/** The API server keeps a Secret's `stringData` under `data`: this puts it back, to be compared. */
function withStringData(inputs: Values, object: Values): Values {
  const { stringData } = inputs;
  if (inputs["kind"] !== "Secret" || !isObject(stringData)) return object;
  const data = objectAt(object, "data");
  const decoded = Object.keys(stringData).flatMap((key) => {
    const value = data[key];
    return typeof value === "string" ? [[key, Buffer.from(value, "base64").toString("utf8")] as const] : [];
  });
  return { ...object, stringData: Object.fromEntries(decoded) };
}

/** Metadata that only the API server writes. */
const serverMetadata = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "selfLink",
  "uid",
];

const serverAnnotations = ["deployment.kubernetes.io/revision", "kubectl.kubernetes.io/last-applied-configuration"];

/**
 * The inputs of an object that no program has described yet: what was applied for one, if it was (by a program whose
 * state is lost), else all that is not plainly the API server's.
 */
export function importedInputs(live: Values): Values {
  const object = without(appliedByPulumi(live) ?? live, "status");
  const source = objectAt(object, "metadata");
  const metadata = without(source, ...serverMetadata);
  const annotations = without(objectAt(source, "annotations"), ...serverAnnotations);
  const { name, namespace } = objectAt(live, "metadata");
  return {
    ...object,
    apiVersion: live["apiVersion"] ?? "",
    kind: live["kind"] ?? "",
    metadata: {
      ...metadata,
      ...(name !== undefined && { name }),
      ...(namespace !== undefined && { namespace }),
      ...(source["annotations"] !== undefined && { annotations }),
    },
  };
}
