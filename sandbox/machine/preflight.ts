/** What can be known to be wrong before anything is started. */
import { existsSync, mkdirSync, readdirSync, statfsSync } from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import type { Layout } from "../layout";
import { SandboxError } from "../failure";
import { until } from "../wait";
import { running } from "./daemons";
import { portHolders } from "./recover";

/** Room for the builds, the images and the cluster, in GiB; what is there already needs less. */
const neededGiB = { first: 12, again: 2 };
const GiB = 1024 ** 3;

/** @throws SandboxError where the sandbox cannot run here, with what to do about it. */
export async function preflight(layout: Layout): Promise<void> {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new SandboxError(
      `The sandbox needs Linux on x86-64; this is ${process.platform} on ${process.arch}.`,
      "Run it in a virtual machine, or point the program at a cluster of your own.",
    );
  checkDisk(layout);
  await checkPorts(layout);
}

/** @throws SandboxError where this process is not root. */
export function requireRoot(): void {
  if (process.getuid?.() !== 0)
    throw new SandboxError(
      "The sandbox needs root: it makes namespaces, mounts and a cluster.",
      "Run it as root: sudo make sandbox",
    );
}

function checkDisk({ directory, cacheDir }: Layout): void {
  const built = existsSync(cacheDir) && readdirSync(cacheDir).some((entry) => entry.startsWith("tools-cluster-"));
  const made = built && existsSync(path.join(directory, "run"));
  const needed = made ? neededGiB.again : neededGiB.first;
  for (const place of [directory, cacheDir]) {
    mkdirSync(place, { recursive: true });
    const { bavail, bsize } = statfsSync(place);
    const freeGiB = (bavail * bsize) / GiB;
    if (freeGiB < needed)
      throw new SandboxError(
        `${place} is on a disk with ${freeGiB.toFixed(1)} GiB free; the sandbox needs ${needed} GiB.`,
        "Free some room, or set XDG_CACHE_HOME to a directory on a larger disk.",
      );
  }
}

async function checkPorts(layout: Layout): Promise<void> {
  for (const name of ["api", "http", "https"] as const) {
    const port = layout.ports[name];
    if (running(layout, portHolders[name])) continue;
    // What held it in a machine that has just been ended lets go of it a moment later.
    await until(`port ${port} to be free`, () => isFree(port), { timeoutMs: 2_000, everyMs: 50 }).catch(() => {
      throw new SandboxError(
        `Port ${port} on 127.0.0.1, which the sandbox needs for ${name.toUpperCase()}, is taken by another program.`,
        `Find it with: ss -ltnp 'sport = :${port}'; end it and try again.`,
      );
    });
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", () => {
      resolve(false);
    });
    server.listen(port, "127.0.0.1", () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
