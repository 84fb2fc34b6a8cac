/** The configuration of the stack that is being looked at; the engine hands it to the pack as it does to the program. */
import * as pulumi from "@pulumi/pulumi";

/** @param key Such as `facefusion:budget`. */
export function stackConfig(key: string): unknown {
  const [namespace, name = ""] = key.split(":");
  const text = new pulumi.Config(namespace).get(name);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}
