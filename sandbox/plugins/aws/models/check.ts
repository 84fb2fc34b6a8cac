/** Checks the inputs of a resource against the requests that they end in, as far as their values are known. */
import type { Failure } from "../../shared/provider";
import { isObject, isSecret, unknown, withoutSecrets, type Value, type Values } from "../../shared/values";
import type { Call, Mapping } from "./mapping";
import { mappings } from "./mappings";
import { requestOf, shapeOf, type Model, type Models, type Shape } from "./model";
import { nested } from "./nested";
import { memberNamed, stepInto, stepsOf } from "./places";
import { scalarFault, sizeFault } from "./scalars";
import { textCheck } from "./texts";
import { together } from "./together";

/** @returns A check that says what AWS would refuse, each at its place in Pulumi's spelling. */
export function checkBy(models: Models): (type: string, inputs: Values) => Failure[] {
  return (type, inputs) => {
    const mapping = mappings[type];
    if (mapping === undefined) throw new Error(`it is not said how ${type} reaches AWS`);
    const each = mapping.calls.flatMap((call, index) => {
      const model = models[call.service];
      if (model === undefined) throw new Error(`there is no model of ${call.service}`);
      const taken = Object.entries(inputs).filter(([name, value]) => value !== null && takes(mapping, index, name));
      return index === 0 || taken.length > 0 ? new CallCheck(model, call).run(taken) : [];
    });
    return [...each, ...(together[type]?.(inputs) ?? [])];
  };
}

/** Whether an input goes into the mapping's call of this number. */
function takes({ calls, own }: Mapping, index: number, input: string): boolean {
  if (input === "region" || (own !== undefined && input in own)) return false;
  const named = calls.map(({ names }) => names !== undefined && input in names);
  return named[index] === true || (index === 0 && !named.includes(true));
}

/** Where in a request a value is. */
interface Place {
  /** The name of its shape. */
  shape: string;
  /** The structure and member that hold it, for what the shape does not say. */
  member: string;
  /** In Pulumi's spelling. */
  path: string;
  secret?: boolean;
}

class CallCheck {
  private readonly faults: Failure[] = [];
  private readonly request: string;

  constructor(
    private readonly model: Model,
    private readonly call: Call,
  ) {
    this.request = requestOf(model, call.operation);
  }

  run(inputs: readonly (readonly [string, Value])[]): Failure[] {
    const into = stepsOf(this.call.into ?? "");
    const container = into.reduce((shape, step) => stepInto(this.model, shape, step), this.request);
    const targets: string[][] = [];
    for (const [name, value] of inputs) {
      const named = this.call.names?.[name];
      const member = memberNamed(shapeOf(this.model, container), name);
      const steps = named !== undefined ? stepsOf(named) : member !== undefined ? [...into, member] : undefined;
      if (steps === undefined) this.strange(name, container);
      else {
        targets.push(steps.filter((step) => step !== "[]"));
        this.follow(value, { shape: this.request, member: "", path: name }, steps);
      }
    }
    this.missing(this.request, [], targets);
    if (into.length > 0) this.missing(container, into, targets);
    return this.faults;
  }

  /** Goes the way through the request that a name stands for, then looks at the value. */
  private follow(value: Value, place: Place, [step, ...rest]: readonly string[]): void {
    if (step === undefined) this.value(value, place);
    else if (step === "[]" && Array.isArray(value)) {
      const shape = stepInto(this.model, place.shape, step);
      for (const [index, item] of value.entries())
        this.follow(item, { ...place, shape, path: `${place.path}[${index}]` }, rest);
    } else {
      const shape = stepInto(this.model, place.shape, step);
      this.follow(value, { ...place, shape, member: step === "[]" ? place.member : `${place.shape}.${step}` }, rest);
    }
  }

  private value(value: Value, place: Place): void {
    if (isObject(value) && isSecret(value)) {
      this.value(value["value"] ?? null, { ...place, secret: true });
      return;
    }
    if (value === unknown || value === null) return;
    const shape = shapeOf(this.model, place.shape);
    if (shape.type === "structure") this.structure(value, shape, place);
    else if (shape.type === "list") this.list(value, shape, place);
    else if (shape.type === "map") this.map(value, shape, place);
    else this.scalar(value, shape, place);
  }

