/** What the engine gets to keep of an object. */
import {
  hasSecret,
  isObject,
  isSecret,
  secret,
  unknown,
  withoutSecrets,
  type Value,
  type Values,
} from "../shared/values";
import { at, objectAt, textAt, without } from "./objects";
import { withValueAt } from "./paths";

/**
 * The live object, secrets marked, and the official provider's three keys of its own, so that it can take the state
 * over.
 */
export function outputsOf(live: Values, inputs: Values, manager: string): Values {
  const metadata = without(objectAt(live, "metadata"), "managedFields");
  const object = renamedKeys({ ...live, metadata }, fromServer);
  return {
    ...withSecretsOf(object, inputs),
    __inputs: inputs,
    __initialApiVersion: textAt(live, "apiVersion"),
    __fieldManager: manager,
  };
}

/** The outputs of an object that is yet to be created: what a dry run answers, without what it made up. */
export function previewedOutputs(live: Values, inputs: Values, manager: string): Values {
  const object = without(live, "status");
  const allocated = [
    ["metadata", "uid"],
    ["metadata", "resourceVersion"],
    ["metadata", "creationTimestamp"],
    ...(textAt(live, "kind") === "Service"
      ? [
          ["spec", "clusterIP"],
          ["spec", "clusterIPs"],
        ]
      : []),
  ].filter((path) => at(live, ...path) !== undefined && at(inputs, ...path) === undefined);
  const open = allocated.reduce<Values>((values, path) => withValueAt(values, path, unknown), object);
  return outputsOf(open, inputs, manager);
}

/** What is sent to the API server: no wrappings, and keys as it knows them. */
export function plain(inputs: Values): Values {
  return renamedKeys(objectAt(withoutSecrets(inputs)), toServer);
}

/** Marks as secret what is so in the inputs, and the contents of Secrets whatever the inputs say. */
export function withSecretsOf(object: Values, inputs: Values): Values {
  const marked = Object.entries(object).map(([key, value]) => [key, markedLike(value, inputs[key])] as const);
  return withSecretContents(Object.fromEntries(marked));
}

/** Marks the contents of a Secret. */
export function withSecretContents(object: Values): Values {
  if (object["kind"] !== "Secret" || object["apiVersion"] !== "v1") return object;
  const contents = ["data", "stringData"].flatMap((key) => {
    const value = object[key];
    return value === undefined || isSecret(value) ? [] : [[key, secret(value)] as const];
  });
  return { ...object, ...Object.fromEntries(contents) };
}

function markedLike(value: Value, input: Value | undefined): Value {
  if (input === undefined || !hasSecret(input)) return value;
  // Which item of a list is the secret one cannot be told once the API server has had it.
  if (!isObject(value) || !isObject(input) || isSecret(input)) return secret(value);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, markedLike(part, input[key])]));
}

/** Keys of custom resource definitions that the SDK spells with underscores. */
function toServer(key: string): string {
  return key.startsWith("x_kubernetes_") ? key.replaceAll("_", "-") : key;
}

function fromServer(key: string): string {
  return key.startsWith("x-kubernetes-") ? key.replaceAll("-", "_") : key;
}

function renamedKeys(values: Values, rename: (key: string) => string): Values {
  const renamed = (value: Value): Value => {
    if (Array.isArray(value)) return value.map(renamed);
    return isObject(value) ? renamedKeys(value, rename) : value;
  };
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [rename(key), renamed(value)]));
}
