/** The leaves of the configuration: each with the words that tell a person what it accepts. */
import { z } from "zod";
import { colors } from "../components/colors";

/** A string that satisfies `accept`; `accepted` completes the sentence "accepted: …". */
export function text(accepted: string, accept: (value: string) => boolean) {
  return z.string({ error: accepted }).refine(accept, { error: accepted });
}

/** A whole number from `min` to `max`, both included. */
export function whole(min: number, max: number, unit = "") {
  const accepted = `a whole number from ${min} to ${max}${unit && ` (${unit})`}`;
  return z.int({ error: accepted }).min(min, { error: accepted }).max(max, { error: accepted });
}

/** One of the given words. */
export function oneOf<const T extends readonly [string, ...string[]]>(words: T) {
  return z.enum(words, { error: words.join(" or ") });
}

const dnsLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const isDnsName = (value: string) => value.length <= 253 && value.split(".").every((label) => dnsLabel.test(label));

/**
 * An image reference that names one build for ever: a tag that is not `latest`, or a digest.
 * The tag is what follows the last colon after the last slash, so that a registry's port is not taken for one.
 */
function isPinnedImage(value: string): boolean {
  const reference =
    /^(?<name>[\w.-]+(:\d+)?(\/[\w.-]+)*?)(:(?<tag>\w[\w.-]{0,127}))?(@(?<digest>sha256:[0-9a-f]{64}))?$/;
  const parts = reference.exec(value)?.groups;
  if (!parts) return false;
  return parts["digest"] !== undefined || (parts["tag"] !== undefined && parts["tag"] !== "latest");
}

const quantity = (example: string) =>
  text(`a Kubernetes quantity such as ${example}`, (value) => /^\d+(\.\d+)?(m|[kKMGTP]i?)?$/.test(value));

export const color = oneOf(colors);
export const dnsName = text("a DNS name such as facefusion.example.com", isDnsName);
export const label = text("a DNS label: lower-case letters, digits and hyphens, 63 at most", (v) => dnsLabel.test(v));
/** Leaves room for the longest suffix that a component adds (`-preview`, `-ingress`) within 63 characters. */
export const serviceName = text(
  "a service name: lower-case letters, digits and hyphens, starting with a letter, 50 at most",
  (value) => dnsLabel.test(value) && /^[a-z]/.test(value) && value.length <= 50,
);
export const image = text(
  "an image with a tag of its own or a digest, such as registry.example.com/facefusion:v1.0.0 (no tag and latest are refused: they do not say what runs)",
  isPinnedImage,
);
export const cpu = quantity("2 or 500m");
export const bytes = quantity("8Gi");
export const nonEmpty = (what: string) => text(what, (value) => value.trim().length > 0);
export const relativePath = text(
  "a relative path without '..', such as v1",
  (value) => /^[\w.-]+(\/[\w.-]+)*$/.test(value) && !value.split("/").includes(".."),
);
