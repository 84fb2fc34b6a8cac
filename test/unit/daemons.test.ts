import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { layouts, type Layout } from "../../sandbox/layout";
import { ensure, running, stop } from "../../sandbox/machine/daemons";

let layout: Layout;

beforeEach(() => {
  layout = { ...layouts.test, directory: mkdtempSync(path.join(tmpdir(), "daemons-")) };
});

afterEach(() => {
  rmSync(layout.directory, { recursive: true });
});

describe("a daemon", () => {
  it("is started once, is the launcher's child where it has one, and is ended", async () => {
    const daemon = { name: "sleeper", command: ["sh", "-c", "sleep 60; true"], viaLauncher: true };
    const id = await ensure(layout, daemon);
    expect(await ensure(layout, daemon)).toMatchObject(id);
    expect(running(layout, "sleeper")).toMatchObject(id);
    await stop(layout, "sleeper");
    expect(running(layout, "sleeper")).toBeUndefined();
  });

  it("that cannot start says so at once, in its own words", async () => {
    const hopeless = {
      name: "hopeless",
      command: ["sh", "-c", "echo the port is taken >&2; exit 1"],
      viaLauncher: true,
    };
    await expect(ensure(layout, hopeless)).rejects.toThrow(/hopeless has ended; its last words:\nthe port is taken/);
    const missing = { name: "missing", command: [path.join(layout.directory, "no-such-program")] };
    await expect(ensure(layout, missing)).rejects.toThrow(/ENOENT/);
  });
});
