/** Names that the program leaves open: `<name in the program>-<8 hex digits>`, kept as long as the object lives. */
import { createHash, randomBytes } from "node:crypto";
import { isObject, type Values } from "../shared/values";
import { annotationOf, at, textAt } from "./objects";

/** The official provider's mark, so that a name that was drawn is told from one that was given. */
export const autonamed = "pulumi.com/autonamed";

/**
 * Gives the inputs a name if they have none.
 *
 * @param olds Inputs of the object as it is, empty if it is to be created.
 * @param seed The engine's, so that a preview draws what the update will.
 */
export function withName(inputs: Values, olds: Values, name: string, seed: Uint8Array): Values {
  const { metadata } = inputs;
  // Metadata that is unknown as a whole may still turn out to have a name.
  if (!isObject(metadata) || (metadata["name"] ?? "") !== "") return inputs;
  if ((metadata["generateName"] ?? "") !== "")
    throw new Error("metadata.generateName cannot be used with server-side apply: leave it out to get a name drawn");
  const kept = isAutonamed(olds) ? textAt(olds, "metadata", "name") : "";
  const annotations = at(metadata, "annotations");
  return {
    ...inputs,
    metadata: {
      ...metadata,
      name: kept === "" ? `${name}-${suffix(seed)}` : kept,
      annotations: { ...(isObject(annotations) ? annotations : {}), [autonamed]: "true" },
    },
  };
}

export function isAutonamed(inputs: Values): boolean {
  return annotationOf(inputs, autonamed) === "true";
}

function suffix(seed: Uint8Array): string {
  const bytes = seed.length === 0 ? randomBytes(4) : createHash("sha256").update(seed).digest();
  return bytes.toString("hex").slice(0, 8);
}
