/**
 * Processes as Linux shows them in /proc. A process is known by its id and its start time: the id alone may belong to
 * somebody else by now, and nothing that the sandbox did not start is ever signalled.
 */
import { readdirSync, readFileSync } from "node:fs";
import { until } from "../wait";

export interface ProcessId {
  pid: number;
  /** Clock ticks after boot, field 22 of /proc/PID/stat. */
  startTime: string;
}

/** Identifies a process that runs now. */
export function identify(pid: number): ProcessId | undefined {
  const stat = statOf(pid);
  return stat === undefined || stat.state === "Z" ? undefined : { pid, startTime: stat.startTime };
}

export function isRunning(id: ProcessId): boolean {
  return identify(id.pid)?.startTime === id.startTime;
}

/** The ids of a process's children. */
export function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

/** Asks the process to end, and makes it end after `graceMs`. Does nothing where it has ended already. */
export async function end(id: ProcessId, graceMs = 10_000): Promise<void> {
  if (!isRunning(id)) return;
  process.kill(id.pid, "SIGTERM");
  const gone = () => !isRunning(id);
  await until(`process ${id.pid} to end`, gone, { timeoutMs: graceMs, everyMs: 50 }).catch(async () => {
    if (isRunning(id)) process.kill(id.pid, "SIGKILL");
    // One that waits for a slow disk ends when the disk has answered.
    await until(`process ${id.pid} to be gone`, gone, { everyMs: 20 });
  });
}

function statOf(pid: number): { state: string; startTime: string } | undefined {
  try {
    // The command in parentheses may hold anything, spaces and parentheses too.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return { state: fields[0] ?? "", startTime: fields[19] ?? "" };
  } catch {
    return undefined;
  }
}
