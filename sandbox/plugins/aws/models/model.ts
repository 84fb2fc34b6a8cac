/** AWS's service models in the form in which botocore ships them (`service-2.json`), as far as the recorder reads them. */
import { readFileSync } from "node:fs";
import { z } from "zod";

const reference = z.object({ shape: z.string() });

const shapeSchema = z.object({
  type: z.enum([
    "blob",
    "boolean",
    "double",
    "float",
    "integer",
    "list",
    "long",
    "map",
    "string",
    "structure",
    "timestamp",
  ]),
  /** Of a structure; `required` names members. */
  members: z.record(z.string(), reference).optional(),
  required: z.array(z.string()).optional(),
  /** Of a list: its items. */
  member: reference.optional(),
  /** Of a map. */
  key: reference.optional(),
  value: reference.optional(),
  enum: z.array(z.string()).optional(),
  /** Meant for the whole text, though AWS only sometimes anchors it. */
  pattern: z.string().optional(),
  /** Of a number its range, of a text its length, of a list its size. */
  min: z.number().optional(),
  max: z.number().optional(),
});

export const modelSchema = z.object({
  operations: z.record(z.string(), z.object({ input: reference.optional() })),
  shapes: z.record(z.string(), shapeSchema),
});

const modelsSchema = z.record(z.string(), modelSchema);

export type Shape = z.infer<typeof shapeSchema>;
export type Model = z.infer<typeof modelSchema>;
/** By the name that botocore gives the service. */
export type Models = z.infer<typeof modelsSchema>;

/** Reads the file that the installation made of all that the recorder needs. */
export function readModels(file: string): Models {
  return modelsSchema.parse(JSON.parse(readFileSync(file, "utf8")));
}

/** @throws Error where the model has no such shape. */
export function shapeOf(model: Model, name: string): Shape {
  const shape = model.shapes[name];
  if (shape === undefined) throw new Error(`AWS's model has no shape ${name}`);
  return shape;
}

/** The name of the shape of an operation's request. */
export function requestOf(model: Model, operation: string): string {
  const input = model.operations[operation]?.input;
  if (input === undefined) throw new Error(`AWS's model has no operation ${operation} that takes anything`);
  return input.shape;
}

/** Takes of a service's whole model, several megabytes for some, what the requests of a few operations need. */
export function reduce(model: Model, operations: readonly string[]): Model {
  const kept: Model = { operations: {}, shapes: {} };
  const keep = (name: string): void => {
    if (name in kept.shapes) return;
    const shape = shapeOf(model, name);
    kept.shapes[name] = shape;
    const references = [...Object.values(shape.members ?? {}), shape.member, shape.key, shape.value];
    for (const inner of references) if (inner !== undefined) keep(inner.shape);
  };
  for (const operation of operations) {
    const request = requestOf(model, operation);
    kept.operations[operation] = { input: { shape: request } };
    keep(request);
  }
  return kept;
}
