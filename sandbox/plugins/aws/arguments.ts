/** Reading of a look-up's arguments; what has another shape counts as absent. */
import { isObject, type Value, type Values } from "../shared/values";

export function textOf(args: Values, key: string): string | undefined {
  const value = args[key];
  return typeof value === "string" ? value : undefined;
}

export function textsIn(value: Value | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

export function objectsIn(value: Value | undefined): Values[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
