/** Checks one text, number or truth value against its shape. */
import { distance } from "fastest-levenshtein";
import type { Value } from "../../shared/values";
import type { Shape } from "./model";

/** Values that a message lists before it rather names those that come near. */
const listed = 40;

/**
 * @param shown How a message names the value.
 * @returns What is wrong with it; undefined where AWS takes it.
 */
export function scalarFault(value: Value, shape: Shape, shown: string): string | undefined {
  switch (shape.type) {
    case "boolean":
      // Pulumi has some as texts, those that may also be left to AWS.
      return [true, false, "true", "false", ""].some((one) => one === value)
        ? undefined
        : `${shown} is not accepted; AWS takes true or false`;
    case "integer":
    case "long":
    case "double":
    case "float":
      return numberFault(value, shape, shown);
    case "timestamp":
      return typeof value === "string" && Number.isNaN(Date.parse(value))
        ? `${shown} is not accepted; AWS takes a time such as 2026-12-31T23:59:59Z`
        : undefined;
    default:
      return typeof value === "object"
        ? `${shown} is not accepted; AWS takes a text`
        : textFault(String(value), shape, shown);
  }
}

export function sizeFault(size: number, { min, max }: Shape, shown: string, unit: string): string | undefined {
  if (max !== undefined && size > max) return `${shown} has ${size} ${unit}; AWS takes at most ${max}`;
  if (min !== undefined && size < min) return `${shown} has ${size} ${unit}; AWS takes at least ${min}`;
  return undefined;
}

function numberFault(value: Value, { type, min, max }: Shape, shown: string): string | undefined {
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  if (typeof number !== "number" || Number.isNaN(number)) return `${shown} is not accepted; AWS takes a number`;
  if ((type === "integer" || type === "long") && !Number.isInteger(number))
    return `${shown} is not accepted; AWS takes a whole number`;
  if (max !== undefined && number > max) return `${shown} is not accepted; AWS takes at most ${max}`;
  if (min !== undefined && number < min) return `${shown} is not accepted; AWS takes at least ${min}`;
  return undefined;
}

function textFault(text: string, shape: Shape, shown: string): string | undefined {
  if (shape.enum !== undefined)
    return shape.enum.includes(text) ? undefined : `${shown} is not accepted; AWS takes ${choices(text, shape.enum)}`;
  const size = sizeFault(text.length, shape, shown, "characters");
  if (size !== undefined) return size;
  return shape.pattern === undefined || regExp(shape.pattern).test(text)
    ? undefined
    : `${shown} is not accepted; AWS takes what matches ${shape.pattern}`;
}

function choices(text: string, accepted: readonly string[]): string {
  if (accepted.length <= listed) return accepted.join(", ");
  const near = accepted.toSorted((a, b) => distance(a, text) - distance(b, text)).slice(0, 5);
  return `one of ${accepted.length} values, ${near.join(", ")} among them`;
}

/** AWS's patterns are Java's. Not all are valid for JavaScript's strict mode, which Unicode classes need. */
export function regExp(pattern: string): RegExp {
  const insensitive = pattern.includes("(?i)") ? "i" : "";
  const whole = `^(?:${pattern.replaceAll("(?i)", "")})$`;
  try {
    return new RegExp(whole, `us${insensitive}`);
  } catch {
    return new RegExp(whole, `s${insensitive}`);
  }
}
