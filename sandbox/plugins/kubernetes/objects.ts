/** Reading Kubernetes objects, which are plain JSON trees here: a stand-in has no types of its own for them. */
import { isObject, type Value, type Values } from "../shared/values";

/** Which object is meant, before it has been read. */
export interface Reference {
  apiVersion: string;
  kind: string;
  name: string;
  /** Empty for an object that belongs to no namespace. */
  namespace: string;
}

export function at(value: Value | undefined, ...path: readonly (string | number)[]): Value | undefined {
  return path.reduce<Value | undefined>((part, key) => {
    if (typeof key === "number") return Array.isArray(part) ? part[key] : undefined;
    return isObject(part) ? part[key] : undefined;
  }, value);
}

/** The text at the path, or an empty one. */
export function textAt(value: Value | undefined, ...path: readonly (string | number)[]): string {
  const found = at(value, ...path);
  return typeof found === "string" ? found : "";
}

/** The number at the path, or 0: the API leaves out counts of nothing. */
export function numberAt(value: Value | undefined, ...path: readonly (string | number)[]): number {
  const found = at(value, ...path);
  return typeof found === "number" ? found : 0;
}

/** The objects in the list at the path. */
export function listAt(value: Value | undefined, ...path: readonly (string | number)[]): Values[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isObject) : [];
}

export function objectAt(value: Value | undefined, ...path: readonly (string | number)[]): Values {
  const found = at(value, ...path);
  return isObject(found) ? found : {};
}

/** A copy without some of its keys. */
export function without(values: Values, ...keys: readonly string[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !keys.includes(key)));
}

export interface Condition {
  status: string;
  reason: string;
  message: string;
}

/** The entry of `status.conditions` with this type. */
export function conditionOf(object: Values, type: string): Condition | undefined {
  const found = listAt(object, "status", "conditions").find((condition) => condition["type"] === type);
  return (
    found && { status: textAt(found, "status"), reason: textAt(found, "reason"), message: textAt(found, "message") }
  );
}

export function annotationOf(object: Values, key: string): string | undefined {
  const value = at(object, "metadata", "annotations", key);
  return typeof value === "string" ? value : undefined;
}

export function referenceOf(object: Values): Reference {
  return {
    apiVersion: textAt(object, "apiVersion"),
    kind: textAt(object, "kind"),
    name: textAt(object, "metadata", "name"),
    namespace: textAt(object, "metadata", "namespace"),
  };
}

/** How people name the object, as in `Deployment facefusion/facefusion-blue`. */
export function describe({ kind, name, namespace }: Reference): string {
  return `${kind} ${idOf({ name, namespace })}`;
}

/** The id that the engine keeps, the same as the official provider's. */
export function idOf({ name, namespace }: Pick<Reference, "name" | "namespace">): string {
  return namespace === "" ? name : `${namespace}/${name}`;
}

export function parseId(id: string): Pick<Reference, "name" | "namespace"> {
  const [first = "", second] = id.split("/");
  return second === undefined ? { namespace: "", name: first } : { namespace: first, name: second };
}
