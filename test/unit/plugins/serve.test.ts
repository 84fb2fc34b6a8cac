import { spawn } from "node:child_process";
import { describe, expect, it } from "vitest";
import { identify, isRunning } from "../../../sandbox/machine/processes";
import { until } from "../../../sandbox/wait";

describe("a plugin whose engine is killed", () => {
  it("ends by itself", async () => {
    // The shell is in the engine's place: it starts the plugin, tells its id, and is killed.
    const plugin = `'${process.execPath}' --import tsx sandbox/plugins/random/main.ts`;
    const engine = spawn("sh", ["-c", `${plugin} & echo "id $!"; wait`], { stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    engine.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const [, id, port] = await until("the plugin to serve", () => /id (\d+)\n(\d+)\n/.exec(output), {
      timeoutMs: 15_000,
    });
    const running = identify(Number(id));
    expect(Number(port)).toBeGreaterThan(0);
    engine.kill("SIGKILL");
    try {
      await until("the plugin to end", () => running !== undefined && !isRunning(running), { timeoutMs: 10_000 });
    } finally {
      if (running && isRunning(running)) process.kill(running.pid);
    }
  }, 30_000);
});
