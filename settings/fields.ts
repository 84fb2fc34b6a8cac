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

/** A number from `min` to `max`, both included. */
export function decimal(min: number, max: number) {
  const accepted = `a number from ${min} to ${max}`;
  return z.number({ error: accepted }).min(min, { error: accepted }).max(max, { error: accepted });
}

/** Yes or no. The engine hands a plain key over as text. */
export const flag = z
  .union([z.boolean(), z.enum(["true", "false"])], { error: "true or false" })
  .transform((value) => value === true || value === "true");

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
/** Leaves room for the longest name that a component makes of it, `<service>-green-verification-<hash>`, within 63. */
export const serviceName = text(
  "a service name: lower-case letters, digits and hyphens, starting with a letter, 33 at most",
  (value) => dnsLabel.test(value) && /^[a-z]/.test(value) && value.length <= 33,
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

/** A network in CIDR notation whose prefix is from `min` to `max` bits long. */
export function cidr(example: string, { min, max }: { min: number; max: number }) {
  const accepted = `a network such as ${example}, with a prefix from /${min} to /${max}`;
  return z.cidrv4({ error: accepted }).refine(
    (value) => {
      const prefix = Number(value.split("/")[1]);
      return prefix >= min && prefix <= max;
    },
    { error: accepted },
  );
}

/** A time of day in 24 hours. */
export const clockTime = text("a time of day such as 07:00", (value) => /^([01]\d|2[0-3]):[0-5]\d$/.test(value));

export const timeZone = text("a time zone by its IANA name, such as Europe/Berlin", (value) => {
  try {
    // An offset such as +02:00 passes here as well, and AWS does not take it.
    return /^[A-Z]/.test(value) && new Intl.DateTimeFormat("en", { timeZone: value }).format().length > 0;
  } catch {
    return false;
  }
});
