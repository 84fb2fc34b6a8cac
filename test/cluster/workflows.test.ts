/** The steps of GitHub's workflows, from the files themselves, on the real cluster; GitLab's are held equal by a unit test. */
import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { at, kubeconfigPath, root } from "../../sandbox/layout";
import { readyPods } from "../support/cluster";
import { layout, type TestStack } from "../support/engine";
import { forgeStandIn, type ForgeStandIn } from "../support/forge";
import { kubectl, openStack } from "../support/releaseActions";
import { Runner, type Given, type JobResult } from "../support/runner";
import { peakNow } from "../support/schedules";
import { ask } from "../support/service";
import { webhook, type Webhook } from "../support/webhook";

const namespace = "workflows";
const file = "Pulumi.local.yaml";
let stack: TestStack;
let runner: Runner;
let slack: Webhook;
let forge: ForgeStandIn;
let given: Given;

beforeAll(async () => {
  [slack, forge] = [await webhook(), await forgeStandIn("github")];
  stack = await openStack(namespace, { replicas: 2, standbyReplicas: 1 }, { "facefusion:schedule": peakNow });
  // As the configuration's page says: a step that lacks the passphrase can read nothing of the stack then.
  await stack.pulumi(["config", "set", "--secret", "--path", "notifications.slack", slack.url]);
  const { PULUMI_BACKEND_URL = "", PULUMI_CONFIG_PASSPHRASE = "", ...environment } = stack.environment;
  const registry = await registryStandIn("v2.0.0");
  runner = new Runner(
    at(layout, "projects", `${namespace}-runner`),
    {
      ...environment,
      ...registry,
      PATH: [path.join(root, "test", "images", "registry"), environment["PATH"]].join(path.delimiter),
      HOME: process.env["HOME"] ?? "/root",
      KUBECONFIG: kubeconfigPath(layout),
    },
    { name: file, text: readFileSync(path.join(stack.directory, file), "utf8") },
    // A trial of ten minutes is more than this has to prove.
    (run) => run.replace("--bake 10m", "--bake 5s"),
  );
  given = {
    vars: {
      PULUMI_STACK: "local",
      PULUMI_BACKEND_URL,
      SERVICE: "facefusion",
      IMAGE_REPOSITORY: "localhost/facefusion",
    },
    secrets: { PULUMI_CONFIG_PASSPHRASE, NOTIFY_WEBHOOK: slack.url },
    environment: forge.environment,
  };
});

afterAll(async () => {
  slack.close();
  forge.close();
  await stack.destroy();
});

beforeEach(() => {
  slack.bodies.length = 0;
});

const live = async () => (await ask(`${namespace}.localhost`, "/v1/info")).color;

/** What the newest main says of the stack. */
function recorded(): Record<string, unknown> {
  const { config } = parse(runner.newest(file).text) as { config: Record<string, unknown> };
  return config;
}

function green({ succeeded, ran }: JobResult): void {
  expect(succeeded, ran.map(({ run, code, output }) => `${run}: ${String(code)}\n${output}`).join("\n")).toBe(true);
}

/** The environment of the stand-in that "pushes" the image of a version, which the nodes have. */
async function registryStandIn(version: string): Promise<Record<string, string>> {
  const REGISTRY_IMAGE = `localhost/facefusion:${version}`;
  const sockets = ["blue", "green"].map((color) => at(layout, "nodes", color, "containerd.sock"));
  const args = ["--namespace", "k8s.io", "images", "ls", `name==${REGISTRY_IMAGE}`];
  const { stdout } = await execa("ctr", ["--address", sockets[0] ?? "", ...args]);
  const REGISTRY_DIGEST = /sha256:[0-9a-f]{64}/.exec(stdout)?.[0] ?? "";
  return { REGISTRY_IMAGE, REGISTRY_DIGEST, REGISTRY_NODES: sockets.join(" ") };
}

describe("a merge that changes the image", () => {
  let image = "";

  it("is built, pushed, put on the idle colour and verified there, and recorded on main", async () => {
    const build = await runner.run("release", "build", given);
    green(build);
    image = build.outputs["image"] ?? "";
    const job = await runner.run("release", "deploy", { ...given, needs: { build } });
    green(job);
    expect(job.outputs["image"]).toBe(image);
    expect(image).toMatch(/^localhost\/facefusion:\d{8}T\d{6}Z-[0-9a-f]{12}@sha256:[0-9a-f]{64}$/);
    expect([...build.ran, ...job.ran].map(({ run }) => run.split(" ").slice(0, 3).join(" "))).toEqual([
      'make image-push OUTPUT="$GITHUB_OUTPUT"',
      "npx release deploy",
      "make record",
    ]);
    expect(recorded()["facefusion:services"]).toMatchObject({ facefusion: { green: { image } } });
    expect(runner.newest(file).message).toContain("Record what release has changed in local [skip ci]");
    expect(await live()).toBe("blue");
    expect(slack.bodies.map(({ text }) => text).join("\n")).toContain(image);
  });

  it("is not given to users where the idle colour has something else by then", async () => {
    const other = { needs: { deploy: { outputs: { image: "localhost/facefusion:v9.9.9" } } } };
    const { succeeded, ran } = await runner.run("release", "switch", { ...given, ...other });
    expect(succeeded).toBe(false);
    expect(ran[0]?.code).toBe(3);
    expect(ran.at(-1)?.run).toBe("make tell-failure");
    expect(slack.bodies.at(-1)?.text).toContain("release");
    expect(await live()).toBe("blue");
  });

  it("is given to users once it was approved, on trial, and recorded", async () => {
    const job = await runner.run("release", "switch", { ...given, needs: { deploy: { outputs: { image } } } });
    green(job);
    expect(await live()).toBe("green");
    expect(recorded()).toMatchObject({ "facefusion:liveColor": "green" });
    expect(slack.bodies.map(({ text }) => text).join("\n")).toMatch(/green is live/);
  });
});

