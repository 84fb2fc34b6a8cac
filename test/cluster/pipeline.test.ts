/** What pipelines run, step by step on the real cluster, with a stand-in for the forge that checks what is posted. */
import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readyPods } from "../support/cluster";
import type { TestStack } from "../support/engine";
import { forgeStandIn, type ForgeStandIn } from "../support/forge";
import { PullRequest, withImage, type Config } from "../support/pullRequest";
import { act, configured, kubectl, lockAsSomebody, openStack } from "../support/releaseActions";
import { differentKeys, documented, runRelease, tellingRelease } from "../support/releaseCommand";
import { peakAtNight, peakNow } from "../support/schedules";
import { ask } from "../support/service";
import { webhook, type Webhook } from "../support/webhook";

const namespace = "pipeline";
const host = `${namespace}.localhost`;
let stack: TestStack;
let request: PullRequest;
let slack: Webhook;

beforeAll(async () => {
  slack = await webhook();
  const top = { "facefusion:schedule": peakAtNight, "facefusion:notifications": { slack: slack.url } };
  stack = await openStack(namespace, { replicas: 2, standbyReplicas: 1 }, top);
  request = new PullRequest(stack.directory, "local");
});

afterAll(async () => {
  slack.close();
  await stack.destroy();
});

const live = async () => (await ask(host, "/v1/info")).color;
const names = async (color: string) =>
  (await readyPods(namespace, color))
    .flatMap(({ metadata }) => (metadata?.deletionTimestamp === undefined ? (metadata?.name ?? []) : []))
    .toSorted();

/** An Ingress besides the service's own, as somebody may add one to the program. */
const secondIngress = `
import * as kubernetes from "@pulumi/kubernetes";
new kubernetes.networking.v1.Ingress("shortcut", {
  metadata: { name: "shortcut", namespace: home.metadata.name },
  spec: {
    ingressClassName: "nginx",
    rules: [{ host: "${host}", http: { paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "facefusion-blue", port: { number: 80 } } } }] } }],
  },
}, { provider });
`;

describe.each(["github", "gitlab"] as const)("the preview of a pull request at %s", (kind) => {
  let forge: ForgeStandIn;
  beforeAll(async () => {
    forge = await forgeStandIn(kind);
  });
  afterAll(() => {
    forge.close();
    request.reset();
  });

  const cases: { name: string; change: () => void; code: number; comment: RegExp[] }[] = [
    {
      name: "flips the colour",
      change: () => {
        request.change((config) => ({ ...config, liveColor: "green" }));
      },
      code: 0,
      comment: [
        /✅ `local`: this can be released/,
        /traffic moves from blue v1\.0\.0 to green v2\.0\.0\.\*\* green has been verified as it is\./,
        /Policies: all are kept\./,
        /`facefusion-route-ingress` \| `spec\.rules\.0\.http\.paths\.0\.backend\.service\.name` \| `facefusion-blue` \| `facefusion-green`/,
      ],
    },
    {
      name: "changes the live image",
      change: () => {
        request.change((config: Config) => withImage(config, "blue", "localhost/facefusion:v2.0.0"));
      },
      code: 1,
      comment: [
        /⛔ `local`: refused, this would change what users are on/,
        /facefusion: liveColor says blue, and the Pods of blue would change under its users:/,
        /"localhost\/facefusion:v1\.0\.0" -> "localhost\/facefusion:v2\.0\.0"/,
        /Put the change on green \(services\.facefusion\.green\)/,
      ],
    },
    {
      name: "breaks a policy",
      change: () => {
        request.addToProgram(secondIngress);
      },
      code: 1,
      comment: [/⛔ `local`: refused by a policy/, /⛔ `one-ingress-per-host`: .*shortcut/],
    },
    {
      name: "changes nothing",
      change: () => {
        request.reset();
      },
      code: 0,
      comment: [/✅ `local`: nothing changes/, /Policies: all are kept\./],
    },
  ];

  it.each(cases)("that $name says so in its one comment, and touches nothing", async ({ change, code, comment }) => {
    change();
    const ended = await runRelease(stack, ["preview", "--comment"], forge.environment);
    expect(forge.comments).toHaveLength(1);
    for (const each of comment) expect(forge.comments[0]?.body).toMatch(each);
    expect(forge.comments[0]?.body).toContain(ended.stdout.trim());
    expect(ended.code).toBe(code);
    expect(await live()).toBe("blue");
  });

  it("with a wrong token is one clear error, beside the plan", async () => {
    const wrong = { ...forge.environment, GITHUB_TOKEN: "wrong", GITLAB_TOKEN: "wrong" };
    const ended = await runRelease(stack, ["preview", "--comment"], wrong);
    expect(ended.stdout).toContain("nothing changes");
    expect(ended.stderr).toContain("answers with status 401");
    expect(ended.stderr).not.toContain("    at ");
    expect(ended.code).toBe(1);
  });
});

