/** What one configuration changes about another, in the words of a release. Pure functions. */
import diff from "microdiff";
import { z } from "zod";
import { colors, type Color } from "../../components/colors";
import { color as colorField } from "../../settings/fields";

export type Change =
  | { readonly kind: "first"; readonly services: readonly string[] }
  | { readonly kind: "switch"; readonly service: string; readonly from: Color; readonly to: Color }
  | {
      readonly kind: "deploy";
      readonly service: string;
      readonly color: Color;
      readonly from: string;
      readonly to: string;
    }
  | { readonly kind: "capacity"; readonly from: string; readonly to: string }
  | { readonly kind: "skipVerification"; readonly service: string; readonly image: string; readonly reason: string }
  | { readonly kind: "service"; readonly service: string; readonly added: boolean }
  | { readonly kind: "destroy" }
  /** Any other key; `from` or `to` is null where it is not there. */
  | { readonly kind: "setting"; readonly key: string; readonly from: unknown; readonly to: unknown };

/** A stack's own keys, without the project's prefix, structured values parsed. */
export type RawConfig = Readonly<Record<string, unknown>>;

const serviceSchema = z.looseObject({
  liveColor: colorField.optional().catch(undefined),
  skipVerification: z.object({ image: z.string(), reason: z.string() }).optional().catch(undefined),
});
const configSchema = z.object({
  liveColor: colorField.default("blue").catch("blue"),
  capacity: z.string().default("peak").catch("peak"),
  services: z.record(z.string(), serviceSchema).default({}).catch({}),
});

/** @param before Undefined for the first update of a stack. */
export function changesBetween(before: RawConfig | undefined, after: RawConfig): Change[] {
  const [old, now] = [configSchema.parse(before ?? {}), configSchema.parse(after)];
  if (before === undefined) return [{ kind: "first", services: Object.keys(now.services) }];
  const changes: Change[] = [];
  if (old.capacity !== now.capacity) changes.push({ kind: "capacity", from: old.capacity, to: now.capacity });
  for (const [service, to] of Object.entries(now.services)) {
    const from = old.services[service];
    if (from === undefined) continue;
    const live = [from.liveColor ?? old.liveColor, to.liveColor ?? now.liveColor] as const;
    if (live[0] !== live[1]) changes.push({ kind: "switch", service, from: live[0], to: live[1] });
    const skip = to.skipVerification;
    if (skip !== undefined && JSON.stringify(skip) !== JSON.stringify(from.skipVerification))
      changes.push({ kind: "skipVerification", service, ...skip });
  }
  return [...changes, ...diff(before, after).flatMap((each) => otherChange(each))];
}

/** One line for a person. */
export function changeWords(change: Change): string {
  switch (change.kind) {
    case "first":
      return `first deployment of ${change.services.join(", ")}`;
    case "switch":
      return `${change.service}: switch ${change.from} -> ${change.to}`;
    case "deploy":
      return `${change.service}: deploy on ${change.color} ${change.from} -> ${change.to}`;
    case "capacity":
      return `capacity ${change.from} -> ${change.to}`;
    case "skipVerification":
      return `${change.service}: verification of ${change.image} skipped: ${change.reason}`;
    case "service":
      return `${change.service}: service ${change.added ? "added" : "removed"}`;
    case "destroy":
      return "everything destroyed";
    case "setting":
      return `${change.key} ${show(change.from)} -> ${show(change.to)}`;
  }
}

/** Whether a change is about a service, or about all of them. */
export function concerns(change: Change, service: string): boolean {
  if (change.kind === "setting")
    return !change.key.startsWith("services.") || change.key.startsWith(`services.${service}.`);
  return !("service" in change) || change.service === service;
}

type Difference = ReturnType<typeof diff>[number];

function otherChange(difference: Difference): Change[] {
  const path = difference.path.map(String);
  const from: unknown = difference.type === "CREATE" ? null : difference.oldValue;
  const to: unknown = difference.type === "REMOVE" ? null : difference.value;
  const [top = "", service = "", key = "", field] = path;
  if (top === "liveColor" || top === "capacity") return [];
  if (top === "services" && path.length === 2) return [{ kind: "service", service, added: to !== null }];
  if (top === "services" && key === "liveColor") return [];
  if (top === "services" && key === "skipVerification" && to !== null) return [];
  const color = colors.find((each) => each === key);
  if (top === "services" && color !== undefined && field === "image")
    return [{ kind: "deploy", service, color, from: show(from), to: show(to) }];
  return [{ kind: "setting", key: path.join("."), from, to }];
}

function show(value: unknown): string {
  return value === null ? "nothing" : typeof value === "string" ? value : JSON.stringify(value);
}
