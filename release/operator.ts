/**
 * Who did what, as it is kept in the stack's history: the message of an update. The engine itself notes only the commit
 * and its author, which says nothing about who ran it.
 */
import * as os from "node:os";

/** Where a pipeline says who started it. */
const pipelineVariables = ["GITHUB_ACTOR", "GITLAB_USER_LOGIN", "BUILDKITE_BUILD_CREATOR", "BUILD_USER_ID"];

/** Who runs this command: the person behind a pipeline, else user@host. */
export function operator(environment: Readonly<NodeJS.ProcessEnv> = process.env): string {
  const actor = pipelineVariables.map((name) => environment[name]).find((value) => value !== undefined && value !== "");
  return actor ?? `${environment["SUDO_USER"] ?? environment["USER"] ?? os.userInfo().username}@${os.hostname()}`;
}

/** The message of an update made by this command: `release: switch facefusion to green (by alice@laptop)`. */
export function updateMessage(what: string, by: string): string {
  return `release: ${what} (by ${by})`;
}

/** What an update's message says; undefined where it was not made by this command. */
export function parseUpdateMessage(message: string): { what: string; by: string } | undefined {
  const parts = /^release: (?<what>.+) \(by (?<by>[^()]+)\)$/.exec(message)?.groups;
  return parts === undefined ? undefined : { what: parts["what"] ?? "", by: parts["by"] ?? "" };
}
