import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { disagreeing, gitEnvironment, recordMessage } from "../../../ci/recording";

const file = "Pulumi.prod.yaml";
let directory: string;
/** The checkouts of this job and of somebody else; the repository that both push to. */
let mine: string;
let others: string;

const git = (cwd: string, ...args: string[]) =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
    cwd,
    encoding: "utf8",
  }).trim();
const write = (where: string, name: string, text: string) => {
  writeFileSync(path.join(where, name), text);
};
const onMain = (name: string) => git(path.join(directory, "origin"), "show", `main:${name}`);

/** Stands in for the release command: it says where users are. */
function usersOn(live: string): void {
  const status = JSON.stringify({ services: [{ service: "facefusion", live, configured: "green" }] });
  const program = path.join(directory, "bin", "npx");
  writeFileSync(program, `#!/bin/sh\necho '${status}'\n`, { mode: 0o755 });
}

function record() {
  const environment = { ...process.env, PATH: `${directory}/bin:${process.env["PATH"] ?? ""}`, STACK: "prod" };
  const command = [path.resolve("node_modules/tsx/dist/cli.mjs"), path.resolve("ci/record.ts")];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: mine,
    env: environment,
    encoding: "utf8",
  });
  return { code: status, stdout, stderr };
}

beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), "record-"));
  const origin = path.join(directory, "origin");
  others = path.join(directory, "others");
  mine = path.join(directory, "mine");
  mkdirSync(path.join(directory, "bin"));
  git(directory, "init", "--quiet", "--bare", "--initial-branch=main", origin);
  git(directory, "clone", "--quiet", origin, others);
  write(others, file, "config:\n  facefusion:liveColor: blue\n");
  git(others, "checkout", "--quiet", "-B", "main");
  git(others, "add", file);
  git(others, "commit", "--quiet", "--message", "Begin");
  git(others, "push", "--quiet", "origin", "main");
  // As the forges check out: the last commit alone, on no branch.
  git(directory, "clone", "--quiet", "--depth=1", `file://${origin}`, mine);
  git(mine, "checkout", "--quiet", "--detach");
  usersOn("green");
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe("make record", () => {
  it("commits the stack file alone, and pushes it past what others have pushed meanwhile", () => {
    write(others, "README.md", "new\n");
    git(others, "add", "README.md");
    git(others, "commit", "--quiet", "--message", "Write a page");
    git(others, "push", "--quiet", "origin", "main");
    write(mine, file, "config:\n  facefusion:liveColor: green\n");
    write(mine, "image.env", "IMAGE=x\n");

    expect(record()).toMatchObject({ code: 0, stdout: `${file} is recorded on main.\n` });
    expect(onMain(file)).toContain("liveColor: green");
    expect(onMain("README.md")).toBe("new");
    expect(git(mine, "show", "--name-only", "--format=%s", "HEAD").split("\n")).toEqual([
      "Record what an update has changed in prod [skip ci]",
      "",
      file,
    ]);
  });

  it("has nothing to do where nothing has changed", () => {
    expect(record()).toMatchObject({ code: 0, stdout: expect.stringContaining("nothing to record") as string });
  });

  it("is red where somebody has recorded meanwhile what is not true", () => {
    write(others, file, "config:\n  facefusion:liveColor: green\n");
    git(others, "commit", "--quiet", "--all", "--message", "Record a switch");
    git(others, "push", "--quiet", "origin", "main");
    usersOn("blue");
    const { code, stderr } = record();
    expect(code).toBe(1);
    expect(stderr).toContain("main says of facefusion that users are where they are not");
    usersOn("green");
    expect(record()).toMatchObject({ code: 0, stdout: expect.stringContaining("nothing to record") as string });
  });

  it("does not record a switch that somebody has taken back meanwhile", () => {
    usersOn("blue");
    write(mine, file, "config:\n  facefusion:liveColor: green\n");
    const { code, stderr } = record();
    expect(code).toBe(1);
    expect(stderr).toContain("users of facefusion are elsewhere by now");
    expect(onMain(file)).toContain("liveColor: blue");
  });

  it("shows what to commit by hand where it does not fit with what others have pushed", () => {
    write(others, file, "config:\n  facefusion:liveColor: blue # stays\n");
    git(others, "commit", "--quiet", "--all", "--message", "Explain");
    git(others, "push", "--quiet", "origin", "main");
    write(mine, file, "config:\n  facefusion:liveColor: green\n");
    const { code, stderr } = record();
    expect(code).toBe(1);
    expect(stderr).toContain("The update itself is done: commit this by hand");
    expect(stderr).toContain("+  facefusion:liveColor: green");
    expect(readFileSync(path.join(mine, file), "utf8")).toContain("liveColor: green");
  });
});

describe("a record", () => {
  it("starts no pipeline, and says who and what it comes from", () => {
    expect(recordMessage("prod", { GITHUB_WORKFLOW: "scale", GITHUB_ACTOR: "alice" })).toBe(
      "Record what scale has changed in prod [skip ci]\n\nBy alice",
    );
    expect(recordMessage("prod", { CI_JOB_NAME: "switch" })).toContain("[skip ci]");
  });

  it("is true only where users are where the configuration says", () => {
    const status = (live: string | null) => JSON.stringify({ services: [{ service: "a", live, configured: "blue" }] });
    expect(disagreeing(status("blue"))).toEqual([]);
    expect(disagreeing(status("green"))).toEqual(["a"]);
    expect(disagreeing(status(null))).toEqual(["a"]);
  });

  it("hands git a token by its environment alone", () => {
    expect(gitEnvironment({ PUSH_TOKEN: "t0ken" })).toMatchObject({
      GIT_CONFIG_KEY_0: "http.extraHeader",
      GIT_CONFIG_VALUE_0: `Authorization: Basic ${Buffer.from("x-access-token:t0ken").toString("base64")}`,
    });
    expect(gitEnvironment({ PUSH_TOKEN: "" })).not.toHaveProperty("GIT_CONFIG_COUNT");
  });
});
