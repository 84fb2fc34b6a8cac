/**
 * A stand-in for the APIs of GitHub and GitLab, as far as the release command uses them: comments of one pull request and
 * issues, in memory, on loopback. It refuses what the real ones would: no token, a path or a number that is not there, a
 * body that is too long.
 */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

/** What is posted at the forge, whichever it is. */
export interface Posted {
  /** `by` is a person, where it is not a bot's. */
  readonly comments: { id: number; body: string; edits: number; by?: string }[];
  readonly issues: { number: number; title: string; body: string; labels: string; open: boolean; comments: string[] }[];
}

export interface ForgeStandIn extends Posted {
  /** What a job of the forge's pipeline has in its environment. */
  readonly environment: Record<string, string>;
  /** Method and path of all requests. */
  readonly requests: string[];
  readonly close: () => void;
}

/** The pull request, or merge request, that there is. */
export const pullRequest = 7;
export const token = "forge-token-3f9a";
const longest = { github: 65_536, gitlab: 1_000_000 };

const bodySchema = z.object({
  body: z.string().optional(),
  description: z.string().optional(),
  title: z.string().optional(),
  labels: z.union([z.string(), z.array(z.string())]).optional(),
  state: z.string().optional(),
  state_event: z.string().optional(),
});
type Sent = z.infer<typeof bodySchema>;

interface Reply {
  status: number;
  value: unknown;
}

type Route = readonly [method: string, path: RegExp, answer: (number: number, sent: Sent) => Reply];

const notFound: Reply = { status: 404, value: { message: "Not Found" } };

