/** The kinds of random resource, by type token: what each takes, what it draws, what of that is secret. */
import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { secret, type Values } from "../shared/values";

export interface Kind {
  required: readonly string[];
  defaults: Values;
  /** The outputs that are unknown until the value has been drawn. */
  draws: readonly string[];
  draw(inputs: Values): { id: string; values: Values };
}

const charsets = {
  lower: "abcdefghijklmnopqrstuvwxyz",
  upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  numeric: "0123456789",
  special: "!@#$%&*()-_=+[]{}<>:?",
};
const minima = { lower: "minLower", upper: "minUpper", numeric: "minNumeric", special: "minSpecial" } as const;
const charsetNames = ["lower", "upper", "numeric", "special"] as const;

const textDefaults: Values = {
  ...Object.fromEntries(charsetNames.map((name) => [name, true])),
  ...Object.fromEntries(charsetNames.map((name) => [minima[name], 0])),
  number: true,
};

const adjectives = ["able", "bold", "calm", "eager", "fair", "keen", "loyal", "mild", "proud", "quick", "wise"];
const animals = ["badger", "crane", "falcon", "heron", "lynx", "marten", "otter", "puffin", "raven", "stoat", "wren"];

export const kinds: Readonly<Record<string, Kind>> = {
  "random:index/randomId:RandomId": {
    required: ["byteLength"],
    defaults: {},
    draws: ["b64Std", "b64Url", "dec", "hex"],
    draw(inputs) {
      const bytes = randomBytes(numberOf(inputs, "byteLength"));
      const prefix = textOf(inputs, "prefix") ?? "";
      const hex = bytes.toString("hex");
      const values = {
        b64Std: prefix + bytes.toString("base64"),
        b64Url: prefix + bytes.toString("base64url"),
        dec: prefix + BigInt(`0x0${hex}`).toString(),
        hex: prefix + hex,
      };
      return { id: bytes.toString("base64url"), values };
    },
  },
  // The official provider also gives bcryptHash; no program here reads it.
  "random:index/randomPassword:RandomPassword": {
    required: ["length"],
    defaults: textDefaults,
    draws: ["result"],
    draw: (inputs) => ({ id: "none", values: { result: secret(drawText(inputs)) } }),
  },
  "random:index/randomString:RandomString": {
    required: ["length"],
    defaults: textDefaults,
    draws: ["result"],
    draw(inputs) {
      const result = drawText(inputs);
      return { id: result, values: { result } };
    },
  },
  "random:index/randomUuid:RandomUuid": {
    required: [],
    defaults: {},
    draws: ["result"],
    draw() {
      const result = randomUUID();
      return { id: result, values: { result } };
    },
  },
  "random:index/randomInteger:RandomInteger": {
    required: ["min", "max"],
    defaults: {},
    draws: ["result"],
    draw(inputs) {
      const result = randomInt(numberOf(inputs, "min"), numberOf(inputs, "max") + 1);
      return { id: String(result), values: { result } };
    },
  },
  "random:index/randomPet:RandomPet": {
    required: [],
    defaults: { length: 2, separator: "-" },
    draws: [],
    draw(inputs) {
      const length = numberOf(inputs, "length");
      const words = Array.from({ length }, (_, index) => pick(index === length - 1 ? animals : adjectives));
      const prefix = textOf(inputs, "prefix");
      return {
        id: [...(prefix === undefined ? [] : [prefix]), ...words].join(textOf(inputs, "separator")),
        values: {},
      };
    },
  },
};

/** Draws the least number of each kind of character first, then from all that are allowed, and shuffles. */
function drawText(inputs: Values): string {
  const special = textOf(inputs, "overrideSpecial") ?? charsets.special;
  const sets = { ...charsets, special };
  const allowed = charsetNames.filter(
    (name) => inputs[name] === true && !(name === "numeric" && inputs["number"] === false),
  );
  const length = numberOf(inputs, "length");
  const least = charsetNames.flatMap((name) =>
    Array.from({ length: numberOf(inputs, minima[name]) }, () => pick(Array.from(sets[name]))),
  );
  const any = allowed.flatMap((name) => Array.from(sets[name]));
  if (any.length === 0)
    throw new Error("no kind of character is allowed: set lower, upper, numeric or special to true");
  if (least.length > length) throw new Error(`length is ${length}, but the minima add up to ${least.length}`);
  const rest = Array.from({ length: length - least.length }, () => pick(any));
  return shuffled([...least, ...rest]).join("");
}

function shuffled(items: readonly string[]): string[] {
  return items
    .map((item) => ({ item, key: randomInt(2 ** 40) }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

function pick(items: readonly string[]): string {
  return items[randomInt(items.length)] ?? "";
}

function numberOf(inputs: Values, key: string): number {
  const value = inputs[key];
  if (typeof value !== "number" || !Number.isInteger(value)) throw new Error(`${key} must be a whole number`);
  return value;
}

function textOf(inputs: Values, key: string): string | undefined {
  const value = inputs[key];
  return typeof value === "string" ? value : undefined;
}
