/**
 * The long-running processes of a sandbox. Each leaves a record of its id and its command, so that a later run finds
 * it, keeps it if nothing has changed, and starts it again if it has died or is to run differently.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SandboxError } from "../failure";
import { at, type Layout } from "../layout";
import { until } from "../wait";
import { childrenOf, end, identify, isRunning, type ProcessId } from "./processes";

export interface Daemon {
  name: string;
  command: readonly string[];
  env?: Record<string, string>;
  /** True where the command is a launcher that waits for its child: then the child is the daemon. */
  viaLauncher?: boolean;
}

/** Time that a daemon may take to find out that it cannot run. */
const settleMs = 1_500;

interface DaemonRecord extends ProcessId {
  command: string;
}

/** Makes sure that the daemon runs as described. */
export async function ensure(layout: Layout, daemon: Daemon): Promise<ProcessId> {
  const command = fingerprint(daemon);
  const known = recordOf(layout, daemon.name);
  if (known && isRunning(known)) {
    if (known.command === command) return known;
    await end(known);
  }
  const id = await start(layout, daemon);
  writeFileSync(recordPath(layout, daemon.name), JSON.stringify({ ...id, command } satisfies DaemonRecord));
  return id;
}

/** Ends the daemon, if it runs. */
export async function stop(layout: Layout, name: string, graceMs?: number): Promise<void> {
  const known = recordOf(layout, name);
  if (known) await end(known, graceMs);
  rmSync(recordPath(layout, name), { force: true });
}

/** The daemon's process, if it runs. */
export function running(layout: Layout, name: string): ProcessId | undefined {
  const known = recordOf(layout, name);
  return known && isRunning(known) ? known : undefined;
}

/**
 * Looks after all daemons that were started: some find out only after a moment that they cannot go on.
 *
 * @throws SandboxError that names those which have ended, with the end of their logs.
 */
export async function checkAll(layout: Layout): Promise<void> {
  await sleep(settleMs);
  const names = readdirSync(at(layout, "run")).flatMap((file) =>
    file.endsWith(".json") ? [path.parse(file).name] : [],
  );
  const ended = names.filter((name) => !running(layout, name));
  if (ended.length === 0) return;
  throw hasEnded(layout, ended);
}

function hasEnded(layout: Layout, names: readonly string[]): SandboxError {
  const last = (name: string) =>
    readFileSync(logPath(layout, name), "utf8").trimEnd().split("\n").slice(-10).join("\n");
  return new SandboxError(
    names.map((name) => `${name} has ended; its last words:\n${last(name)}`).join("\n"),
    "Try again; if that does not help, run make sandbox-down first.",
  );
}

export function logPath(layout: Layout, name: string): string {
  return at(layout, "logs", `${name}.log`);
}

async function start(layout: Layout, daemon: Daemon): Promise<ProcessId> {
  const [file = "", ...args] = daemon.command;
  for (const needed of [logPath(layout, daemon.name), recordPath(layout, daemon.name)])
    mkdirSync(path.dirname(needed), { recursive: true });
  const log = openSync(logPath(layout, daemon.name), "a");
  const child = spawn(file, args, {
    cwd: layout.directory,
    detached: true,
    stdio: ["ignore", log, log],
    env: { ...process.env, ...daemon.env },
  });
  closeSync(log);
  let failure: Error | undefined;
  child.once("error", (error) => (failure = error));
  const endedEarly = () => (failure ??= hasEnded(layout, [daemon.name]));
  child.once("exit", endedEarly);
  child.unref();
  const seek = () => {
    if (failure) return failure;
    if (child.pid === undefined) return undefined;
    const pid = daemon.viaLauncher === true ? childrenOf(child.pid)[0] : child.pid;
    return pid === undefined ? undefined : identify(pid);
  };
  const found = await until(`${daemon.name} to start (its log: ${logPath(layout, daemon.name)})`, seek, {
    everyMs: 10,
  });
  // Later ends are for others to notice, perhaps when nothing is left of the logs.
  child.off("exit", endedEarly);
  if (found instanceof Error) throw found;
  return found;
}

function fingerprint({ command, env }: Daemon): string {
  return createHash("sha256")
    .update(JSON.stringify([command, env]))
    .digest("hex");
}

function recordPath(layout: Layout, name: string): string {
  return at(layout, "run", `${name}.json`);
}

function recordOf(layout: Layout, name: string): DaemonRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordPath(layout, name), "utf8")) as DaemonRecord;
  } catch {
    return undefined;
  }
}
