/**
 * What a policy looks at, as plain data. The SDK hands out objects that throw when a value is read that a preview cannot
 * know; here such a value is an `Unknown`, so that one of them does not hide what is known beside it.
 */

/** A value that is known only after the update. */
export class Unknown {
  /** @param reason What the SDK throws for it; thrown again, the SDK tells people that the policy could not look. */
  constructor(readonly reason: unknown) {}
}

/** A copy in which every value that cannot be known is an `Unknown`. */
export function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, i) => known(value, i));
  return Object.fromEntries(Object.keys(value).map((key) => [key, known(value, key)]));
}

function known(owner: object, key: string | number): unknown {
  let value: unknown;
  try {
    value = Reflect.get(owner, key);
  } catch (reason) {
    return new Unknown(reason);
  }
  return plain(value);
}

/** The part of a value at a path: undefined where there is none, `Unknown` where that cannot be told. */
export function part(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>((inner, key) => {
    if (inner instanceof Unknown) return inner;
    return typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined;
  }, value);
}

/** The items of a list: none where there is no list, a single `Unknown` where it cannot be told. */
export function items(value: unknown): unknown[] {
  if (value instanceof Unknown) return [value];
  return Array.isArray(value) ? value : [];
}

/** A value as a message shows it. */
export function shown(value: unknown): string {
  if (value === undefined) return "not set";
  if (value instanceof Unknown) return "not known yet";
  return typeof value === "string" ? value : JSON.stringify(value);
}
