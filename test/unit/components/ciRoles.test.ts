import { describe, expect, it } from "vitest";
import { CiRoles, type CiRolesArgs } from "../../../components/ciRoles";
import { at, isTree, type Graph } from "../../support/graph";
import { record, valueOf } from "../../support/mocks";

const bucket = "arn:aws:s3:::facefusion-state";
const key = "arn:aws:kms:eu-west-1:123456789012:key/state";
const secretsKey = "arn:aws:kms:eu-west-1:123456789012:key/secrets";
const models = "arn:aws:s3:::facefusion-models";
const repository = "arn:aws:ecr:eu-west-1:123456789012:repository/facefusion";

function theArgs(change: Partial<CiRolesArgs> = {}): CiRolesArgs {
  return {
    github: { repository: "example/facefusion", environment: "production" },
    clusterName: "inference",
    repositoryArns: [repository],
    modelBucketArn: models,
    state: { bucketArn: bucket, keyArn: key, secretsKeyArn: secretsKey },
    groups: { preview: ["observers"], release: ["release-managers"] },
    ...change,
  };
}

async function graphOf(change: Partial<CiRolesArgs> = {}): Promise<Graph> {
  return (await record(() => new CiRoles("ci", theArgs(change)))).graph;
}

interface Grant {
  sid: string;
  actions: string[];
  resources: string[];
  condition: unknown;
}

/** What a role may do. */
async function grantsOf(purpose: "preview" | "release", change: Partial<CiRolesArgs> = {}): Promise<Grant[]> {
  const policy = at((await graphOf(change)).one("RolePolicy", `ci-github-${purpose}-policy`).inputs, "policy");
  const statements = at(policy, "Statement");
  if (!Array.isArray(statements)) throw new Error("no statements");
  return statements.filter(isTree).map((statement) => ({
    sid: String(statement["Sid"]),
    actions: strings(statement["Action"]),
    resources: strings(statement["Resource"]),
    condition: statement["Condition"],
  }));
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** The resources on which a role may do something. */
async function where(purpose: "preview" | "release", action: string): Promise<string[]> {
  return (await grantsOf(purpose))
    .filter(({ actions }) => actions.includes(action))
    .flatMap(({ resources }) => resources);
}

describe("a forge's roles", () => {
  it("are two, each with its permissions and its place in the cluster, and the provider that checks tokens", async () => {
    expect((await graphOf()).toString()).toBe(
      `
CiRoles ci
  OpenIdConnectProvider ci-github-provider
  Role ci-github-preview
    ClusterAccess ci-github-preview-access
      AccessEntry ci-github-preview-access-entry
    RolePolicy ci-github-preview-policy
  Role ci-github-release
    ClusterAccess ci-github-release-access
      AccessEntry ci-github-release-access-entry
    RolePolicy ci-github-release-policy
`.trim(),
    );
  });

  it("are there for each forge, and take the provider that the account has already", async () => {
    const providerArn = "arn:aws:iam::123456789012:oidc-provider/gitlab.com";
    const gitlab = { project: "example/facefusion", url: "https://gitlab.com", providerArn };
    const graph = await graphOf({ gitlab });
    expect(graph.all("OpenIdConnectProvider").map(({ name }) => name)).toEqual(["ci-github-provider"]);
    const trust = at(graph.one("Role", "ci-gitlab-release").inputs, "assumeRolePolicy");
    expect(at(trust, "Statement.0.Principal")).toEqual({ Federated: providerArn });
  });

  it("last an hour", async () => {
    for (const { inputs } of (await graphOf()).all("Role")) expect(at(inputs, "maxSessionDuration")).toBe(3600);
  });

  it("are in the cluster what the guard's groups are, and nothing else", async () => {
    const graph = await graphOf();
    const groups = (purpose: string) =>
      at(graph.one("AccessEntry", `ci-github-${purpose}-access-entry`).inputs, "kubernetesGroups");
    expect([groups("preview"), groups("release")]).toEqual([["observers"], ["release-managers"]]);
    expect(graph.all("AccessPolicyAssociation")).toEqual([]);
  });

  it("are told by their ARNs", async () => {
    const { made } = await record(() => new CiRoles("ci", theArgs()));
    expect(made.gitlab).toBeUndefined();
    if (made.github === undefined) throw new Error("no roles for GitHub");
    expect(await valueOf(made.github.release)).toBe("arn:aws:iam::123456789012:role/recorded");
  });
});

describe("what pipelines may do", () => {
  it.each(["preview", "release"] as const)(
    "is a list of actions for %s: none of them is a wildcard",
    async (purpose) => {
      const grants = await grantsOf(purpose);
      for (const action of grants.flatMap(({ actions }) => actions)) expect(action).toMatch(/^[a-z0-9]+:[A-Za-z]+$/);
      expect(new Set(grants.map(({ sid }) => sid)).size).toBe(grants.length);
      // IAM's limit for all inline policies of a role.
      expect(JSON.stringify(grants).length).toBeLessThan(10_240);
    },
  );

  it("is for a preview to look: it changes nothing, and reads no model, no secret and no log", async () => {
    const actions = (await grantsOf("preview")).flatMap((grant) => grant.actions);
    for (const action of actions) expect(action).toMatch(/:(Describe|Get|List|View|Decrypt)/);
    expect(actions.filter((action) => /secretsmanager|GetLogEvents|InstanceAttribute/.test(action))).toEqual([]);
    expect(await where("preview", "s3:GetObject")).toEqual([`${bucket}/*`]);
    expect(await where("preview", "kms:Decrypt")).toEqual([key]);
    expect(await where("preview", "ssm:GetParameter")).toEqual(["arn:aws:ssm:*:*:parameter/aws/service/*"]);
  });

  it("is for a release what a preview may, and to push, to write the state and to move the cluster's schedules", async () => {
    const [previews, releases] = [await grantsOf("preview"), await grantsOf("release")];
    expect(releases.slice(0, previews.length)).toEqual(previews);
    expect(releases.slice(previews.length)).toMatchObject([
      { sid: "LogInToRegistry", actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
      { sid: "PushImages", resources: [repository] },
      {
        sid: "MoveSchedules",
        condition: { StringEquals: { "autoscaling:ResourceTag/eks:cluster-name": "inference" } },
      },
      { sid: "WriteState", resources: [`${bucket}/*`] },
      { sid: "EncryptState", resources: [key] },
      { sid: "ReadSecrets", resources: [secretsKey] },
    ]);
  });

  it("is for a release no infrastructure: no role, no node, no network, no cluster", async () => {
    const actions = (await grantsOf("release")).flatMap((grant) => grant.actions);
    const changes = actions.filter((action) => !/:(Describe|Get|List|View|Batch)/.test(action));
    expect([...new Set(changes.map((action) => action.split(":")[0]))].sort()).toEqual([
      "autoscaling",
      "ecr",
      "kms",
      "s3",
    ]);
  });

  it("is less where there is less: no state in a bucket, no repositories, no models of one's own", async () => {
    const none = { state: undefined, repositoryArns: [], modelBucketArn: undefined };
    const sids = (await grantsOf("release", none)).map(({ sid }) => sid).filter((sid) => !sid.startsWith("Read"));
    expect(sids).toEqual(["MoveSchedules"]);
  });
});
