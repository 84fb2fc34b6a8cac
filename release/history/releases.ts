/** The stack's updates as releases: who, when, what changed. Pure functions over what the engine kept. */
import type { ConfigMap, UpdateSummary } from "@pulumi/pulumi/automation";
import type { Color } from "../../components/colors";
import { parseUpdateMessage } from "../operator";
import { changesBetween, type Change, type RawConfig } from "./changes";

export interface Release {
  readonly startedAt: Date;
  readonly seconds: number;
  readonly result: UpdateSummary["result"];
  /** Who made it: as this command noted it, else the pipeline; null where neither is known. */
  readonly by: string | null;
  readonly commit: { readonly id: string; readonly author: string } | null;
  /** Against the last update before it that succeeded. */
  readonly changes: readonly Change[];
  /** What was said about it, where somebody did. */
  readonly message: string | null;
}

/**
 * @param updates The newest first, as the engine tells them.
 * @param complete Whether the oldest of them is the stack's first.
 */
export function releasesOf(project: string, updates: readonly UpdateSummary[], complete: boolean): Release[] {
  const relevant = updates.filter(({ kind }) => kind === "update" || kind === "destroy");
  const releases = relevant.map((update, i) => {
    const older = relevant.slice(i + 1);
    // An update that failed has not made its configuration true: whatever it was to change is still to be changed.
    const base = older.find(({ result }) => result === "succeeded") ?? older.at(-1);
    const first = base === undefined || base.kind === "destroy";
    if (base === undefined && !complete) return undefined;
    const before = first ? undefined : rawConfig(project, base.config);
    const changes: Change[] =
      update.kind === "destroy" ? [{ kind: "destroy" }] : changesBetween(before, rawConfig(project, update.config));
    return releaseOf(update, changes);
  });
  return releases.filter((release) => release !== undefined);
}

export interface Switch {
  readonly from: Color;
  readonly to: Color;
  readonly at: Date;
  readonly by: string | null;
  readonly seconds: number;
}

/** The last switch of a service that succeeded. */
export function lastSwitch(releases: readonly Release[], service: string): Switch | undefined {
  for (const { result, changes, startedAt, by, seconds } of releases) {
    const change = changes.find((each) => each.kind === "switch" && each.service === service);
    if (result === "succeeded" && change?.kind === "switch")
      return { from: change.from, to: change.to, at: startedAt, by, seconds };
  }
  return undefined;
}

function releaseOf(update: UpdateSummary, changes: readonly Change[]): Release {
  const { startTime, endTime, result, environment } = update;
  const noted = parseUpdateMessage(update.message);
  const pipeline = environment["ci.system"];
  const build = environment["ci.build.number"];
  const id = environment["git.head"];
  // Without a message of its own an update carries the last commit's.
  return {
    startedAt: startTime,
    seconds: Math.max(0, (endTime.getTime() - startTime.getTime()) / 1000),
    result,
    by: noted?.by ?? (pipeline === undefined ? null : `${pipeline}${build === undefined ? "" : ` #${build}`}`),
    commit: id === undefined ? null : { id, author: environment["git.author"] ?? "" },
    changes,
    message: noted?.what ?? null,
  };
}

function rawConfig(project: string, config: ConfigMap): RawConfig {
  const prefix = `${project}:`;
  const own = Object.entries(config).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(own.map(([key, { value }]) => [key.slice(prefix.length), parsed(value)]));
}

function parsed(value: string): unknown {
  if (!/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
