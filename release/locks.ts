/**
 * Two updates of one stack at once: the engine lets one through and refuses the other. Here the other waits its turn, so
 * that a schedule does not fail because somebody is releasing.
 */
import * as os from "node:os";
import pRetry from "p-retry";
import { exitCodes, ReleaseError } from "./errors";
import { duration } from "./render/time";

/** Who holds the lock of a stack, as far as the engine says. */
export interface Holder {
  /** `alice@laptop`. */
  readonly who: string;
  readonly pid: number;
  readonly since: Date;
  /** Undefined where it runs, or ran, on another machine. */
  readonly running: boolean | undefined;
}

export interface WaitOptions {
  /** How long to wait for the other update to end. */
  waitMs: number;
  /** How long to wait between two attempts: 5 s unless told. */
  everyMs?: number;
  /** Told who is waited for, each time that it is somebody else. */
  progress: (line: string) => void;
}

/**
 * Runs an operation of the engine, again and again while another one holds the stack's lock.
 *
 * @throws ReleaseError when the time is over, or at once where whoever holds the lock is known to run no more.
 */
export async function whenUnlocked<T>(
  operate: () => Promise<T>,
  { waitMs, everyMs = 5_000, progress }: WaitOptions,
): Promise<T> {
  let told = "";
  const options = { retries: Infinity, factor: 1, minTimeout: everyMs, maxRetryTime: waitMs };
  try {
    return await pRetry(operate, {
      ...options,
      shouldRetry: ({ error }) => isLocked(error) && !isAbandoned(holdersIn(error.message)),
      onFailedAttempt: ({ error, retryDelay }) => {
        const line = isLocked(error) && retryDelay > 0 ? waitingFor(holdersIn(error.message)) : told;
        if (line !== told) progress(`${line}; waiting up to ${duration(waitMs)} for it to end.`);
        told = line;
      },
    });
  } catch (error) {
    throw isLocked(error) ? lockedError(error, waitMs) : error;
  }
}

/** By name: to load the engine's classes costs a second. */
export function isLocked(error: unknown): error is Error {
  return error instanceof Error && error.name === "ConcurrentUpdateError";
}

/** The holders that a message of the engine names; it does so where the state is in files, S3 or the like. */
export function holdersIn(message: string, isRunning = isRunningHere): Holder[] {
  const named = /created by (?<who>\S+@(?<host>\S+)) \(pid (?<pid>\d+)\) at (?<since>\S+)/g;
  return [...message.matchAll(named)].map(({ groups }) => {
    const pid = Number(groups?.["pid"]);
    const here = groups?.["host"] === os.hostname();
    const since = new Date(groups?.["since"] ?? "");
    return { who: groups?.["who"] ?? "", pid, since, running: here ? isRunning(pid) : undefined };
  });
}

/** Whether all that hold the lock are known to run no more. */
export function isAbandoned(holders: readonly Holder[]): boolean {
  return holders.length > 0 && holders.every(({ running }) => running === false);
}

/** `Another update is under way: alice@laptop's (process 4711, since 2026-11-25T01:00:00Z)`. */
export function waitingFor(holders: readonly Holder[]): string {
  if (holders.length === 0) return "Another update of this stack is under way";
  const named = holders.map(({ who, pid, since }) => `${who}'s (process ${pid}, since ${timeText(since)})`);
  return `Another update of this stack is under way: ${named.join(", ")}`;
}

function lockedError(error: Error, waitMs: number): ReleaseError {
  const holders = holdersIn(error.message);
  const cause = { cause: error };
  if (isAbandoned(holders))
    return new ReleaseError(
      `The stack is locked by an update that has died: ${holders.map(({ who, pid }) => `${who}'s, process ${pid}`).join(", ")}.`,
      "Take its lock away, and try again: pulumi cancel",
      exitCodes.failed,
      cause,
    );
  return new ReleaseError(
    `${waitingFor(holders)}, and has not ended within ${duration(waitMs)}.`,
    "Try again later, or wait longer with --wait. Only where it runs no more: pulumi cancel",
    exitCodes.failed,
    cause,
  );
}

function isRunningHere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is one that runs.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function timeText(date: Date): string {
  return Number.isNaN(date.getTime()) ? "an unknown time" : date.toISOString();
}
