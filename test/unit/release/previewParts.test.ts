import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { baseNames, checkOut, fileOf, findBase } from "../../../release/preview/base";
import { capacityIn } from "../../../release/history/capacity";
import { costChange } from "../../../release/preview/costChange";
import { cell, code, plain } from "../../../release/preview/markdown";
import { masked, secretsIn } from "../../../release/preview/mask";
import { PlanEvents } from "../../../release/preview/observe";
import { withoutSecrets } from "../../../release/preview/offline";
import { between, propertiesOf } from "../../../release/preview/steps";
import { aStep, stepBetween } from "../../support/plans";

const urn =
  "urn:pulumi:prod::facefusion::facefusion:index:Route$kubernetes:networking.k8s.io/v1:Ingress::facefusion-route-ingress";
const event = (part: object) => ({ sequence: 1, timestamp: 1, ...part }) as EngineEvent;
const resource = (op: string, old?: object, now?: object) =>
  event({ resourcePreEvent: { metadata: { urn, op, old: old && { inputs: old }, new: now && { inputs: now } } } });

function planFrom(...events: EngineEvent[]) {
  const told = new PlanEvents(true);
  for (const each of events) told.add(each);
  return told.plan();
}

describe("the engine's events", () => {
  it("tell each resource as it is and as it would be", () => {
    const { steps } = planFrom(
      resource("update", { a: 1 }, { a: 2 }),
      event({ resourcePreEvent: { metadata: { urn: urn.replace("Ingress::", "X::"), op: "refresh" } } }),
    );
    expect(steps).toEqual([
      { urn, name: "facefusion-route-ingress", type: "Ingress", op: "update", before: { a: 1 }, after: { a: 2 } },
    ]);
  });

  it("tell a replacement in several steps, which are one", () => {
    const { steps } = planFrom(
      resource("create-replacement", { a: 1 }, { a: 2 }),
      resource("replace", { a: 1 }, { a: 2 }),
      resource("delete-replaced", { a: 1 }),
    );
    expect(steps).toMatchObject([{ op: "replace", before: { a: 1 }, after: { a: 2 } }]);
  });

  it("tell what a policy has against it once, and what it cannot know yet", () => {
    const policy = {
      policyName: "no-latest",
      policyPackName: "facefusion",
      policyPackVersion: "1",
      enforcementLevel: "mandatory",
    };
    const broken = event({
      policyEvent: { ...policy, message: "Images have tags.\n<{%fg 1%}>green: latest is no tag<{%reset%}>\n" },
    });
    const unknown = event({
      policyEvent: {
        ...policy,
        policyName: "routes",
        enforcementLevel: "warning",
        message: "can't run policy 'routes' from policy pack",
      },
    });
    expect(planFrom(broken, broken, unknown).policies).toEqual({
      asked: true,
      violations: [{ policy: "no-latest", message: "green: latest is no tag", mandatory: true }],
      unanswered: ["routes"],
    });
  });

  it("tell a refusal of a guard from a failure, and the plan's warnings from those about plugins", () => {
    const diagnostic = (severity: string, message: string) =>
      event({ diagnosticEvent: { severity, message, color: "never" } });
    const refused = planFrom(
      diagnostic("error", 'error: Preview failed: before hook "facefusion-blue-stays" failed: the Pods would change'),
      diagnostic("error", "error: preview failed"),
    );
    expect(refused).toMatchObject({ refused: true, problems: ["the Pods would change"] });
    const failed = planFrom(
      diagnostic("error", "error: no such bucket"),
      diagnostic("warning", "warning: P3 is retired"),
      diagnostic("warning", "warning: using pulumi-resource-aws from $PATH at /x"),
    );
    expect(failed).toMatchObject({ refused: false, problems: ["no such bucket"], warnings: ["P3 is retired"] });
  });
});

