import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { topLevel } from "../../settings/schema";

const project = z
  .object({
    config: z.record(
      z.string(),
      z.object({ type: z.string(), default: z.unknown().optional(), description: z.string().min(20) }),
    ),
  })
  .parse(parse(readFileSync("Pulumi.yaml", "utf8")));

describe("the project's schema in Pulumi.yaml", () => {
  it("describes every key that the program accepts, and no other", () => {
    expect(Object.keys(project.config).sort()).toEqual(Object.keys(topLevel).sort());
  });

  it.each(Object.entries(topLevel))("gives %s the default that the program gives it", (key, field) => {
    const own = field.safeParse(undefined);
    const described = project.config[key]?.default;
    const parsed = described === undefined ? own : field.safeParse(described);
    // An empty object is how Pulumi.yaml says that a structured key may be left out.
    if (JSON.stringify(described) === "{}") expect(own).toEqual({ success: true, data: undefined });
    else expect(parsed.data).toEqual(own.data);
    expect(described === undefined).toBe(!own.success);
  });
});
