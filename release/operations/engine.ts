/** Operations of the engine, with what they do to which resource as it happens. */
import type { EngineEvent, OpType, Stack, StepEventMetadata } from "@pulumi/pulumi/automation";
import { exitCodes, ReleaseError } from "../errors";

/** What an operation does, or would do, to one resource. */
export interface Change {
  /** In the program, such as `facefusion-route-ingress`. */
  readonly name: string;
  /** `Ingress`. */
  readonly type: string;
  readonly op: "create" | "update" | "replace" | "delete";
}

export interface EngineOptions {
  /** What the stack's history says about it. */
  message?: string;
  /**
   * Resources to leave as they are, by URN with wildcards; the controllers, where this is left out. Never ones that are yet
   * to be made and that others need.
   */
  exclude?: string[];
  target?: string[];
  /** Resources to make anew. */
  replace?: string[];
  /** A configuration file in place of the stack's own. */
  configFile?: string;
  /** True: the engine looks at the cluster first; false: it believes its own state; left out: as the project says. */
  refresh?: boolean;
  signal?: AbortSignal;
  /** Told as it happens; `begins` and `done` for each change, `failed` for one that did not work. */
  watch?: (change: Change, phase: "begins" | "done" | "failed") => void;
}

/** An operation that did not work. */
export class EngineError extends ReleaseError {
  constructor(
    /** What the engine said, one problem each. */
    readonly problems: readonly string[],
    /** The resources that it failed at, by name. */
    readonly failedAt: readonly string[],
    remedy: string,
    options: ErrorOptions,
  ) {
    const refused = problems.some((problem) => hookFailure.test(problem));
    const message = problems.map((problem) => problem.replace(hookFailure, "")).join("\n");
    super(message, remedy, refused ? exitCodes.refused : exitCodes.failed, options);
  }
}

/** What the engine puts before the words of a hook that says no, such as that of the live colour. */
const hookFailure = /^(Preview failed: )?before hook "[^"]*" failed: /;

/**
 * What an update would do.
 *
 * @throws ReleaseError where it would leave out controllers that are yet to be made. The services depend on them, and the
 * engine cannot read a state again in which anything depends on what is not there.
 */
export async function preview(stack: Stack, options: EngineOptions): Promise<Change[]> {
  const leftOut = new Set<string>();
  const remedy = "Nothing was changed; put that right first.";
  const changes = await observed(stack, options, remedy, (given) => stack.preview(given), leftOut);
  if (leftOut.size === 0) return changes;
  throw new ReleaseError(
    `A release leaves the cluster's controllers alone, and these are configured and not deployed: ${[...leftOut].join(", ")}.`,
    "Have an administrator deploy them first: pulumi up",
    exitCodes.refused,
  );
}

/** Brings the stack to what its configuration says. Its outputs are not to be asked for after that. */
export function update(stack: Stack, options: EngineOptions): Promise<Change[]> {
  // To read them takes two more starts of the engine, and the cluster that they lead to is known by now.
  stack.workspace.stackOutputs = () => Promise.resolve({});
  return observed(stack, options, "Put that right and try again; what was done so far stays.", (given) =>
    stack.up(given),
  );
}

/** Has the engine learn what some resources are in the cluster. */
export function refresh(stack: Stack, options: EngineOptions): Promise<Change[]> {
  return observed(stack, options, "Try again.", (given) => stack.refresh(given));
}

/**
 * What no release has to do with: the controllers that a stack installs. To look at a chart takes its namespace's Secrets,
 * which whoever releases need not be able to read (docs/aws-access.md).
 */
export const notReleased = ["**:NginxIngress$**", "**:EksControllers$**"];

async function observed(
  stack: Stack,
  { watch, refresh: looksFirst, ...given }: EngineOptions,
  remedy: string,
  operate: (options: object) => Promise<unknown>,
  leftOut?: Set<string>,
): Promise<Change[]> {
  const changes = new Map<string, Change>();
  const problems: string[] = [];
  const failedAt: string[] = [];
  const onEvent = (event: EngineEvent) => {
    const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent } = event;
    if (resourcePreEvent !== undefined && isYetToBeMade(resourcePreEvent.metadata))
      leftOut?.add(nameOf(resourcePreEvent.metadata.urn));
    const phases = { begins: resourcePreEvent, done: resOutputsEvent, failed: resOpFailedEvent };
    for (const phase of ["begins", "done", "failed"] as const) {
      const metadata = phases[phase]?.metadata;
      const change = metadata && changeOf(metadata.urn, metadata.op);
      if (metadata === undefined || change === undefined) continue;
      changes.set(metadata.urn, change);
      if (phase === "failed") failedAt.push(change.name);
      watch?.(change, phase);
    }
    if (diagnosticEvent?.severity === "error") problems.push(diagnosticText(diagnosticEvent));
  };
  // The engine takes one of the two.
  const limits = given.target === undefined ? { exclude: given.exclude ?? notReleased } : {};
  const { envVars } = stack.workspace;
  if (looksFirst === false) stack.workspace.envVars = { ...envVars, PULUMI_OPTION_REFRESH: "false" };
  try {
    await operate({ ...given, ...limits, ...(looksFirst === true && { refresh: true }), color: "never", onEvent });
  } catch (error) {
    const told = problems.filter((text, i) => !isSummary(text) && problems.indexOf(text) === i);
    // Without a word about a resource it was the command itself: its lock, its state, its options.
    if (told.length === 0) throw error;
    throw new EngineError(told, failedAt, remedy, { cause: error });
  } finally {
    stack.workspace.envVars = envVars;
  }
  return [...changes.values()];
}

const words: Partial<Record<OpType, Change["op"]>> = {
  create: "create",
  update: "update",
  delete: "delete",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
};

/** A resource that was left out and is not there: for the engine it stays as it is, without an ID. */
function isYetToBeMade({ op, old }: StepEventMetadata): boolean {
  return op === "same" && old?.custom === true && old.id === "";
}

/** A resource's name in the program. */
export function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

/** Undefined where nothing happens to it. A component is nothing of its own. */
export function changeOf(urn: string, op: OpType): Change | undefined {
  const [, , types = ""] = urn.split("::");
  const word = words[op];
  const type = types.split("$").at(-1) ?? "";
  if (word === undefined || /^(pulumi:pulumi:Stack|facefusion:index:.*|pulumi:providers:.*)$/.test(type))
    return undefined;
  return { name: nameOf(urn), type: type.split(":").at(-1) ?? type, op: word };
}

/** A diagnostic without its colours and its name. */
export function diagnosticText({ message, prefix }: { message: string; prefix?: string }): string {
  const text = message.slice(prefix !== undefined && message.startsWith(prefix) ? prefix.length : 0);
  return text
    .replace(/<\{%.*?%\}>/g, "")
    .replace(/^\s*error: /, "")
    .trim();
}

function isSummary(text: string): boolean {
  return /^(update|preview|refresh) failed$/.test(text);
}
