/** The engine's part of a rollback, kept short: the route alone is looked at, one service moved, and nothing outlives its time. */
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Stack } from "@pulumi/pulumi/automation";
import { other, type Color } from "../../components/colors";
import { stackName } from "../../components/labels";
import { operator, updateMessage } from "../operator";
import { nameOf, refresh, update } from "./engine";
import { isRoute } from "./plan";
import { readRecord, type EngineRecord } from "./record";

/** What an engine that was told to stop may take. */
const stopMs = 5_000;

export interface EngineRollback {
  readonly service: string;
  readonly to: Color;
  /** Writes the configuration that says so. */
  readonly configure: () => void;
  /** Told as soon as the engine has moved the route. */
  readonly onMoved: () => void;
  /** Milliseconds that it may take in all. */
  readonly limitMs: number;
}

/** An engine at work. */
export interface EngineAtWork {
  /** Fulfilled when it is done; rejected where it failed, or when its time is over. */
  readonly done: Promise<void>;
  /** When this is fulfilled no engine runs any more: one whose time was over has stopped, or has been ended. */
  readonly ended: Promise<void>;
}

/** Has the engine move the route, and nothing else. */
export function byEngine(stack: Stack, args: EngineRollback): EngineAtWork {
  const controller = new AbortController();
  let moved = false;
  const onMoved = () => {
    moved = true;
    args.onMoved();
  };
  const work = moveRouteByEngine(stack, { ...args, onMoved }, controller.signal);
  const finished = work.then(
    () => "finished" as const,
    () => "finished" as const,
  );
  const timer = new AbortController();
  const limit = sleep(args.limitMs, "limit" as const, { signal: timer.signal }).catch(() => "limit" as const);
  const first = Promise.race([finished, limit]);
  const done = first.then(async (which) => {
    timer.abort();
    if (which === "finished") {
      await work;
      return;
    }
    // What is left to do then is nothing that users wait for.
    if (moved) return;
    controller.abort();
    throw new Error(`it had not moved the route within ${Math.round(args.limitMs / 1000)} s`);
  });
  const ended = first.then(async () => {
    const inTime = await Promise.race([finished, sleep(stopMs, "stuck" as const, { ref: false })]);
    if (inTime === "stuck") for (const pid of ownEngines()) process.kill(pid, "SIGKILL");
  });
  return { done, ended };
}

async function moveRouteByEngine(stack: Stack, args: EngineRollback, signal: AbortSignal): Promise<void> {
  const { service, to } = args;
  // What was changed by hand it would not see otherwise: it compares with its own state.
  await refresh(stack, { target: [`**::${service}-route-*`], signal });
  const record = await readRecord(stack);
  args.configure();
  await update(stack, {
    message: updateMessage(`roll back ${service} to ${to}`, operator()),
    exclude: besides(service, other(to), record),
    refresh: false,
    signal,
    watch: ({ name }, phase) => {
      if (phase === "done" && isRoute(name, service)) args.onMoved();
    },
  });
}

/**
 * What stays as it is: the colour that is left, whatever is broken there; and of all that is not this service's what there
 * is, whatever has been configured and not deployed. What others need and is yet to be made must not be left out, or the
 * engine writes a state that it cannot read again: nothing needs the colour that is left, but services need nodes and
 * controllers.
 */
function besides(service: string, left: Color, { resources }: EngineRecord): string[] {
  const others = resources
    .map(({ urn }) => urn)
    .filter((urn) => !urn.includes("::pulumi:pulumi:Stack::") && !nameOf(urn).startsWith(`${service}-`));
  return [`**::${stackName(service, left)}-*`, ...others];
}

/** The engines that this process has started. */
function ownEngines(): number[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid=,comm="], { encoding: "utf8" });
  return stdout.split("\n").flatMap((line) => {
    const [pid, parent, command = ""] = line.trim().split(/\s+/);
    return Number(parent) === process.pid && path.basename(command) === "pulumi" ? [Number(pid)] : [];
  });
}
