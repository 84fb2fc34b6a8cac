/** Waiting for something to become true. */
import { setTimeout as sleep } from "node:timers/promises";
import { SandboxError } from "./failure";

/**
 * Asks again and again until the answer is neither undefined nor false.
 *
 * @param what What is waited for, for the error: "the API server to answer".
 * @param ask May throw: that counts as "not yet", and the last error becomes the cause of the failure.
 * @throws SandboxError when `timeoutMs` have passed.
 */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  { timeoutMs = 60_000, everyMs = 200 } = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let cause: unknown;
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== null && answer !== false) return answer as NonNullable<Exclude<T, false>>;
    } catch (error) {
      cause = error;
    }
    if (Date.now() > deadline)
      throw new SandboxError(
        `Waited ${timeoutMs / 1000} s in vain for ${what}.`,
        "Try again; if that does not help, run make sandbox-down first.",
        { cause },
      );
    await sleep(everyMs);
  }
}
