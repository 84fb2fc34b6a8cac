/**
 * Property values as they travel between the engine and a plugin: a google.protobuf.Struct in which a few magic
 * strings stand for what JSON cannot say. The strings are the engine's (sdk/go/common/resource).
 */
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** A JSON-like tree; unknown values and secrets appear in it as described below. */
export type Value = string | number | boolean | null | Value[] | Values;
export interface Values {
  [key: string]: Value;
}

/** A value that is not known until the real update. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Marks a value as a secret: the engine encrypts it in the state and hides it in output. */
export function secret(value: Value): Value {
  return { [signature]: secretSignature, value };
}

export function isSecret(value: Value | undefined): boolean {
  return isObject(value) && value[signature] === secretSignature;
}

/** Whether the value, or anything in it, is a secret. */
export function hasSecret(value: Value | undefined): boolean {
  if (Array.isArray(value)) return value.some(hasSecret);
  return isSecret(value) || (isObject(value) && Object.values(value).some(hasSecret));
}

export function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the value, or anything in it, is unknown. */
export function hasUnknown(value: Value | undefined): boolean {
  if (Array.isArray(value)) return value.some(hasUnknown);
  if (isObject(value)) return Object.values(value).some(hasUnknown);
  return value === unknown;
}

/** The value without the wrappings of secrets in it. */
export function withoutSecrets(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isObject(value)) return value;
  if (isSecret(value)) return withoutSecrets(value["value"] ?? null);
  return mapValues(value, withoutSecrets);
}

export function fromStruct(struct: Struct | undefined): Values {
  return struct === undefined ? {} : toValues(struct.toJavaScript());
}

/** Keys whose value is undefined are left out: a Struct cannot hold them. */
export function toStruct(values: Readonly<Record<string, Value | undefined>>): Struct {
  return Struct.fromJavaScript(toValues(values));
}

/** Makes a tree of anything JSON-like; throws for what is not. */
export function toValues(raw: object): Values {
  const entries = Object.entries(raw).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([key, value]) => [key, toValue(value)]));
}

function toValue(raw: unknown): Value {
  if (raw === null || typeof raw === "string" || typeof raw === "number" || typeof raw === "boolean") return raw;
  if (Array.isArray(raw)) return raw.map((item) => (item === undefined ? null : toValue(item)));
  if (typeof raw === "object") return toValues(raw);
  throw new TypeError(`a ${typeof raw} cannot be a property value`);
}

function mapValues(values: Values, map: (value: Value) => Value): Values {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
}
