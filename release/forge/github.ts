/** GitHub, as a job of GitHub Actions finds it in its environment. */
import { Octokit } from "@octokit/rest";
import { z } from "zod";
import { exitCodes, ReleaseError } from "../errors";
import { eventOf } from "./event";
import { forgeError, issueLabel, needed, type Forge, type Issue } from "./forge";

const answerMs = 15_000;

/** A comment or an issue, as far as it matters here. */
interface Post {
  readonly body?: string | null | undefined;
  readonly html_url: string;
  readonly user?: { readonly type?: string } | null | undefined;
}

export function github(environment: Readonly<NodeJS.ProcessEnv>): Forge {
  const [owner = "", repo = ""] = (environment["GITHUB_REPOSITORY"] ?? "").split("/");
  const token = needed(environment, "GITHUB_TOKEN", "Hand it to the step: env: GITHUB_TOKEN: ${{ github.token }}");
  const api = new Octokit({
    auth: token,
    baseUrl: environment["GITHUB_API_URL"] ?? "https://api.github.com",
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    request: {
      fetch: (url: string, init: RequestInit) => fetch(url, { ...init, signal: AbortSignal.timeout(answerMs) }),
    },
  });
  const here = { owner, repo };

  const openIssueOf = (marker: string) =>
    asked("list the issues", "issues: write", () =>
      found(api.paginate.iterator(api.rest.issues.listForRepo, { ...here, labels: issueLabel, state: "open" }), marker),
    );

  return {
    name: "GitHub",

    comment: async (marker, body) => {
      const issue_number = pullRequestOf(environment);
      const text = `${marker}\n${body}`;
      return asked(`comment on pull request #${issue_number}`, "pull-requests: write", async () => {
        const comments = api.paginate.iterator(api.rest.issues.listComments, { ...here, issue_number, per_page: 100 });
        const own = await found(comments, marker);
        if (own === undefined)
          return (await api.rest.issues.createComment({ ...here, issue_number, body: text })).data.html_url;
        if (own.body !== text) await api.rest.issues.updateComment({ ...here, comment_id: own.id, body: text });
        return own.html_url;
      });
    },

    openIssue: async (marker, { title, body }: Issue) => {
      const text = `${marker}\n${body}`;
      const own = await openIssueOf(marker);
      return asked("open an issue", "issues: write", async () => {
        if (own === undefined)
          return (await api.rest.issues.create({ ...here, title, body: text, labels: [issueLabel] })).data.html_url;
        if (own.body !== text) await api.rest.issues.update({ ...here, issue_number: own.number, title, body: text });
        return own.html_url;
      });
    },

    closeIssue: async (marker, body) => {
      const own = await openIssueOf(marker);
      if (own === undefined) return undefined;
      return asked(`close issue #${own.number}`, "issues: write", async () => {
        await api.rest.issues.createComment({ ...here, issue_number: own.number, body });
        await api.rest.issues.update({ ...here, issue_number: own.number, state: "closed" });
        return own.html_url;
      });
    },
  };
}

/** The first post of a bot that begins with a marker: a person's could be edited afterwards, to say what nobody has planned. */
async function found<T extends Post>(pages: AsyncIterable<{ data: T[] }>, marker: string): Promise<T | undefined> {
  for await (const { data } of pages) {
    const own = data.find(({ body, user }) => body?.startsWith(marker) === true && user?.type === "Bot");
    if (own !== undefined) return own;
  }
  return undefined;
}

async function asked<T>(what: string, permission: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (cause instanceof ReleaseError) throw cause;
    const answered = cause instanceof Error && Reflect.get(cause, "response") !== undefined;
    const status: unknown = answered ? Reflect.get(cause, "status") : undefined;
    throw forgeError("GitHub", what, { status: typeof status === "number" ? status : undefined, cause, permission });
  }
}

const eventSchema = z.object({ pull_request: z.object({ number: z.int() }) });

/** The pull request that this run is for: by its event, else by the ref that is checked out. */
function pullRequestOf(environment: Readonly<NodeJS.ProcessEnv>): number {
  const event = eventOf(environment);
  const parsed = eventSchema.safeParse(event);
  const number = parsed.success
    ? parsed.data.pull_request.number
    : Number(/^refs\/pull\/(\d+)\//.exec(environment["GITHUB_REF"] ?? "")?.[1]);
  if (Number.isInteger(number)) return number;
  throw new ReleaseError(
    "This run of GitHub Actions is for no pull request, so there is nothing to comment on.",
    "Use --comment where the workflow runs on: pull_request.",
    exitCodes.usage,
  );
}

function ignore(): void {
  // The library's own lines would show a request's address; what went wrong is told by the error.
}
