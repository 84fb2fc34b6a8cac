/** GitLab, as a job of GitLab CI finds it in its environment. */
import { GitbeakerRequestError, Gitlab } from "@gitbeaker/rest";
import { exitCodes, ReleaseError } from "../errors";
import { forgeError, issueLabel, isSet, needed, type Forge } from "./forge";

const answerMs = 15_000;
const permission = "the scope api and the role Reporter, or Developer for a merge request";

export function gitlab(environment: Readonly<NodeJS.ProcessEnv>): Forge {
  const token = needed(
    environment,
    "GITLAB_TOKEN",
    "Make a project access token with the scope api, and set it as a masked variable: the job's own token may not comment.",
  );
  const project = needed(environment, "CI_PROJECT_ID", "GitLab sets it in every job.");
  // The library adds this path by itself.
  const host = (environment["CI_API_V4_URL"] ?? "").replace(/\/api\/v4\/?$/, "");
  const api = new Gitlab({ host, token, queryTimeout: answerMs });
  const web = environment["CI_PROJECT_URL"] ?? host;

  const openIssueOf = (marker: string) =>
    asked("list the issues", async () => {
      const open = await api.Issues.all({ projectId: project, labels: issueLabel, state: "opened" });
      return open.find(({ description }) => description.startsWith(marker));
    });

  return {
    name: "GitLab",

    comment: async (marker, body) => {
      const request = environment["CI_MERGE_REQUEST_IID"];
      if (!isSet(request))
        throw new ReleaseError(
          "This job of GitLab CI is for no merge request, so there is nothing to comment on.",
          "Use --comment where the job runs in merge request pipelines.",
          exitCodes.usage,
        );
      const iid = Number(request);
      const text = `${marker}\n${body}`;
      return asked(`comment on merge request !${iid}`, async () => {
        const notes = await api.MergeRequestNotes.all(project, iid, { perPage: 100 });
        const own = notes.find((note) => note.body.startsWith(marker));
        const note =
          own === undefined
            ? await api.MergeRequestNotes.create(project, iid, text)
            : own.body === text
              ? own
              : await api.MergeRequestNotes.edit(project, iid, own.id, { body: text });
        return `${web}/-/merge_requests/${iid}#note_${note.id}`;
      });
    },

    openIssue: async (marker, { title, body }) => {
      const description = `${marker}\n${body}`;
      const own = await openIssueOf(marker);
      return asked("open an issue", async () => {
        if (own === undefined) {
          const made = await api.Issues.create(project, title, { description, labels: issueLabel });
          return made.web_url;
        }
        if (own.description !== description) await api.Issues.edit(project, own.iid, { title, description });
        return own.web_url;
      });
    },

    closeIssue: async (marker, lastWord) => {
      const own = await openIssueOf(marker);
      if (own === undefined) return undefined;
      return asked(`close issue #${own.iid}`, async () => {
        await api.IssueNotes.create(project, own.iid, lastWord);
        await api.Issues.edit(project, own.iid, { stateEvent: "close" });
        return own.web_url;
      });
    },
  };
}

async function asked<T>(what: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    const status = cause instanceof GitbeakerRequestError ? cause.cause?.response.status : undefined;
    throw forgeError("GitLab", what, { status, cause, permission });
  }
}