it("a preview is what its page says", async () => {
  request.change((config) => ({ ...config, liveColor: "green" }));
  const { value } = await tellingRelease(stack, ["preview"]);
  expect(differentKeys(value, documented("preview"))).toEqual([]);
  request.reset();
});

describe("the schedule", () => {
  beforeEach(() => {
    slack.bodies.length = 0;
  });

  it("brings the idle colour down at off-peak, leaves users alone, and tells what it saves", async () => {
    const before = await names("blue");
    const { code, value } = await act(stack, ["schedule"]);
    expect(value).toMatchObject({
      capacity: "offPeak",
      changed: true,
      services: [{ live: "blue", ready: { live: 2, idle: 1 }, notes: [] }],
      checks: [{ service: "facefusion", live: "blue", answering: 1, problems: [] }],
      saved: { gpus: 1, countedBy: "pods" },
      besides: [],
    });
    expect(differentKeys(value, documented("schedule"))).toEqual([]);
    expect(code).toBe(0);
    expect(await names("blue")).toEqual(before);
    expect(await names("green")).toHaveLength(1);
    expect(await live()).toBe("blue");
    expect(configured(stack, "capacity")).toBe("offPeak");
    expect(slack.bodies).toHaveLength(1);
    expect(slack.bodies[0]?.text).toMatch(
      /^stack local: is at offPeak until .* Users were not touched\.\n.*blue is live with 2 Pods, green is idle with 1 Pod\n.*Saves .* GPU-hours/s,
    );
    expect(slack.bodies[0]?.["blocks"]).toHaveLength(4);
  });

  it("has nothing to do the next time, and tells nobody", async () => {
    const { code, value } = await act(stack, ["schedule"]);
    expect(value).toMatchObject({ capacity: "offPeak", changed: false, services: [] });
    expect(code).toBe(0);
    expect(slack.bodies).toEqual([]);
  });

  it("does not make a pull request that changes nothing show Pods", async () => {
    request.reset();
    expect(configured(stack, "capacity")).toBeUndefined();
    const ended = await runRelease(stack, ["preview"]);
    expect(ended.stdout).toMatch(/nothing changes[^]*Planned at offPeak, as the schedule has left the stack/);
  });

  it("waits for a stack that is locked, and says in the notification who has it", async () => {
    lockAsSomebody(stack);
    const { code, stderr } = await act(stack, ["schedule", "peak", "--wait", "1s"]);
    await stack.pulumi(["cancel", "--yes"]);
    expect(code).toBe(1);
    expect(stderr).toContain("Another update of this stack is under way: somebody@");
    expect(configured(stack, "capacity")).toBeUndefined();
    expect(slack.bodies[0]?.text).toMatch(
      /could NOT be scaled to peak: another update holds the stack\.\n.*somebody@.*Users are where they were:\n- facefusion: blue is live with 2 Pods, green is idle with 1 Pod/s,
    );
    expect(await live()).toBe("blue");
  });

  it("says when its credentials are not accepted, and leaves everything as it was", async () => {
    const { stdout: kubeconfig } = await kubectl(namespace, "config", "view", "--raw", "--flatten");
    const file = `${stack.directory}/state/expired-kubeconfig`;
    // Nobody's token, in place of the administrator's certificate.
    const expired = kubeconfig
      .replace(/client-certificate-data: .*/, "token: expired")
      .replace(/ *client-key-data: .*\n/, "");
    writeFileSync(file, expired);
    const { code } = await act(stack, ["schedule", "peak"], { KUBECONFIG: file });
    expect(code).not.toBe(0);
    expect(slack.bodies[0]?.text).toContain(
      "could NOT be scaled to peak: the credentials of the run are not accepted.",
    );
    expect(await names("green")).toHaveLength(1);
  });

  it("brings both colours up before peak", async () => {
    request.change((config) => ({ ...config, schedule: peakNow }));
    const before = await names("blue");
    const { code, value } = await act(stack, ["schedule"]);
    expect(value).toMatchObject({
      capacity: "peak",
      changed: true,
      services: [{ live: "blue", ready: { live: 2, idle: 2 } }],
      checks: [{ answering: 2, problems: [] }],
    });
    expect(code).toBe(0);
    expect(await names("blue")).toEqual(before);
    expect(slack.bodies[0]?.text).toContain("is at peak until");
  });
});

