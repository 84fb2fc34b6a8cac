import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { forked, type Fork } from "../support/fork";
import { withImage } from "../support/pullRequest";

let fork: Fork;

beforeAll(async () => (fork = await forked("offline-preview-comment")));

afterAll(() => {
  fork.remove();
});

describe("a pull request from a fork that", () => {
  // At off-peak the idle colour of this stack has no Pods, so that nothing is verified before it is to go live.
  it("may comment keeps one comment", async () => {
    fork.request.change((config) =>
      withImage(config, "green", "123456789012.dkr.ecr.eu-west-1.amazonaws.com/facefusion:v2.1.0"),
    );
    const ended = await fork.preview(["--comment", "--json"]);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      outcome: "changes",
      sentences: ["facefusion: green gets v2.1.0 instead of v2.0.0; traffic stays on blue v1.0.0."],
      comment: { url: "https://github.example/c/100", problem: null },
    });
    expect(fork.forge.comments).toHaveLength(1);
    expect(fork.forge.comments[0]?.body).toContain("green gets v2.1.0 instead of v2.0.0");
  });

  it("has a token that may not comment is shown its plan all the same", async () => {
    fork.request.change((config) => config);
    const ended = await fork.preview(["--comment"], { GITHUB_TOKEN: "of-a-fork" });
    expect(ended.stdout).toContain("nothing changes");
    expect(ended.stderr).toContain("GitHub answers with status 401: it was to comment on pull request #7.");
    expect(ended.code).toBe(1);
  });
});
