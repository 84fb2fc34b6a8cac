/** `release history`. */
import type { Stack } from "@pulumi/pulumi/automation";
import { openContext } from "../context";
import type { CommonOptions } from "../options";
import { paint } from "../render/colors";
import { table } from "../render/table";
import { duration, timeOf } from "../render/time";
import { changeWords, concerns } from "./changes";
import { releasesOf, type Release } from "./releases";

export interface HistoryOptions extends CommonOptions {
  /** How many releases. */
  limit: number;
}

export async function history(options: HistoryOptions): Promise<void> {
  const { stack, output } = await openContext(options);
  const { service } = options;
  const releases = (await readReleases(stack, options.limit))
    .map((release) => ({
      ...release,
      changes: release.changes.filter((change) => service === undefined || concerns(change, service)),
    }))
    .filter(({ changes }) => service === undefined || changes.length > 0)
    .slice(0, options.limit);
  output.result({ stack: stack.name, releases: releases.map(withWords) }, () => renderHistory(releases));
}

/** The last releases of a stack, the newest first; a few more than asked for, to compare with. */
export async function readReleases(stack: Stack, limit: number): Promise<Release[]> {
  const size = limit + 20;
  const { name: project } = await stack.workspace.projectSettings();
  // Without secrets: what nobody should read is not shown by accident.
  const updates = await stack.history(size, 1, false);
  return releasesOf(project, updates, updates.length < size);
}

function withWords(release: Release) {
  return { ...release, changes: release.changes.map((change) => ({ ...change, words: changeWords(change) })) };
}

export function renderHistory(releases: readonly Release[]): string {
  if (releases.length === 0) return "No update of this stack is known.";
  const rows = releases.map((release) => [
    timeOf(release.startedAt),
    whoWords(release),
    whatWords(release),
    release.result === "succeeded" ? release.result : paint.red(release.result),
    duration(release.seconds * 1000),
  ]);
  return table(["WHEN", "WHO", "WHAT", "RESULT", "TOOK"], rows);
}

function whoWords({ by, commit }: Release): string {
  return by ?? (commit === null ? "unknown" : `commit ${commit.id.slice(0, 7)}`);
}

function whatWords({ changes, message }: Release): string {
  const words = changes.map(changeWords);
  if (words.length > 0) return words.join("\n");
  return message ?? "no change of the configuration";
}