describe("what somebody changes by hand", () => {
  let forge: ForgeStandIn;
  beforeAll(async () => {
    forge = await forgeStandIn("github");
  });
  afterAll(() => {
    forge.close();
  });

  it("is nothing at first", async () => {
    expect(await tellingRelease(stack, ["drift", "--comment"], forge.environment)).toMatchObject({
      code: 0,
      value: { drifts: [], issue: null },
    });
    expect(forge.issues).toEqual([]);
  });

  it("on the Ingress is one open issue, with the command that repairs it", async () => {
    slack.bodies.length = 0;
    const patch = [
      { op: "replace", path: "/spec/rules/0/http/paths/0/backend/service/name", value: "facefusion-green" },
    ];
    await kubectl(
      namespace,
      "patch",
      "ingress",
      "facefusion-ingress",
      "--type=json",
      `--patch=${JSON.stringify(patch)}`,
    );
    const { code, value } = await tellingRelease(stack, ["drift", "--comment"], forge.environment);
    expect(value).toMatchObject({
      drifts: [
        {
          name: "facefusion-route-ingress",
          what: "changed",
          route: true,
          properties: [
            { path: "spec.rules.0.http.paths.0.backend.service.name", from: "facefusion-blue", to: "facefusion-green" },
          ],
        },
      ],
      advice: [{ commands: [{ command: "pulumi up" }, { command: "pulumi config set liveColor green && pulumi up" }] }],
      issue: "https://github.example/i/11",
    });
    expect(differentKeys(value, documented("drift"))).toEqual([]);
    expect(code).toBe(3);
    await tellingRelease(stack, ["drift", "--comment"], forge.environment);
    expect(forge.issues).toMatchObject([{ title: "Stack local: 1 resource was changed by hand", open: true }]);
    expect(forge.issues[0]?.body).toMatch(
      /users are on green, and Pulumi left them on blue \(last written by kubectl-patch at .*\)[^]*```text\npulumi up\n```/,
    );
    expect(slack.bodies[0]?.text).toContain("1 resource was changed past Pulumi.");
  });

  it("and is repaired closes the issue", async () => {
    await stack.pulumi(["up", "--yes", "--skip-preview"]);
    expect(await live()).toBe("blue");
    const { code } = await tellingRelease(stack, ["drift", "--comment"], forge.environment);
    expect(code).toBe(0);
    expect(forge.issues).toMatchObject([
      { open: false, comments: [expect.stringContaining("Nothing differs any more")] },
    ]);
  });
});
