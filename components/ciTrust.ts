/** Which runs of a pipeline are given a role: what the forge's token has to say of the run. */
import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

export interface GithubArgs {
  /**
   * The repository as the subject of its tokens names it: `owner/name`, or `owner@id/name@id` for one that was made, renamed
   * or moved after 15 July 2026, or has opted in (GitHub Docs, "OpenID Connect reference", immutable subject claims).
   */
  repository: string;
  /** The protected environment whose reviewers let a release through. */
  environment: string;
  /**
   * A second protected environment, without reviewers: for what must not wait for anybody, which is to deploy to the idle
   * colour, to scale by the schedule and to roll back. Both take the same role; none by default.
   */
  unattended?: string | undefined;
  /** The branch whose runs may look, for the search for drift; `main` by default. */
  branch?: string | undefined;
}

export interface GitlabArgs {
  /** Path of the project, such as `group/project`. */
  project: string;
  /** Address of the GitLab instance; of one's own, 18.2.2 or later: before, a fork could get the project's own subject. */
  url: string;
  /** The protected branch whose runs may release; `main` by default. */
  branch?: string | undefined;
}

/** What the tokens of a forge look like. */
export interface Forge {
  /** Who signs them. */
  readonly issuer: string;
  /** Whom they are for. GitLab's jobs have to ask for it, by `id_tokens`; GitHub's AWS action asks by itself. */
  readonly audience: string;
  /** Subjects of the runs that may look. */
  readonly preview: Subjects;
  /** Subjects of the runs that may release. */
  readonly release: Subjects;
}

interface Subjects {
  /** StringLike only where `*` is to stand for something. */
  readonly operator: "StringEquals" | "StringLike";
  readonly values: readonly string[];
}

/**
 * A job that names an environment has that in its subject, in place of the branch and the event: nobody gets to release
 * past the environment's protection, and a pull request that names it waits for its reviewers. Forks get no token at all.
 */
export function githubForge({ repository, environment, unattended, branch = "main" }: GithubArgs): Forge {
  const subject = (rest: string) => `repo:${repository}:${rest}`;
  return {
    issuer: "https://token.actions.githubusercontent.com",
    audience: "sts.amazonaws.com",
    preview: { operator: "StringEquals", values: [subject("pull_request"), subject(`ref:refs/heads/${branch}`)] },
    release: {
      operator: "StringEquals",
      values: [environment, ...(unattended === undefined ? [] : [unattended])].map((name) =>
        subject(`environment:${name}`),
      ),
    },
  };
}

/**
 * A merge request's subject names its source branch (GitLab Docs, "OpenID Connect authentication using ID tokens"): any
 * branch of the project may look. A fork's names the fork. There is no environment in it: the branch has to be protected.
 */
export function gitlabForge({ project, url, branch = "main" }: GitlabArgs): Forge {
  const subject = (ref: string) => `project_path:${project}:ref_type:branch:ref:${ref}`;
  const issuer = url.replace(/\/+$/, "");
  return {
    issuer,
    audience: issuer,
    preview: { operator: "StringLike", values: [subject("*")] },
    release: { operator: "StringEquals", values: [subject(branch)] },
  };
}

/** Lets the runs with one of these subjects, and no other, have a role. */
export function trustPolicy(
  providerArn: pulumi.Input<string>,
  { issuer, audience }: Forge,
  { operator, values }: Subjects,
): aws.iam.PolicyDocument {
  const claims = issuer.replace(/^https:\/\//, "");
  const forUs = { [`${claims}:aud`]: audience };
  const fromThem = { [`${claims}:sub`]: [...values] };
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: providerArn },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition:
          operator === "StringEquals"
            ? { StringEquals: { ...forUs, ...fromThem } }
            : { StringEquals: forUs, StringLike: fromThem },
      },
    ],
  };
}
