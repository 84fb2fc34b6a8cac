/** What differs between the inputs that an object was made with and the new ones, down to the single property. */
import { isDeepStrictEqual } from "node:util";
import { isObject, type Value, type Values } from "../shared/values";
import { immutablePaths, type Mutability } from "./immutable";
import { isAutonamed } from "./naming";
import { at, textAt } from "./objects";
import { isWithin, type Path } from "./paths";

export interface Difference {
  path: Path;
  kind: "add" | "delete" | "update";
  /** Whether the object has to be replaced for it. */
  replaces: boolean;
}

export interface Comparison {
  differences: Difference[];
  /** Whether the old object must go first: the new one has the same name, and not by chance. */
  deleteBeforeReplace: boolean;
}

export function compare(olds: Values, news: Values, mutability: Mutability): Comparison {
  const fixed = immutablePaths(olds, mutability);
  const differences = differencesOf(olds, news).map((difference) => ({
    ...difference,
    replaces:
      fixed.immutable.some((path) => touches(difference.path, path, olds, news)) &&
      !fixed.except.some((path) => isWithin(difference.path, path)),
  }));
  const replaces = differences.some((difference) => difference.replaces);
  return { differences, deleteBeforeReplace: replaces && keepsName(olds, news) };
}

/** Whether a replacement would need the name that the old object still has. */
export function keepsName(olds: Values, news: Values): boolean {
  const identity = (inputs: Values) => [at(inputs, "metadata", "namespace"), textAt(inputs, "metadata", "name")];
  return !isAutonamed(news) && isDeepStrictEqual(identity(olds), identity(news));
}

/** A difference touches a path if it lies in it, or if what came or went as a whole has the path in it. */
function touches(difference: Path, path: Path, olds: Values, news: Values): boolean {
  if (isWithin(difference, path)) return true;
  return isWithin(path, difference) && !isDeepStrictEqual(at(olds, ...path), at(news, ...path));
}

function differencesOf(
  olds: Value | undefined,
  news: Value | undefined,
  path: Path = [],
): Omit<Difference, "replaces">[] {
  const before = olds ?? undefined;
  const after = news ?? undefined;
  if (isDeepStrictEqual(before, after)) return [];
  if (before === undefined) return [{ path, kind: "add" }];
  if (after === undefined) return [{ path, kind: "delete" }];
  const keys = keysOf(before, after);
  if (keys === undefined) return [{ path, kind: "update" }];
  return keys.flatMap((key) => differencesOf(at(before, key), at(after, key), [...path, key]));
}

/** The keys to go on with where both are objects or both are lists. */
function keysOf(before: Value, after: Value): (string | number)[] | undefined {
  if (Array.isArray(before) && Array.isArray(after))
    return Array.from({ length: Math.max(before.length, after.length) }, (_, index) => index);
  if (isObject(before) && isObject(after)) return [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return undefined;
}
