/**
 * A stand-in for AWS: moto, a server of its own that answers the calls of S3, ECR and others as AWS
 * does. From the Python package index, in the version that is pinned beside this file, kept in the sandbox's cache.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import * as path from "node:path";
import { execa } from "execa";
import { layouts, root } from "../../sandbox/layout";
import { installPackages } from "../../sandbox/machine/packages";
import { run } from "../../sandbox/run";

const requirements = path.join(root, "test", "aws", "requirements.txt");

/** @returns The directory that has moto and what it needs, for PYTHONPATH. */
export async function ensureMoto(cacheDir: string = layouts.test.cacheDir): Promise<string> {
  const { stdout: python } = await execa("python3", ["--version"]);
  const print = createHash("sha256").update(readFileSync(requirements)).update(python).digest("hex").slice(0, 10);
  const directory = path.join(cacheDir, `moto-${print}`);
  if (existsSync(directory)) return directory;
  const pip = await execa("python3", ["-m", "pip", "--version"], { reject: false });
  if (pip.failed) await installPackages(["python3-pip"]);
  mkdirSync(cacheDir, { recursive: true });
  // Under another name until it is whole.
  const partial = `${directory}.partial-${process.pid}`;
  await run(["python3", "-m", "pip", "install", "--require-hashes", `--target=${partial}`, "-r", requirements], {
    problem: "moto, which stands in for AWS in tests, could not be fetched.",
    remedy: "pip must be installed, and the Python package index must be reachable.",
  });
  if (existsSync(directory)) rmSync(partial, { recursive: true });
  else renameSync(partial, directory);
  return directory;
}

export interface Moto {
  /** Its address, on loopback. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Starts a server on a free port. */
export async function startMoto(directory: string): Promise<Moto> {
  const server = spawn("python3", ["-m", "moto.server", "-H", "127.0.0.1", "-p", "0"], {
    env: { ...process.env, PYTHONPATH: directory, PYTHONUNBUFFERED: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(server, "exit");
  const stop = async () => {
    server.kill();
    await ended;
  };
  // It is read to the end: a server whose pipe is full waits for ever.
  const url = new Promise<string>((resolve) => {
    let said = "";
    for (const stream of [server.stdout, server.stderr])
      stream.on("data", (chunk: Buffer) => {
        if (said.length < 10_000) said += chunk.toString();
        const found = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1];
        if (found !== undefined) resolve(found);
      });
  });
  const early = ended.then(() => {
    throw new Error("moto has ended before it told its address");
  });
  return { url: await Promise.race([url, early]), stop };
}
