/** `release preview --offline` as a fork's pipeline runs it: without credentials, and with nothing but the repository. */
import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectCopy } from "../../sandbox/engine";
import { at } from "../../sandbox/layout";
import { layout } from "../support/engine";
import { forgeStandIn, type ForgeStandIn } from "../support/forge";
import { PullRequest, withImage, type Config } from "../support/pullRequest";
import { runReleaseIn } from "../support/releaseCommand";

let directory: string;
let request: PullRequest;
let forge: ForgeStandIn;

beforeAll(async () => {
  directory = projectCopy(at(layout, "projects", "offline-preview"), ["Pulumi.dev.yaml"]);
  request = new PullRequest(directory, "dev");
  forge = await forgeStandIn("github");
});

afterAll(() => {
  forge.close();
  rmSync(directory, { recursive: true });
});

/** No variable of the engine's: neither a state nor a passphrase. */
const preview = (...args: string[]) =>
  runReleaseIn(directory, ["preview", "--offline", "--stack", "dev", ...args], forge.environment);

const image = (version: string) => `123456789012.dkr.ecr.eu-west-1.amazonaws.com/facefusion:${version}`;

const cases: { name: string; change: (config: Config) => Config; code: number; comment: RegExp[] }[] = [
  {
    name: "changes nothing",
    change: (config) => config,
    code: 0,
    comment: [/✅ `dev`: nothing changes/, /Policies: all are kept/, /Cost: \$[\d,]+ a month, as before/],
  },
  {
    name: "flips the colour",
    change: (config) => ({ ...config, liveColor: "green" }),
    code: 0,
    comment: [/traffic moves from blue v1\.0\.0 to green v2\.0\.0/, /`facefusion-route-ingress` \| `spec\.rules/],
  },
  {
    name: "changes the live image",
    change: (config) => withImage(config, "blue", image("v1.1.0")),
    code: 1,
    comment: [
      /⛔ `dev`: refused/,
      /the Pods of blue would change under its users:/,
      /facefusion:v1\.0\.0" -> ".*facefusion:v1\.1\.0"/,
    ],
  },
  {
    name: "breaks a policy",
    change: (config) => ({ ...config, budget: { monthlyUsd: 10, emails: ["platform@example.com"] } }),
    code: 1,
    comment: [/⛔ `dev`: refused by a policy/, /⛔ `max-monthly-cost`: .* the limit is \\\$10/],
  },
  {
    name: "is not accepted",
    change: (config) => ({ ...config, liveColor: "red" }),
    code: 1,
    comment: [/❌ `dev`: there is no plan/, /facefusion:liveColor: "red" is not accepted; accepted: blue or green/],
  },
];

describe("a pull request from a fork that", () => {
  it.each(cases)("$name is told so", async ({ change, code, comment }) => {
    request.change(change);
    const ended = await preview();
    for (const each of comment) expect(ended.stdout).toMatch(each);
    expect(ended.stdout).toContain("Planned without credentials");
    expect(ended.code).toBe(code);
    expect(forge.requests).toEqual([]);
  });

  // At off-peak the idle colour of this stack has no Pods, so that nothing is verified before it is to go live.
  it("may comment keeps one comment", async () => {
    request.change((config) => withImage(config, "green", image("v2.1.0")));
    const ended = await preview("--comment", "--json");
    expect(JSON.parse(ended.stdout)).toMatchObject({
      outcome: "changes",
      sentences: ["facefusion: green gets v2.1.0 instead of v2.0.0; traffic stays on blue v1.0.0."],
      comment: { url: "https://github.example/c/100", problem: null },
    });
    expect(forge.comments).toHaveLength(1);
    expect(forge.comments[0]?.body).toContain("green gets v2.1.0 instead of v2.0.0");
  });

  it("has a token that may not comment is shown its plan all the same", async () => {
    request.change((config) => config);
    const ended = await runReleaseIn(directory, ["preview", "--offline", "--stack", "dev", "--comment"], {
      ...forge.environment,
      GITHUB_TOKEN: "of-a-fork",
    });
    expect(ended.stdout).toContain("nothing changes");
    expect(ended.stderr).toContain("GitHub answers with status 401: it was to comment on pull request #7.");
    expect(ended.code).toBe(1);
  });
});
