import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import { beforeAll, describe, expect, it } from "vitest";
import { kubeconfigPath } from "../../sandbox/layout";
import { layout, onTestCluster, TestStack } from "../support/engine";
import { runRelease, tellingRelease } from "../support/releaseCommand";

const namespace = "release-errors";
/** Configured and never deployed: nothing here needs more. */
let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.open(namespace, "local", onTestCluster(namespace));
});

const release = (args: readonly string[], env?: Record<string, string>) => runRelease(stack, args, env);
const told = (args: readonly string[], env?: Record<string, string>) => tellingRelease(stack, args, env);

describe("what cannot be seen", () => {
  /** The cluster's kubeconfig, changed. */
  function kubeconfig(change: (text: string) => string): Record<string, string> {
    const file = path.join(stack.directory, "kubeconfig");
    writeFileSync(file, change(readFileSync(kubeconfigPath(layout), "utf8")));
    return { KUBECONFIG: file };
  }

  it("is told: an API server that does not answer", async () => {
    const nowhere = kubeconfig((text) => text.replaceAll(/server: \S+/g, "server: https://127.0.0.1:1"));
    const said = "The API server at https://127.0.0.1:1 does not answer";
    expect(await told(["status"], nowhere)).toMatchObject({
      code: 1,
      value: { error: { message: expect.stringContaining(said) as unknown, exitCode: 1 } },
    });
    const { code, value } = await told(["doctor"], nowhere);
    expect(code).toBe(1);
    expect(value).toMatchObject({ healthy: false, findings: [{ check: "api-server", severity: "error" }] });
  });

  it("is told: what one may not look at", async () => {
    const nobody = kubeconfig((text) => {
      const configuration = parse(text) as { users: { user: Record<string, unknown> }[] };
      for (const { user } of configuration.users) user["as"] = "nobody";
      return stringify(configuration);
    });
    expect(await told(["status"], nobody)).toMatchObject({
      code: 3,
      value: { error: { message: expect.stringContaining("does not let you") as unknown, exitCode: 3 } },
    });
  });
});

describe("wrong usage", () => {
  it.each([
    [["status", "--service", "nope"], "There is no service nope in this stack.\nChoose one of: facefusion\n"],
    [["status", "--stack", "nope"], "no stack named 'nope' found\nList the stacks with: pulumi stack ls\n"],
    [["status", "--bogus"], "unknown option '--bogus'"],
    [["statu"], "Did you mean status?"],
    [["history", "--limit", "0"], "accepted: a whole number, 1 or more"],
  ])("is told in words and by its exit code: %s", async (args, words) => {
    const { code, stdout, stderr } = await release(args);
    expect(stderr).toContain(words);
    expect(stderr).not.toContain("    at ");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  it("includes a configuration that is not accepted", async () => {
    stack.set("liveColor", "red");
    const { code, value } = await told(["status"]);
    stack.set("liveColor", "blue");
    expect(code).toBe(2);
    expect(JSON.stringify(value)).toContain("accepted: blue or green");
  });
});

describe("before anything was deployed", () => {
  it("status, history and diff tell that there is nothing, and doctor what to do", async () => {
    expect((await told(["status"])).value).toMatchObject({
      services: [{ live: null, liveProblem: "there is no Ingress facefusion-ingress", lastSwitch: null }],
    });
    expect((await told(["history"])).value).toEqual({ stack: "local", releases: [] });
    expect((await told(["diff"])).value).toMatchObject({ services: [{ live: null }] });
    const { code, value } = await told(["doctor"]);
    expect(code).toBe(1);
    expect(JSON.stringify(value)).toContain('"help":"pulumi up"');
  });
});