export async function forgeStandIn(kind: "github" | "gitlab"): Promise<ForgeStandIn> {
  const posted: Posted = { comments: [], issues: [] };
  const requests: string[] = [];
  const routes = kind === "github" ? githubRoutes(posted) : gitlabRoutes(posted);
  const server = createServer((request, response) => {
    void answerTo(request).then(({ status, value }) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    });
  });

  async function answerTo(request: IncomingMessage): Promise<Reply> {
    const path = request.url?.split("?")[0] ?? "";
    requests.push(`${request.method ?? ""} ${path}`);
    const given = kind === "github" ? request.headers.authorization : request.headers["private-token"];
    if (given !== (kind === "github" ? `token ${token}` : token))
      return { status: 401, value: { message: "Bad credentials" } };
    const sent = bodySchema.parse(JSON.parse((await textOf(request)) || "{}"));
    if ((sent.body ?? sent.description ?? "").length > longest[kind])
      return { status: 422, value: { message: "Validation Failed: body is too long" } };
    const route = routes.find(([method, pattern]) => method === request.method && pattern.test(path));
    return route === undefined ? notFound : route[2](Number(route[1].exec(path)?.[1]), sent);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...posted,
    requests,
    environment: kind === "github" ? githubEnvironment(url) : gitlabEnvironment(url),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function githubEnvironment(url: string): Record<string, string> {
  const ref = `refs/pull/${pullRequest}/merge`;
  return { GITHUB_REPOSITORY: "example/facefusion", GITHUB_TOKEN: token, GITHUB_API_URL: url, GITHUB_REF: ref };
}

function gitlabEnvironment(url: string): Record<string, string> {
  const project = { CI_API_V4_URL: `${url}/api/v4`, CI_PROJECT_ID: "42", CI_PROJECT_URL: "https://gitlab.example/x" };
  return { ...project, CI_MERGE_REQUEST_IID: String(pullRequest), GITLAB_TOKEN: token };
}

function githubRoutes(posted: Posted): Route[] {
  const root = "^/repos/example/facefusion/issues";
  const comment = (each: Posted["comments"][number]) => ({
    ...each,
    user: { type: each.by === undefined ? "Bot" : "User" },
    html_url: `https://github.example/c/${each.id}`,
  });
  const issue = (each: Posted["issues"][number]) => ({
    ...each,
    user: { type: "Bot" },
    html_url: `https://github.example/i/${each.number}`,
  });
  return [
    ["GET", new RegExp(`${root}/(\\d+)/comments$`), (at) => onPull(at, () => posted.comments.map(comment))],
    [
      "POST",
      new RegExp(`${root}/(\\d+)/comments$`),
      (at, { body = "" }) => {
        const own = posted.issues.find(({ number }) => number === at);
        if (own === undefined) return onPull(at, () => comment(addComment(posted, body)), 201);
        own.comments.push(body);
        return { status: 201, value: { id: 1, body, html_url: "https://github.example/c/1" } };
      },
    ],
    [
      "PATCH",
      new RegExp(`${root}/comments/(\\d+)$`),
      (id, { body = "" }) => found(editComment(posted, id, body), comment),
    ],
    [
      "GET",
      new RegExp(`${root}$`),
      () => ({ status: 200, value: posted.issues.filter(({ open }) => open).map(issue) }),
    ],
    ["POST", new RegExp(`${root}$`), (_, sent) => ({ status: 201, value: issue(addIssue(posted, sent)) })],
    ["PATCH", new RegExp(`${root}/(\\d+)$`), (at, sent) => found(editIssue(posted, at, sent), issue)],
  ];
}

function gitlabRoutes(posted: Posted): Route[] {
  const root = "^/api/v4/projects/42";
  const issue = ({ number, title, body }: Posted["issues"][number]) => {
    return { iid: number, title, description: body, web_url: `https://gitlab.example/x/-/issues/${number}` };
  };
  const note = <T>(each: T) => each;
  return [
    ["GET", new RegExp(`${root}/merge_requests/(\\d+)/notes$`), (at) => onPull(at, () => posted.comments)],
    [
      "POST",
      new RegExp(`${root}/merge_requests/(\\d+)/notes$`),
      (at, { body = "" }) => onPull(at, () => addComment(posted, body), 201),
    ],
    [
      "PUT",
      new RegExp(`${root}/merge_requests/${pullRequest}/notes/(\\d+)$`),
      (id, { body = "" }) => found(editComment(posted, id, body), note),
    ],
    [
      "GET",
      new RegExp(`${root}/issues$`),
      () => ({ status: 200, value: posted.issues.filter(({ open }) => open).map(issue) }),
    ],
    ["POST", new RegExp(`${root}/issues$`), (_, sent) => ({ status: 201, value: issue(addIssue(posted, sent)) })],
    ["PUT", new RegExp(`${root}/issues/(\\d+)$`), (at, sent) => found(editIssue(posted, at, sent), issue)],
    [
      "POST",
      new RegExp(`${root}/issues/(\\d+)/notes$`),
      (at, { body = "" }) => {
        const own = posted.issues.find(({ number }) => number === at);
        own?.comments.push(body);
        return found(own, () => ({ id: 1, body }));
      },
    ],
  ];
}

function onPull(number: number, answer: () => unknown, status = 200): Reply {
  return number === pullRequest ? { status, value: answer() } : notFound;
}

function found<T>(value: T | undefined, shown: (value: T) => unknown): Reply {
  return value === undefined ? notFound : { status: 200, value: shown(value) };
}

function addComment({ comments }: Posted, body: string) {
  const comment = { id: 100 + comments.length, body, edits: 0 };
  comments.push(comment);
  return comment;
}

function editComment({ comments }: Posted, id: number, body: string) {
  const own = comments.find((each) => each.id === id);
  if (own !== undefined) Object.assign(own, { body, edits: own.edits + 1 });
  return own;
}

function addIssue({ issues }: Posted, { title = "", body, description, labels = "" }: Sent) {
  const issue = {
    ...{ number: 11 + issues.length, title, body: body ?? description ?? "", labels: [labels].flat().join(",") },
    open: true,
    comments: [],
  };
  issues.push(issue);
  return issue;
}

function editIssue({ issues }: Posted, at: number, { title, body, description, state, state_event }: Sent) {
  const own = issues.find(({ number }) => number === at);
  if (own === undefined) return undefined;
  own.title = title ?? own.title;
  own.body = body ?? description ?? own.body;
  if (state === "closed" || state_event === "close") own.open = false;
  return own;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
