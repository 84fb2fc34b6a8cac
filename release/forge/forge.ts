/** Where a pipeline's words go: the comment of a pull request, the issue about a stack. One of each, kept up to date. */
import { exitCodes, ReleaseError } from "../errors";

export interface Forge {
  readonly name: "GitHub" | "GitLab";
  /**
   * Has the pull request of this run carry one comment with such a marker: this one.
   *
   * @returns Its address.
   */
  readonly comment: (marker: string, body: string) => Promise<string>;
  /**
   * Has one open issue with such a marker: this one.
   *
   * @returns Its address.
   */
  readonly openIssue: (marker: string, issue: Issue) => Promise<string>;
  /**
   * Closes the open issue with such a marker, with a last word.
   *
   * @returns Its address; undefined where there is none.
   */
  readonly closeIssue: (marker: string, lastWord: string) => Promise<string | undefined>;
}

export interface Issue {
  readonly title: string;
  readonly body: string;
}

/** The label of the issues that this command opens: by it they are found among all others. */
export const issueLabel = "release-drift";

/** An invisible first line, by which a comment or an issue is found again. */
export function markerFor(what: "preview" | "drift", stack: string): string {
  // Two hyphens would end an HTML comment.
  return `<!-- release ${what} ${stack.replaceAll("--", "- -")} -->`;
}

/** The forge whose pipeline this process is part of. */
export async function forgeFrom(environment: Readonly<NodeJS.ProcessEnv> = process.env): Promise<Forge> {
  if (isSet(environment["GITHUB_REPOSITORY"])) return (await import("./github.ts")).github(environment);
  if (isSet(environment["CI_API_V4_URL"])) return (await import("./gitlab.ts")).gitlab(environment);
  throw new ReleaseError(
    "There is no forge to post to: this is neither a job of GitHub Actions nor one of GitLab CI.",
    "Leave --comment out, or run it in a pipeline (GITHUB_REPOSITORY and GITHUB_TOKEN, or CI_API_V4_URL and GITLAB_TOKEN).",
    exitCodes.usage,
  );
}

export function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}

/** @throws ReleaseError where a variable that the forge's API needs is not there. */
export function needed(environment: Readonly<NodeJS.ProcessEnv>, name: string, remedy: string): string {
  const value = environment[name];
  if (isSet(value)) return value;
  throw new ReleaseError(`${name} is not set, so nothing can be posted.`, remedy, exitCodes.failed);
}

/** What a request came to that the forge did not take, in words; the token is in none of them. */
export function forgeError(
  forge: Forge["name"],
  what: string,
  { status, cause, permission }: { status: number | undefined; cause: unknown; permission: string },
): ReleaseError {
  const words = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
  const said = status === undefined ? `does not answer (${words})` : `answers with status ${status}`;
  const remedy =
    status === 401
      ? "The token is wrong or has expired: set another one."
      : status === 403 || status === 404
        ? `The token may not do that, or there is no such thing: it needs ${permission}. A pull request from a fork has a token that may only read: leave --comment out there.`
        : "Try again; the plan itself is not affected.";
  return new ReleaseError(`${forge} ${said}: it was to ${what}.`, remedy, exitCodes.failed, { cause });
}