describe("the properties of a step", () => {
  it("are those that differ, by their path", () => {
    const before = { spec: { replicas: 2, list: ["a"] } };
    const after = { spec: { replicas: 3, list: ["a", "b"] }, more: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" };
    expect(propertiesOf({ before, after })).toEqual([
      { path: "spec.replicas", from: 2, to: 3 },
      { path: "spec.list.1", from: undefined, to: "b" },
      { path: "more", from: undefined, to: "(known after the update)" },
    ]);
    expect(propertiesOf({ before: undefined, after })).toEqual([]);
  });

  it("of two plans from nothing are what was added, changed and taken away", () => {
    const create = (name: string, after: object) =>
      aStep("core/v1:ConfigMap", name, { op: "create", before: undefined, after: { ...after } });
    const steps = between(
      [create("a", { x: 1 }), create("b", { x: 1 }), create("c", {})],
      [create("a", { x: 1 }), create("b", { x: 2 }), create("d", {})],
    );
    expect(steps.map(({ name, op }) => `${op} ${name}`)).toEqual(["same a", "update b", "create d", "delete c"]);
  });
});

describe("secrets", () => {
  const file =
    "config:\n  facefusion:token: { secure: AAAB }\n  facefusion:services:\n    one: { env: { KEY: { secure: AAAC } }, host: one.example.com }\n";

  it("are found where the stack's file says that there are some, and nowhere else", () => {
    const config = {
      "facefusion:token": "top-secret",
      "facefusion:services": '{"one":{"env":{"KEY":"inner-secret"},"host":"one.example.com"}}',
    };
    const secrets = secretsIn(file, config);
    expect(secrets).toEqual(["inner-secret", "top-secret"]);
    expect(masked("top-secret and inner-secret at one.example.com", secrets)).toBe(
      "[secret] and [secret] at one.example.com",
    );
  });

  it("are taken out of a file for whoever cannot read them", () => {
    const text = withoutSecrets(
      `encryptionsalt: v1:abc\nsecretsprovider: awskms://x\n${file}  facefusion:notifications:\n    slack: { secure: AAAD }\n`,
    );
    expect(text).not.toMatch(/secure|salt|awskms|notifications|AAA/);
    expect(text).toContain("KEY: a secret");
    expect(text).toContain("host: one.example.com");
  });
});

describe("text of others in Markdown", () => {
  it("stays what it is", () => {
    expect(code("a`b")).toBe("``a`b``");
    expect(code("")).toBe("`  `");
    expect(cell("a|b")).toBe("`a\\|b`");
    expect(plain("*a* <b> [c](d) @e #1 $2")).toBe("\\*a\\* &lt;b\\> \\[c\\](d) @\u200be \\#1 \\$2");
  });
});

describe("the base of a pull request", () => {
  let directory: string;
  let first: string;
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
      cwd: directory,
      encoding: "utf8",
    }).trim();
  const stackFile = (replicas: number) => `config:
  aws:region: eu-west-1
  facefusion:cluster: { kind: adopt, name: prod, subnetIds: [subnet-0a, subnet-0b] }
  facefusion:gpuNodes:
    blue: { instanceType: p4d.24xlarge, minSize: 0, desiredSize: 1, maxSize: 8 }
    green: { instanceType: p4d.24xlarge, minSize: 0, desiredSize: 1, maxSize: 8 }
  facefusion:modelStore: { kind: nfs, server: nfs.example.com }
  facefusion:services:
    facefusion:
      host: facefusion.example.com
      blue: { image: "registry.example.com/facefusion:v1" }
      green: { image: "registry.example.com/facefusion:v2" }
      verification: { image: "registry.example.com/verification:v1" }
      replicas: ${replicas}
`;
  beforeAll(() => {
    directory = mkdtempSync(path.join(os.tmpdir(), "base-"));
    git("init", "-q", "-b", "main");
    mkdirSync(path.join(directory, "sub"));
    for (const [name, text] of Object.entries({
      "Pulumi.yaml": "name: facefusion\n",
      "Pulumi.prod.yaml": stackFile(8),
    }))
      writeFileSync(path.join(directory, "sub", name), text);
    git("add", ".");
    git("commit", "-qm", "one");
    first = git("rev-parse", "HEAD");
    git("checkout", "-qb", "change");
    writeFileSync(path.join(directory, "sub", "Pulumi.prod.yaml"), stackFile(16));
    git("commit", "-qam", "two");
  });
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it("is what is asked for, else what the forge says, else main", () => {
    expect(baseNames("v1", { GITHUB_BASE_REF: "main" })).toEqual(["v1"]);
    const gitlab = { CI_MERGE_REQUEST_DIFF_BASE_SHA: "abc", CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main" };
    expect(baseNames(undefined, gitlab)).toEqual(["abc", "main"]);
    expect(baseNames(undefined, {})).toEqual(["origin/HEAD", "main"]);
  });

  it("is found with its name, from any directory of the repository", async () => {
    const sub = path.join(directory, "sub");
    expect(await findBase(sub, undefined, {})).toEqual({ commit: first, name: "main" });
    expect(await findBase(sub, "no-such-branch", {})).toBeUndefined();
    const event = path.join(directory, "event.json");
    writeFileSync(event, JSON.stringify({ pull_request: { base: { sha: first, ref: "release" } } }));
    expect(await findBase(sub, undefined, { GITHUB_EVENT_PATH: event })).toEqual({ commit: first, name: "release" });
  });

  it("has the files as they were, one by one or all of them", async () => {
    const sub = path.join(directory, "sub");
    const base = { commit: first, name: "main" };
    expect(await fileOf(sub, base, "Pulumi.prod.yaml")).toBe(stackFile(8));
    expect(await fileOf(sub, base, "Pulumi.dev.yaml")).toBeUndefined();
    const to = path.join(directory, "checkout");
    await checkOut(sub, base, to);
    expect(readFileSync(path.join(to, "Pulumi.prod.yaml"), "utf8")).toBe(stackFile(8));
  });

  it("costs what it costs, beside what this checkout does", () => {
    const base = { project: "name: facefusion\nstackConfigDir: elsewhere\n", stack: stackFile(8) };
    const { before, after } = costChange(path.join(directory, "sub"), "prod", base, new Date("2026-11-25"));
    expect(after?.scheduled).toBeGreaterThan(before?.scheduled ?? Infinity);
    expect(costChange(path.join(directory, "sub"), "prod", undefined, new Date("2026-11-25"))).toMatchObject({
      before: undefined,
      hasBase: false,
    });
  });
});

describe("the capacity of a stack's file", () => {
  it("is peak unless it says otherwise", () => {
    expect(capacityIn("config:\n  facefusion:capacity: offPeak\n", "facefusion")).toBe("offPeak");
    expect(capacityIn("config: {}\n", "facefusion")).toBe("peak");
  });
});

it("a step between two equal states is none", () => {
  expect(stepBetween("core/v1:ConfigMap", "a", {}, {}).op).toBe("same");
});
