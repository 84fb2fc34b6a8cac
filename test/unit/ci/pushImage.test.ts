import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

const digest = `sha256:${"b".repeat(64)}`;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), "push-"));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** Stands in for a builder: it notes how it was called, and says what it has pushed, as the real one does. */
function standIn(name: string, body: string): void {
  const text = `#!/bin/sh\necho "${name} $*" >> ${directory}/calls\necho noise\n${body}\n`;
  writeFileSync(path.join(directory, name), text, { mode: 0o755 });
}

function push() {
  const output = path.join(directory, "output");
  const command = [path.resolve("node_modules/tsx/dist/cli.mjs"), path.resolve("ci/pushImage.ts")];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    env: {
      ...process.env,
      ...{ PATH: `${directory}:${process.env["PATH"] ?? ""}`, OUTPUT: output },
      IMAGE_REPOSITORY: "registry.example.com/facefusion",
    },
    encoding: "utf8",
  });
  return { code: status, stdout, stderr, output: () => readFileSync(output, "utf8") };
}

const calls = () => readFileSync(path.join(directory, "calls"), "utf8");

it("pushes by buildx, and says what: one line, for the next job", () => {
  standIn(
    "docker",
    `for each; do case $each in --metadata-file=*) echo '{"containerimage.digest":"${digest}"}' > "\${each#*=}";; esac; done`,
  );
  const { code, stdout, output } = push();
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`^IMAGE=registry.example.com/facefusion:\\d{8}T\\d{6}Z-[0-9a-f]{12}@${digest}\n$`));
  expect(output()).toBe(stdout);
  expect(calls()).toContain("docker buildx build --push");
});

it("pushes by Buildah where no Docker answers", () => {
  standIn("docker", `test "$1" = buildx`);
  standIn("buildah", `for each; do case $each in --digestfile=*) printf ${digest} > "\${each#*=}";; esac; done`);
  const { code, stdout } = push();
  expect(code).toBe(0);
  expect(stdout).toContain(`@${digest}\n`);
  expect(calls()).not.toContain("docker buildx build");
});

it("says nothing was pushed where the build has failed", () => {
  standIn("docker", `test "$2" != build`);
  const { code, stdout, stderr } = push();
  expect(code).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toContain("This failed, for the reason above: docker buildx build");
});
