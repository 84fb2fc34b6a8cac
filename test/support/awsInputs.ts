/** Every input that a resource of @pulumi/aws can have, however deep, by the types that the package declares. */
import { readFileSync } from "node:fs";
import type { Value, Values } from "../../sandbox/plugins/shared/values";

/** The properties of each interface, by its name, with the text of their types. */
type Properties = Map<string, string>;
type Interfaces = Map<string, Properties>;

const sdk = "node_modules/@pulumi/aws";
let shared: Interfaces | undefined;

/** @param type As in `aws:eks/nodeGroup:NodeGroup`. */
export function everyInput(type: string): Values {
  const [, module = "", name = ""] = type.split(":");
  shared ??= interfacesIn(`${sdk}/types/input.d.ts`);
  const own = interfacesIn(`${sdk}/${module}.d.ts`).get(`${name}Args`);
  if (own === undefined) throw new Error(`@pulumi/aws has no ${name}Args`);
  return valuesOf(own, []);
}

/** @param within The interfaces around this one: some hold themselves. */
function valuesOf(properties: Properties, within: readonly string[]): Values {
  const values: Values = {};
  for (const [name, type] of properties) {
    const inner = /inputs\.([\w.]+)/.exec(type)?.[1];
    if (inner !== undefined && within.includes(inner)) continue;
    const value = inner === undefined ? leafOf(type) : valuesOf(interfaceOf(inner), [...within, inner]);
    values[name] = type.includes("[]") ? [value] : type.endsWith("{") ? { key: value } : value;
  }
  return values;
}

function interfaceOf(name: string): Properties {
  const properties = shared?.get(name);
  if (properties === undefined) throw new Error(`@pulumi/aws has no inputs.${name}`);
  return properties;
}

function leafOf(type: string): Value {
  if (type.includes("boolean")) return true;
  return type.includes("number") ? 1 : "text";
}

function interfacesIn(file: string): Interfaces {
  const interfaces: Interfaces = new Map();
  let namespace = "";
  let properties = new Map<string, string>();
  for (const line of readFileSync(file, "utf8").split("\n")) {
    const [, space] = /^export declare namespace (\w+) \{/.exec(line) ?? [];
    const [, name] = /^(?:export|   ) interface (\w+) \{/.exec(line) ?? [];
    const [, property, type] = /^ +(\w+)\??: (.*(?:;|\{))$/.exec(line) ?? [];
    if (space !== undefined) namespace = `${space}.`;
    else if (name !== undefined) interfaces.set(namespace + name, (properties = new Map<string, string>()));
    else if (property !== undefined && type !== undefined) properties.set(property, type);
  }
  return interfaces;
}
