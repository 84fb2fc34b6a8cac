import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { exitCodes, type ReleaseError } from "../../../release/errors";
import { forgeFrom, issueLabel, markerFor } from "../../../release/forge/forge";
import { forgeStandIn, token, type ForgeStandIn } from "../../support/forge";

const marker = markerFor("preview", "prod");
const opened: ForgeStandIn[] = [];
afterEach(() => {
  for (const each of opened.splice(0)) each.close();
});

async function aForge(kind: "github" | "gitlab"): Promise<ForgeStandIn> {
  const forge = await forgeStandIn(kind);
  opened.push(forge);
  return forge;
}

it("a person's comment is never taken for the pipeline's own on GitHub: the person could edit it afterwards", async () => {
  const stand = await aForge("github");
  stand.comments.push({ id: 1, body: `${marker}\nnothing changes`, edits: 0, by: "eve" });
  await (await forgeFrom(stand.environment)).comment(marker, "the plan");
  expect(stand.comments.map(({ body, edits }) => ({ body, edits }))).toEqual([
    { body: `${marker}\nnothing changes`, edits: 0 },
    { body: `${marker}\nthe plan`, edits: 0 },
  ]);
});

describe.each(["github", "gitlab"] as const)("%s", (kind) => {
  it("gets one comment for each stack, which later runs change", async () => {
    const stand = await aForge(kind);
    const forge = await forgeFrom(stand.environment);
    stand.comments.push({ id: 1, body: `Look at this: ${marker}`, edits: 0 });
    const address = await forge.comment(marker, "the first plan");
    await forge.comment(markerFor("preview", "dev"), "the plan of dev");
    expect(await forge.comment(marker, "the second plan")).toBe(address);
    expect(stand.comments.map(({ body, edits }) => ({ body, edits }))).toEqual([
      { body: `Look at this: ${marker}`, edits: 0 },
      { body: `${marker}\nthe second plan`, edits: 1 },
      { body: `${markerFor("preview", "dev")}\nthe plan of dev`, edits: 0 },
    ]);
    await forge.comment(marker, "the second plan");
    expect(stand.comments[1]?.edits).toBe(1);
  });

  it("has one open issue, which ends with a last word", async () => {
    const stand = await aForge(kind);
    const forge = await forgeFrom(stand.environment);
    expect(await forge.closeIssue(marker, "It is over.")).toBeUndefined();
    const address = await forge.openIssue(marker, { title: "Drift", body: "one" });
    expect(await forge.openIssue(marker, { title: "Drift", body: "two" })).toBe(address);
    expect(stand.issues).toEqual([
      { number: 11, title: "Drift", body: `${marker}\ntwo`, labels: issueLabel, open: true, comments: [] },
    ]);
    expect(await forge.closeIssue(marker, "It is over.")).toBe(address);
    expect(stand.issues).toMatchObject([{ open: false, comments: ["It is over."] }]);
    expect(await forge.openIssue(marker, { title: "Drift", body: "again" })).not.toBe(address);
  });

  it("that does not know the token says so, without showing it", async () => {
    const { environment } = await aForge(kind);
    const forge = await forgeFrom({ ...environment, GITHUB_TOKEN: "wrong-3f9a", GITLAB_TOKEN: "wrong-3f9a" });
    const failure = await forge.comment(marker, "text").catch((error: unknown) => error);
    expect(failure).toMatchObject({
      remedy: "The token is wrong or has expired: set another one.",
      exitCode: exitCodes.failed,
    });
    expect(String(failure)).toMatch(/Git(Hub|Lab) answers with status 401: it was to comment on (pull|merge) request/);
    expect(String(failure)).not.toContain("3f9a");
  });

  it("that has no such pull request, or lets the token only read, says what is needed", async () => {
    const { environment } = await aForge(kind);
    const forge = await forgeFrom({ ...environment, GITHUB_REF: "refs/pull/8/merge", CI_MERGE_REQUEST_IID: "8" });
    const failure = forge.comment(marker, "text");
    await expect(failure).rejects.toThrow(/status 404/);
    await expect(failure.catch((error: unknown) => (error as ReleaseError).remedy)).resolves.toMatch(
      /leave --comment out there/,
    );
  });

  it("that cannot be reached says so", async () => {
    const stand = await aForge(kind);
    stand.close();
    const forge = await forgeFrom(stand.environment);
    await expect(forge.openIssue(marker, { title: "Drift", body: "one" })).rejects.toThrow(
      /Git(Hub|Lab) does not answer/,
    );
  });

  it("without a token says which variable is missing", async () => {
    const { environment } = await aForge(kind);
    const without = { ...environment, GITHUB_TOKEN: "", GITLAB_TOKEN: undefined };
    await expect(forgeFrom(without)).rejects.toThrow(/^(GITHUB|GITLAB)_TOKEN is not set, so nothing can be posted\.$/);
  });

  it("is asked for nothing where the run is for no pull request", async () => {
    const stand = await aForge(kind);
    const forge = await forgeFrom({ ...stand.environment, GITHUB_REF: "refs/heads/main", CI_MERGE_REQUEST_IID: "" });
    await expect(forge.comment(marker, "text")).rejects.toMatchObject({ exitCode: exitCodes.usage });
    expect(stand.requests).toEqual([]);
  });
});

describe("the forge of a run", () => {
  it("on GitHub knows the pull request by the event, which another ref does not change", async () => {
    const stand = await aForge("github");
    const directory = mkdtempSync(path.join(os.tmpdir(), "event-"));
    const file = path.join(directory, "event.json");
    writeFileSync(file, JSON.stringify({ pull_request: { number: 7 } }));
    const forge = await forgeFrom({ ...stand.environment, GITHUB_REF: "refs/heads/main", GITHUB_EVENT_PATH: file });
    await forge.comment(marker, "text");
    expect(stand.comments).toHaveLength(1);
    rmSync(directory, { recursive: true });
  });

  it("is none on a workstation", async () => {
    await expect(forgeFrom({ GITHUB_TOKEN: token })).rejects.toMatchObject({
      message: "There is no forge to post to: this is neither a job of GitHub Actions nor one of GitLab CI.",
      exitCode: exitCodes.usage,
    });
  });

  it("finds its posts by a line that nobody sees, whatever the stack's name", () => {
    expect(markerFor("drift", "acme/a--b")).toBe("<!-- release drift acme/a- -b -->");
  });
});
