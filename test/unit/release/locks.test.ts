import * as os from "node:os";
import { describe, expect, it, vi } from "vitest";
import { ReleaseError } from "../../../release/errors";
import { holdersIn, isAbandoned, waitingFor, whenUnlocked } from "../../../release/locks";

const lockedBy = (host: string, pid = 4711) =>
  [
    "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.",
    `  file:///state/.pulumi/locks/organization/facefusion/prod/1.json?no_tmp_dir=true: created by alice@${host} (pid ${pid}) at 2026-11-25T01:00:00Z`,
  ].join("\n");

class ConcurrentUpdateError extends Error {
  override readonly name = "ConcurrentUpdateError";
}

/** Far above what a machine gives out. */
const nobody = 2 ** 30;

// Not by a clock that is run on: others who work in this process would run on it, too.
const soon = { waitMs: 600_000, everyMs: 10, progress: () => undefined };

describe("who holds a lock", () => {
  it("is who the engine names", () => {
    expect(holdersIn(lockedBy("laptop"))).toEqual([
      { who: "alice@laptop", pid: 4711, since: new Date("2026-11-25T01:00:00Z"), running: undefined },
    ]);
  });

  it("runs or not, where that is on this machine", () => {
    expect(holdersIn(lockedBy(os.hostname()), () => false)).toMatchObject([{ running: false }]);
    expect(holdersIn(lockedBy(os.hostname(), process.pid))).toMatchObject([{ running: true }]);
    expect(holdersIn(lockedBy(os.hostname(), nobody))).toMatchObject([{ running: false }]);
  });

  it("is not known where the engine does not say", () => {
    const holders = holdersIn("error: [409] Conflict: Another update is currently in progress.");
    expect(holders).toEqual([]);
    expect(isAbandoned(holders)).toBe(false);
    expect(waitingFor(holders)).toBe("Another update of this stack is under way");
  });
});

describe("an operation on a stack that is locked", () => {
  it("waits its turn, and says once whom it waits for", async () => {
    const lines: string[] = [];
    let attempts = 0;
    const operate = () => {
      attempts += 1;
      return attempts < 4 ? Promise.reject(new ConcurrentUpdateError(lockedBy("laptop"))) : Promise.resolve("done");
    };
    const outcome = whenUnlocked(operate, { ...soon, progress: (line) => lines.push(line) });
    expect(await outcome).toBe("done");
    expect(lines).toEqual([
      "Another update of this stack is under way: alice@laptop's (process 4711, since 2026-11-25T01:00:00.000Z); waiting up to 10 min for it to end.",
    ]);
  });

  it("gives up when the time is over, and does not advise to break the lock of one that runs", async () => {
    const operate = () => Promise.reject(new ConcurrentUpdateError(lockedBy("laptop")));
    const outcome = whenUnlocked(operate, { ...soon, waitMs: 1_000 });
    await expect(outcome).rejects.toThrow("has not ended within 1 s");
    await expect(outcome).rejects.toMatchObject({
      remedy: "Try again later, or wait longer with --wait. Only where it runs no more: pulumi cancel",
    });
  });

  it("does not wait for one that has died", async () => {
    let attempts = 0;
    const operate = () => {
      attempts += 1;
      return Promise.reject(new ConcurrentUpdateError(lockedBy(os.hostname(), nobody)));
    };
    const outcome = whenUnlocked(operate, soon);
    await expect(outcome).rejects.toBeInstanceOf(ReleaseError);
    await expect(outcome).rejects.toMatchObject({ remedy: "Take its lock away, and try again: pulumi cancel" });
    expect(attempts).toBe(1);
  });

  it("that fails for another reason fails at once", async () => {
    const operate = vi.fn(() => Promise.reject(new Error("no route to the API server")));
    const lines: string[] = [];
    const outcome = whenUnlocked(operate, { ...soon, progress: (line) => lines.push(line) });
    await expect(outcome).rejects.toThrow("no route");
    expect(operate).toHaveBeenCalledTimes(1);
    expect(lines).toEqual([]);
  });
});
