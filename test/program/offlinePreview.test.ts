import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { forked, type Fork } from "../support/fork";
import { withImage, type Config } from "../support/pullRequest";

let fork: Fork;

beforeAll(async () => (fork = await forked("offline-preview")));

afterAll(() => {
  fork.remove();
});

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
    change: (config) => withImage(config, "blue", "123456789012.dkr.ecr.eu-west-1.amazonaws.com/facefusion:v1.1.0"),
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
    fork.request.change(change);
    const ended = await fork.preview();
    for (const each of comment) expect(ended.stdout).toMatch(each);
    expect(ended.stdout).toContain("Planned without credentials");
    expect(ended.code).toBe(code);
    expect(fork.forge.requests).toEqual([]);
  });
});