describe("somebody on call", () => {
  it("takes users back, and main says so", async () => {
    green(
      await runner.run("rollback", "rollback", { ...given, inputs: { service: "facefusion", color: "the other one" } }),
    );
    expect(await live()).toBe("blue");
    expect(recorded()).toMatchObject({ "facefusion:liveColor": "blue" });
    expect(slack.bodies.map(({ text }) => text).join("\n")).toMatch(/rolled back/i);
  });

  it("takes them to the colour that is chosen", async () => {
    for (const color of ["green", "blue"]) {
      green(await runner.run("rollback", "rollback", { ...given, inputs: { service: "facefusion", color } }));
      expect(await live()).toBe(color);
      expect(recorded()).toMatchObject({ "facefusion:liveColor": color });
    }
  });
});

describe("the clock", () => {
  it("scales, and main says so; what somebody has asked for lasts until it strikes", async () => {
    green(await runner.run("scale", "scale", { ...given, inputs: { capacity: "offPeak" } }));
    expect(recorded()).toMatchObject({ "facefusion:capacity": "offPeak" });
    expect(await live()).toBe("blue");
    expect(await readyPods(namespace, "green")).toHaveLength(1);
    const { ran, ...job } = await runner.run("scale", "scale", given);
    green({ ran, ...job });
    expect(ran[0]?.output).toContain("By the schedule it is peak");
    expect(recorded()).toMatchObject({ "facefusion:capacity": "peak" });
  });
});

describe("a pull request", () => {
  it("that flips the colour gets its comment, and moves nobody before it is merged and applied", async () => {
    const flip = (checkout: string) => {
      const name = path.join(checkout, file);
      const parsed = parse(readFileSync(name, "utf8")) as { config: Record<string, unknown> };
      writeFileSync(name, stringify({ ...parsed, config: { ...parsed.config, "facefusion:liveColor": "green" } }));
    };
    runner.push("flip", flip);
    green(await runner.run("preview", "preview", { ...given, branch: "flip" }));
    expect(forge.comments).toHaveLength(1);
    expect(forge.comments[0]?.body).toMatch(/traffic moves from blue .* to green /);
    expect(await live()).toBe("blue");
    runner.push("main", flip);
    green(await runner.run("apply", "apply", given));
    expect(await live()).toBe("green");
    expect(slack.bodies.map(({ text }) => text).join("\n")).toMatch(/green is live with \S+, instead of blue\./);
  });
});

describe("a run that AWS does not know", () => {
  it.each([
    ["release", "build"],
    ["release", "deploy"],
    ["release", "switch"],
    ["apply", "apply"],
    ["rollback", "rollback"],
    ["scale", "scale"],
  ])("(%s, %s) touches nothing, and the channel reads why", async (workflow, job) => {
    const before = [await live(), runner.newest(file)];
    const image = { outputs: { image: "localhost/facefusion:v9.9.9" } };
    const refused = { ...given, needs: { build: image, deploy: image }, login: "refused" } as const;
    const { succeeded, ran } = await runner.run(workflow, job, refused);
    expect(succeeded).toBe(false);
    expect(ran.map(({ run, code, output }) => [run, code, output])).toEqual([
      ...(["apply", "build"].includes(job) ? [] : [["make record", 0, expect.stringContaining("has not changed")]]),
      ["make tell-failure", 0, expect.anything()],
    ]);
    expect(slack.bodies.map(({ text }) => text)).toEqual([
      expect.stringMatching(
        new RegExp(`FAILED: ${workflow} \\(local\\)[^]*AWS did not accept the identity of the run`),
      ),
    ]);
    expect([await live(), runner.newest(file)]).toEqual(before);
  });
});

describe("a fork's pull request", () => {
  it("is planned with no secret, no identity and no token, and says so on the page of its run", async () => {
    runner.push("fork", (checkout) => {
      const name = path.join(checkout, "Pulumi.dev.yaml");
      writeFileSync(
        name,
        readFileSync(name, "utf8").replace("facefusion:liveColor: blue", "facefusion:liveColor: green"),
      );
    });
    const job = await runner.run("preview", "offline", { vars: { PULUMI_STACK: "dev" }, secrets: {}, branch: "fork" });
    green(job);
    expect(job.summary).toMatch(/traffic moves from blue .* to green /);
    expect(job.summary).toContain("Planned without credentials");
  });
});

describe("the search for drift", () => {
  it("is red, posts an issue and tells the channel where a route was moved by hand", async () => {
    green(await runner.run("drift", "drift", given));
    const path = "/spec/rules/0/http/paths/0/backend/service/name";
    const patch = JSON.stringify([{ op: "replace", path, value: "facefusion-blue" }]);
    await kubectl(namespace, "patch", "ingress", "facefusion-ingress", "--type=json", `--patch=${patch}`);
    const { succeeded, ran } = await runner.run("drift", "drift", given);
    expect(succeeded).toBe(false);
    expect(ran.map(({ code }) => code)).toEqual([3]);
    expect(forge.issues.map(({ open, title }) => `${String(open)}: ${title}`)).toEqual([
      "true: Stack local: 1 resource was changed by hand",
    ]);
    const needs = { drift: { outputs: { aws: "success" } } };
    green(await runner.run("drift", "tell", { ...given, needs }));
    const told = slack.bodies.map(({ text }) => text);
    expect(told).toEqual([
      expect.stringContaining("1 resource was changed past Pulumi"),
      expect.stringContaining("FAILED: drift (local)."),
    ]);
  });
});
