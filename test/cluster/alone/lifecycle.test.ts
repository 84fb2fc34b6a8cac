import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at, root, type Layout } from "../../../sandbox/layout";
import { running } from "../../../sandbox/machine/daemons";
import { preflight } from "../../../sandbox/machine/preflight";
import { until } from "../../../sandbox/wait";
import { layout, onTestCluster, TestStack } from "../../support/engine";
import { ask } from "../../support/service";
import { bringUpTestCluster } from "../../support/testCluster";

const host = "lifecycle.localhost";
let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.open("lifecycle", "local", onTestCluster("lifecycle"));
  await stack.up();
});

afterAll(() => stack.destroy());

const answers = async () => (await ask(host, "/v1/info")).status === 200;
const daemons = () =>
  readdirSync(at(layout, "run"))
    .filter((file) => file.endsWith(".json"))
    .map((file) => readFileSync(at(layout, "run", file), "utf8"));

/** Updates until one has nothing to wait for. Pods come back by themselves; nothing is made again, and nothing is lost. */
const settles = () =>
  until(
    "an update to have nothing to do",
    async () => {
      const { changes } = await stack.up();
      expect(Object.values(changes).filter((op) => op !== "update")).toEqual([]);
      return Object.keys(changes).length === 0;
    },
    { timeoutMs: 90_000 },
  );

/** Kills a daemon, and returns when it is gone: a process that is being killed looks alive for a moment. */
async function kill(name: string): Promise<void> {
  const id = running(layout, name);
  if (!id) throw new Error(`${name} does not run`);
  process.kill(id.pid, "SIGKILL");
  await until(`${name} to be gone`, () => !running(layout, name));
}

describe("bringing a sandbox up again", () => {
  it("leaves alone what runs", async () => {
    const before = daemons();
    await bringUpTestCluster();
    expect(daemons()).toEqual(before);
    expect(await answers()).toBe(true);
  });

  it("starts again what has died", async () => {
    for (const name of ["etcd", "kube-apiserver", "kubelet-blue", "nginx-driver"]) await kill(name);
    await bringUpTestCluster();
    expect(await answers()).toBe(true);
    await settles();
  });

  it.each(["nginx", "machine"])("recovers from the end of %s, with all that was deployed", async (name) => {
    await kill(name);
    await bringUpTestCluster();
    await until("the service to answer again", answers, { timeoutMs: 90_000 });
    await settles();
  });
});

describe("the check of the machine", () => {
  it("asks for root where it is not root", async () => {
    // Another user might not even be able to read the checkout, or Node itself; so only what the check asks is changed.
    const nobody = "data:text/javascript,process.getuid = () => 65534";
    const command = ["--import", nobody, path.join(root, "sandbox", "bin.mjs"), "up"];
    const result = await execa(process.execPath, command, { cwd: root, reject: false });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain("Run it as root: sudo make sandbox");
    expect(result.stderr).not.toMatch(/^\s+at /m);
  });

  it("says how much room is missing, and where", async () => {
    const small = at(layout, "small");
    mkdirSync(small, { recursive: true });
    await execa("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", small]);
    try {
      await expect(preflight({ ...layout, directory: small })).rejects.toThrow(
        `${small} is on a disk with 0.0 GiB free`,
      );
    } finally {
      await execa("umount", [small]);
    }
  });

  it("names a port that is taken, and says how to find who has it", async () => {
    const server = net.createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
    const other: Layout = { ...layout, directory: at(layout, "other"), ports: { http: port, https: 1, api: 1 } };
    await expect(preflight(other)).rejects.toThrow(`Port ${port} on 127.0.0.1`);
    await expect(preflight(other)).rejects.toThrow("ss -ltnp");
    server.close();
  });
});
