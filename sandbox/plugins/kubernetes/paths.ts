/** Property paths as the engine writes them: `spec.rules[0].host`, `metadata.annotations["nginx.org/x"]`. */
import { isObject, type Value, type Values } from "../shared/values";
import { at } from "./objects";

export type Path = readonly (string | number)[];

const plain = /^[A-Za-z_$][\w$-]*$/;

export function pathText(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    if (!plain.test(key)) return `${text}[${JSON.stringify(key)}]`;
    return text === "" ? key : `${text}.${key}`;
  }, "");
}

/** Takes `'key'` as well as `"key"`: JSONPath has both. */
export function parsePath(text: string): Path {
  const keys: (string | number)[] = [];
  const step = /\.?([^.[\]"']+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|\['([^']*)'\]/y;
  while (step.lastIndex < text.length) {
    const start = step.lastIndex;
    const match = step.exec(text);
    if (match === null)
      throw new Error(`"${text}" is no property path: it cannot be read from "${text.slice(start)}" on`);
    const [, name, index, quoted, single] = match;
    if (index !== undefined) keys.push(Number(index));
    else keys.push(name ?? single ?? (quoted ?? "").replace(/\\(.)/g, "$1"));
  }
  return keys;
}

/** Whether `path` is `ancestor` or lies in it. */
export function isWithin(path: Path, ancestor: Path): boolean {
  return ancestor.every((key, index) => path[index] === key);
}

/** A copy of the object in which the path has this value; without a value, the path is gone. */
export function withValueAt(object: Values, path: Path, value: Value | undefined): Values {
  const changed = replaced(object, path, value);
  return isObject(changed) ? changed : object;
}

function replaced(node: Value | undefined, path: Path, value: Value | undefined): Value | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const child = replaced(at(node, key), rest, value);
  if (typeof key === "number") {
    if (!Array.isArray(node)) return node;
    return child === undefined ? node.toSpliced(key, 1) : node.with(key, child);
  }
  const entries = isObject(node) ? Object.entries(node).filter(([name]) => name !== key) : [];
  return Object.fromEntries(child === undefined ? entries : [...entries, [key, child]]);
}
