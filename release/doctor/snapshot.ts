/** Everything that the doctor looks at, as plain values, and what it finds. */
import type { Color } from "../../components/colors";
import type { ServiceSettings, Settings } from "../../settings";
import type { NodeState, ServiceState } from "../cluster/state";

export interface Snapshot {
  readonly now: Date;
  readonly settings: Settings;
  readonly services: readonly ServiceSnapshot[];
  readonly nodes: Looked<readonly NodeState[]>;
  readonly guard: Looked<GuardState>;
  readonly engine: EngineState;
}

/** What was to be looked at; or why it could not be. */
export type Looked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

export interface ServiceSnapshot {
  readonly name: string;
  readonly settings: ServiceSettings;
  /** The colour that the configuration makes live. */
  readonly configured: Color;
  readonly state: ServiceState;
  /** The colour that is live by Pulumi's own state; undefined where it holds no route. */
  readonly recorded: Color | undefined;
  /** By Pod, what else is known about its trouble. */
  readonly evidence: Readonly<Record<string, readonly string[]>>;
  /** By the name of a TLS Secret. */
  readonly certificates: Readonly<Record<string, CertificateState>>;
}

export type CertificateState =
  | { readonly kind: "missing" }
  | { readonly kind: "unreadable"; readonly problem: string }
  | { readonly kind: "present"; readonly expires: Date; readonly covers: (host: string) => boolean };

/** The guard's objects that should be in the cluster and are not, as `policy facefusion-switch-guard-routes`. */
export interface GuardState {
  readonly missing: readonly string[];
}

export interface EngineState {
  /** Operations that an engine began and never ended, such as "creating facefusion-blue-deployment". */
  readonly pending: readonly string[];
  /** Who holds the stack; undefined where nobody does, or where the backend does not tell. */
  readonly lock: string | undefined;
}

export interface Finding {
  /** Name of the check. */
  check: string;
  /** `error`: something is wrong now. `warning`: something will be, or may be. `note`: good to know. */
  severity: "error" | "warning" | "note";
  service: string | null;
  /** What is so. */
  problem: string;
  /** What that means for the users or for a release. */
  meaning: string;
  /** The command that helps. */
  help: string;
  /** Evidence: events, log lines, lines of a report. */
  details: string[];
}

/** One thing that the doctor looks for. */
export interface Check {
  name: string;
  find: (snapshot: Snapshot) => Omit<Finding, "check">[];
}

/** kubectl in the services' namespace, for a command that is shown: who copies it may be in another one. */
export function kubectlIn({ namespace }: Pick<Settings, "namespace">): string {
  return `kubectl --namespace ${namespace}`;
}

/** A finding about a service, as checks write it. */
export function finding(
  service: ServiceSnapshot | undefined,
  severity: Finding["severity"],
  words: { problem: string; meaning: string; help: string; details?: readonly string[] },
): Omit<Finding, "check"> {
  return { severity, service: service?.name ?? null, ...words, details: [...(words.details ?? [])] };
}
