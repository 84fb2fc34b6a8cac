import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { settings } from "../../settings/schema";

/** What the page's first and third columns say of a key: `services.<service>.replicas` and its default. */
interface Key {
  key: string;
  default: unknown;
}

const required = "_required_";
const none = "_none_";

/** Every key below a schema. The names of services are anybody's, and what holds for one colour holds for the other. */
function keysOf(schema: z.core.$ZodType, at = ""): Key[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return keysOf(schema.unwrap(), at);
  if (schema instanceof z.ZodDiscriminatedUnion) return schema.options.flatMap((option) => keysOf(option, at));
  if (schema instanceof z.ZodRecord && at === "services") return keysOf(schema.valueType, "services.<service>");
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries<z.core.$ZodType>(schema.shape).flatMap(([name, child]) => {
    const key = [at, /^(blue|green)$/.test(name) ? "<colour>" : name].filter(Boolean).join(".");
    return [{ key, default: defaultOf(child) }, ...keysOf(child, key)];
  });
}

function defaultOf(schema: z.core.$ZodType): unknown {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return schema.def.defaultValue;
  return schema instanceof z.ZodOptional ? none : required;
}

/** The rows of the page's tables of keys. */
function rowsOf(page: string): Key[] {
  const tables = page.split("\n\n").filter((block) => block.startsWith("| Key"));
  const rows = tables.flatMap((table) => table.split("\n").slice(2).filter(Boolean));
  return rows.map((row) => {
    const [, key = "", , written = ""] = row.split("|").map((cell) => cell.trim());
    const value: unknown = written.startsWith("`") ? parse(written.slice(1, -1)) : written;
    return { key: key.replaceAll("`", ""), default: value };
  });
}

/** One line for each, in order, so that a difference shows as the lines that differ. */
function lines(keys: readonly Key[]): string[] {
  return [...new Set(keys.map(({ key, default: value }) => `${key} ${JSON.stringify(value)}`))].sort();
}

describe("the page of the configuration", () => {
  it("has every key that the program accepts, with its default, and no other", () => {
    const known = lines(keysOf(settings));
    expect(known.length).toBeGreaterThan(40);
    expect(lines(rowsOf(readFileSync("docs/configuration.md", "utf8")))).toEqual(known);
  });
});
