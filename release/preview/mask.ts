/** Keeps secrets out of what everybody reads. The engine hides them in its own words; a program's errors may quote one. */
import { parseDocument } from "yaml";
import { at } from "../../components/values";

/** Shorter ones are in every text by chance. */
const shortest = 4;

/**
 * The secret texts of a stack.
 *
 * @param file The text of its file, which says what is secret.
 * @param config Its configuration as the engine holds it, in plain text; structured values are JSON.
 */
export function secretsIn(file: string, config: Readonly<Record<string, string>>): string[] {
  const texts = secretPaths(at(parseDocument(file).toJS(), ["config"])).flatMap(([key = "", ...path]) => {
    const value = config[key] ?? "";
    const secret = path.length === 0 ? value : at(parsed(value), path);
    return typeof secret === "string" ? [secret] : [];
  });
  // The longest first: one may be part of another.
  return [...new Set(texts)].filter(({ length }) => length >= shortest).toSorted((a, b) => b.length - a.length);
}

export function masked(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), text);
}

/** The paths of values such as `{ secure: AAAB… }`. */
function secretPaths(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [];
  if ("secure" in value && path.length > 0) return [[...path]];
  return Object.entries(value).flatMap(([key, inner]) => secretPaths(inner, [...path, key]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
