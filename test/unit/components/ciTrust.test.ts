import { describe, expect, it } from "vitest";
import { githubForge, gitlabForge, trustPolicy, type Forge } from "../../../components/ciTrust";
import { at } from "../../support/graph";

const github = githubForge({ repository: "example/facefusion", environment: "production" });
const gitlab = gitlabForge({ project: "example/ml/facefusion", url: "https://gitlab.example.com/" });

function conditionOf(forge: Forge, purpose: "preview" | "release"): unknown {
  return at(
    trustPolicy("arn:aws:iam::123456789012:oidc-provider/forge", forge, forge[purpose]),
    "Statement.0.Condition",
  );
}

describe("GitHub", () => {
  it("gets the release role for the protected environment of this repository alone, and a token that is for AWS", () => {
    expect(conditionOf(github, "release")).toEqual({
      StringEquals: {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": ["repo:example/facefusion:environment:production"],
      },
    });
  });

  it("gets it for a second environment, without reviewers, where that is named", () => {
    const both = { repository: "example/facefusion", environment: "production", unattended: "production-unattended" };
    expect(githubForge(both).release.values).toEqual([
      "repo:example/facefusion:environment:production",
      "repo:example/facefusion:environment:production-unattended",
    ]);
  });

  it("gets the preview role for pull requests, and for the branch on which drift is looked for", () => {
    expect(conditionOf(github, "preview")).toEqual({
      StringEquals: {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": [
          "repo:example/facefusion:pull_request",
          "repo:example/facefusion:ref:refs/heads/main",
        ],
      },
    });
  });

  it("is known by the numbers of a younger repository as well", () => {
    const young = githubForge({ repository: "example@12/facefusion@34", environment: "production" });
    expect(young.release.values).toEqual(["repo:example@12/facefusion@34:environment:production"]);
  });
});

describe("GitLab", () => {
  it("gets the release role for the protected branch of this project alone", () => {
    expect(conditionOf(gitlab, "release")).toEqual({
      StringEquals: {
        "gitlab.example.com:aud": "https://gitlab.example.com",
        "gitlab.example.com:sub": ["project_path:example/ml/facefusion:ref_type:branch:ref:main"],
      },
    });
  });

  it("gets the preview role for any branch of this project, and no tag", () => {
    expect(conditionOf(gitlab, "preview")).toEqual({
      StringEquals: { "gitlab.example.com:aud": "https://gitlab.example.com" },
      StringLike: { "gitlab.example.com:sub": ["project_path:example/ml/facefusion:ref_type:branch:ref:*"] },
    });
  });

  it("may have another branch that is protected", () => {
    const forge = gitlabForge({ project: "example/facefusion", url: "https://gitlab.com", branch: "release" });
    expect(forge.release.values).toEqual(["project_path:example/facefusion:ref_type:branch:ref:release"]);
  });
});

it("a role is for a forge's runs, by the provider that checks their tokens", () => {
  expect(trustPolicy("arn:aws:iam::123456789012:oidc-provider/forge", github, github.release).Statement).toEqual([
    expect.objectContaining({
      Effect: "Allow",
      Principal: { Federated: "arn:aws:iam::123456789012:oidc-provider/forge" },
      Action: "sts:AssumeRoleWithWebIdentity",
    }),
  ]);
});
