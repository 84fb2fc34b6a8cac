import { describe, expect, it } from "vitest";
import { failureMessage } from "../../../ci/failureMessage";

describe("what a failed job is told as", () => {
  it("leads to its log on GitHub", () => {
    const text = failureMessage({
      ...{ GITHUB_WORKFLOW: "scale", GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "example/facefusion" },
      ...{ GITHUB_RUN_ID: "42", GITHUB_ACTOR: "alice", STACK: "prod" },
    });
    expect(text).toContain("FAILED: scale (prod).");
    expect(text).toContain("log: https://github.com/example/facefusion/actions/runs/42\n");
    expect(text).toContain("by alice");
  });

  it("leads to its log on GitLab", () => {
    const url = "https://gitlab.com/example/facefusion/-/jobs/7";
    expect(failureMessage({ CI_JOB_NAME: "switch", CI_JOB_URL: url })).toContain(`FAILED: switch. `);
    expect(failureMessage({ CI_JOB_NAME: "switch", CI_JOB_URL: url })).toContain(`log: ${url}\n`);
  });

  it("says what to do where nothing is known of the job", () => {
    expect(failureMessage({})).toContain("npx release status");
    expect(failureMessage({})).not.toContain("undefined");
  });

  it("says where it was AWS that did not know the run", () => {
    const words = "AWS did not accept the identity of the run.";
    expect(failureMessage({ GITHUB_WORKFLOW: "scale", AWS_OUTCOME: "failure" })).toContain(words);
    expect(failureMessage({ GITHUB_WORKFLOW: "scale", AWS_OUTCOME: "success" })).not.toContain(words);
  });
});