  private structure(value: Value, shape: Shape, place: Place): void {
    // Pulumi has some structures as lists of one.
    const only = Array.isArray(value) && value.length === 1 ? value[0] : undefined;
    if (only !== undefined) {
      this.value(only, { ...place, path: `${place.path}[0]` });
      return;
    }
    if (!isObject(value)) {
      this.fault(place.path, `${shown(value, place)} is not accepted; AWS takes an object`);
      return;
    }
    const { names, own, given } = nested[`${this.call.service}.${place.shape}`] ?? {};
    const present = new Set(given);
    for (const [key, inner] of Object.entries(value)) {
      if (inner === null || (own !== undefined && key in own)) continue;
      const path = `${place.path}.${key}`;
      const target = names?.[key] ?? memberNamed(shape, key);
      if (target === undefined) {
        this.strange(path, place.shape);
        continue;
      }
      const steps = stepsOf(target);
      present.add(steps[0] ?? "");
      this.follow(inner, { ...place, path }, steps);
    }
    for (const member of shape.required ?? [])
      if (!present.has(member))
        this.fault(`${place.path}.${spelling(member, names)}`, "AWS requires it, and it is missing");
  }

  private list(value: Value, shape: Shape, place: Place): void {
    const item = shape.member?.shape ?? "";
    const pair = pairOf(shapeOf(this.model, item));
    if (isObject(value) && pair !== undefined) {
      this.size(Object.keys(value).length, shape, place);
      for (const [key, inner] of Object.entries(value)) {
        const path = `${place.path}[${JSON.stringify(key)}]`;
        this.value(key, { ...place, path, shape: pair.key, member: "" });
        this.value(inner, { ...place, path, shape: pair.value, member: "" });
      }
      return;
    }
    // Where Pulumi takes only one, it is no list there.
    if (!Array.isArray(value)) {
      this.value(value, { ...place, shape: item });
      return;
    }
    this.size(value.length, shape, place);
    for (const [index, inner] of value.entries())
      this.value(inner, { ...place, shape: item, path: `${place.path}[${index}]` });
  }

  private map(value: Value, shape: Shape, place: Place): void {
    if (!isObject(value)) {
      this.fault(place.path, `${shown(value, place)} is not accepted; AWS takes an object`);
      return;
    }
    this.size(Object.keys(value).length, shape, place);
    for (const [key, inner] of Object.entries(value)) {
      const path = `${place.path}[${JSON.stringify(key)}]`;
      this.value(key, { ...place, path, shape: shape.key?.shape ?? "", member: "" });
      this.value(inner, { ...place, path, shape: shape.value?.shape ?? "", member: "" });
    }
  }

  private scalar(value: Value, shape: Shape, place: Place): void {
    const check = textCheck(`${this.call.service}.${place.member}`);
    // The provider makes a text of a document that is an object.
    const scalar = check !== undefined && isObject(value) ? JSON.stringify(withoutSecrets(value)) : value;
    const name = shown(scalar, place);
    const fault = scalarFault(scalar, shape, name);
    const more = check?.(typeof scalar === "string" ? scalar : JSON.stringify(scalar));
    this.fault(place.path, fault ?? (more && `${name} ${more}`));
  }

  private size(size: number, shape: Shape, { path }: Place): void {
    this.fault(path, sizeFault(size, shape, "it", "items"));
  }

  private strange(path: string, shape: string): void {
    const members = Object.keys(shapeOf(this.model, shape).members ?? {});
    this.fault(path, `AWS knows no such setting; it takes ${members.join(", ")}`);
  }

  /** Looks for what the request requires; an input that is the whole request has been looked at as a structure. */
  private missing(name: string, at: readonly string[], targets: readonly (readonly string[])[]): void {
    for (const member of shapeOf(this.model, name).required ?? []) {
      const steps = [...at.filter((step) => step !== "[]"), member];
      if (this.call.given?.includes(steps.join("."))) continue;
      const there = targets.some(
        (target) => target.length === 0 || steps.every((step, index) => target[index] === step),
      );
      if (!there) this.fault(spelling(steps.join("."), this.call.names), "AWS requires it, and it is missing");
    }
  }

  private fault(property: string, reason: string | undefined): void {
    if (reason !== undefined) this.faults.push({ property, reason });
  }
}

/** How Pulumi spells a member. */
function spelling(member: string, names: Call["names"] = {}): string {
  const named = Object.entries(names).find(([, target]) => target === member);
  const last = member.split(".").at(-1) ?? member;
  return named?.[0] ?? `${last.charAt(0).toLowerCase()}${last.slice(1)}`;
}

/** The shapes of a structure that only pairs a text with another one: tags, which Pulumi has as an object. */
function pairOf({ members = {} }: Shape): { key: string; value: string } | undefined {
  const [key, value] = [
    ["Key", "TagKey", "Name"],
    ["Value", "TagValue"],
  ].map((names) => names.map((name) => members[name]).find((member) => member !== undefined));
  return Object.keys(members).length === 2 && key !== undefined && value !== undefined
    ? { key: key.shape, value: value.shape }
    : undefined;
}

function shown(value: Value, { secret }: Place): string {
  if (secret === true) return "the secret";
  // A document would be hard to read as a text within a text.
  const document = typeof value === "string" && value.startsWith("{");
  const text = (document ? value : JSON.stringify(value)).replaceAll(unknown, "…");
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
