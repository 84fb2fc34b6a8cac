import * as path from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { afterAll, describe, expect, it } from "vitest";
import { client } from "../../sandbox/cluster/client";
import { at, root, type Layout } from "../../sandbox/layout";
import { bringUp, takeDown } from "../../sandbox/sandbox";
import { layout } from "../support/engine";
import { leftovers } from "../support/leftovers";

/** A sandbox that nobody uses, beside the tests' own. */
const another: Layout = {
  ...layout,
  name: "interrupted",
  directory: at(layout, "interrupted"),
  // Below those that the kernel gives to clients: one of these keeps its port for a minute after its end.
  ports: { http: 30080, https: 30443, api: 30643 },
};

afterAll(() => takeDown(another));

/**
 * Begins to bring it up in a process of its own, which is killed with its children as soon as a step has begun. The tools
 * that it has already are on its PATH, as they are on that of whoever uses it.
 */
async function killedAt(step: string): Promise<void> {
  const script = path.join(root, "test", "support", "bringUp.ts");
  const command = ["--import", "tsx", script, JSON.stringify(another)];
  const env = { PATH: [at(another, "bin"), process.env["PATH"]].join(path.delimiter) };
  const child = execa(process.execPath, command, { cwd: root, env, detached: true, reject: false, all: true });
  const { pid } = child;
  if (pid === undefined) throw new Error("it did not start");
  for await (const line of createInterface(child.stdout)) {
    if (!line.includes(`❯ ${step}`)) continue;
    process.kill(-pid, "SIGKILL");
    break;
  }
  const { signal, all } = await child;
  expect(signal, `killed at: ${step}; it said:\n${all}`).toBe("SIGKILL");
  expect(all, "what was built before is built again").not.toContain("Building");
}

describe("a sandbox that is killed while it comes up", () => {
  it("comes up the next time, wherever it was, and leaves nothing behind", async () => {
    const before = leftovers(another);
    for (const step of [
      "Build the images",
      "Start the control plane",
      "Load the images onto the nodes",
      "Start two GPU nodes",
      "Start the cluster's network",
    ])
      await killedAt(step);
    await bringUp(another);
    const nodes = await client.core(another).listNode();
    expect(nodes.items.map(({ metadata }) => metadata?.name).sort()).toEqual(["gpu-blue", "gpu-green"]);
    await takeDown(another);
    expect(leftovers(another).filter((line) => !before.includes(line))).toEqual([]);
  });
});
