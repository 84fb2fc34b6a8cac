/** Who manages which fields, as the API server notes it in `metadata.managedFields`. */
import { isDeepStrictEqual } from "node:util";
import { isObject, toValues, type Value, type Values } from "../shared/values";
import { listAt, objectAt, textAt } from "./objects";
import type { Path } from "./paths";

/** Whether the manager has applied the field. Paths into lists are taken as applied: lists are mostly one field. */
export function applies(live: Values, manager: string, path: Path): boolean {
  if (path.some((key) => typeof key === "number")) return true;
  return appliedFields(live, (name) => name === manager).some(
    (fields) => path.reduce<Value | undefined>((part, key) => objectAt(part)[`f:${key}`], fields) !== undefined,
  );
}

/** The part of the object that a provider of Pulumi's has applied, or undefined if none ever has. */
export function appliedByPulumi(live: Values): Values | undefined {
  const [fields] = appliedFields(live, (name) => name.startsWith("pulumi-kubernetes"));
  if (fields === undefined) return undefined;
  const selected = select(live, fields);
  return isObject(selected) ? selected : undefined;
}

function appliedFields(live: Values, isManager: (name: string) => boolean): Values[] {
  return listAt(live, "metadata", "managedFields")
    .filter((entry) => entry["operation"] === "Apply" && isManager(textAt(entry, "manager")))
    .map((entry) => objectAt(entry, "fieldsV1"));
}

/** The part of the value that the field set names. A set with nothing below means the whole. */
function select(live: Value, fields: Values): Value {
  const below = Object.entries(fields).filter(([key]) => key !== ".");
  if (below.length === 0) return fields["."] !== undefined && isObject(live) ? {} : live;
  if (Array.isArray(live))
    return live.flatMap((item) => {
      const found = below.find(([key]) => isItem(item, key));
      return found === undefined ? [] : [select(item, objectAt(found[1]))];
    });
  const taken = below.flatMap(([key, set]) => {
    const name = key.replace(/^f:/, "");
    const value = objectAt(live)[name];
    return value === undefined ? [] : [[name, select(value, objectAt(set))] as const];
  });
  return Object.fromEntries(taken);
}

/** List items are named by their keys (`k:{"name":"x"}`) or by themselves (`v:"x"`). */
function isItem(item: Value, key: string): boolean {
  const named: unknown = JSON.parse(key.slice(2));
  if (key.startsWith("v:")) return isDeepStrictEqual(item, named);
  return isObject(named) && Object.entries(toValues(named)).every(([name, value]) => objectAt(item)[name] === value);
}
