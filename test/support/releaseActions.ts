/** The release command's acting commands, on a stack of a test: what they end with, and what they leave. */
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import pRetry from "p-retry";
import { Agent, setGlobalDispatcher } from "undici";
import { parse } from "yaml";
import { z } from "zod";
import { at, kubeconfigPath } from "../../sandbox/layout";
import { until } from "../../sandbox/wait";
import { readyPods } from "./cluster";
import { layout, onTestCluster, TestStack } from "./engine";
import { releaseProcess } from "./releaseCommand";
import { pictures, swap, wasClosed, type Answer } from "./service";

/** How a command has ended. */
export interface Acted {
  code: number;
  /** What it told a program. */
  value: unknown;
  stderr: string;
  seconds: number;
}

/** A stack on the test cluster, deployed, whose service a test may configure beyond the usual. */
export async function openStack(
  namespace: string,
  service: Record<string, unknown> = {},
  top: Record<string, unknown> = {},
): Promise<TestStack> {
  const stack = await TestStack.open(namespace, "local", () => {
    const config = onTestCluster(namespace, service)();
    return { ...config, ...top };
  });
  await stack.up();
  return stack;
}

/** Runs a command that acts, with no question asked. */
export function act(
  stack: TestStack,
  args: readonly string[],
  env: Record<string, string> = {},
  interruptAfter?: RegExp,
): Promise<Acted> {
  const { command, environment } = releaseProcess(stack, [...args, "--json", "--yes"], env);
  const begin = performance.now();
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      command,
      { env: environment, timeout: 280_000 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
        resolve({ code, value: valueIn(stdout), stderr, seconds: (performance.now() - begin) / 1000 });
      },
    );
    let said = "";
    child.stderr?.on("data", (text: string) => {
      said += text;
      if (interruptAfter?.test(said) !== true) return;
      interruptAfter = undefined;
      child.kill("SIGINT");
    });
  });
}

/** An update of the engine's own, which goes on after it has said a thing. */
export async function updateUntil(stack: TestStack, said: RegExp, args: string[] = []) {
  const engine = stack.pulumi(["up", "--yes", "--skip-preview", ...args], {}, { timeout: 120_000 });
  const ended = engine.catch((error: unknown) => error);
  const reached = new Promise<void>((resolve, reject) => {
    createInterface({ input: engine.stdout }).on("line", (line) => {
      if (said.test(line)) resolve();
    });
    void ended.then(() => {
      reject(new Error(`the engine never said ${String(said)}`));
    });
  });
  await reached;
  return {
    ended,
    /** Keeps it from going on, with all that it holds, for as long as somebody else takes to come to it. */
    holdUp: async (milliseconds: number) => {
      engine.kill("SIGSTOP");
      await sleep(milliseconds);
      engine.kill("SIGCONT");
    },
    kill: async () => {
      engine.kill("SIGKILL");
      await ended;
    },
  };
}

/** The lock of an engine that runs, as far as anybody can tell: it has this process's id. Gone with `pulumi cancel`. */
export function lockAsSomebody({ directory }: TestStack): void {
  const locks = path.join(directory, "state", ".pulumi", "locks", "organization", "facefusion", "local");
  mkdirSync(locks, { recursive: true });
  const lock = { pid: process.pid, username: "somebody", hostname: os.hostname(), timestamp: new Date().toISOString() };
  writeFileSync(path.join(locks, "theirs.json"), JSON.stringify(lock));
}

/** What somebody does by hand. */
export function kubectl(namespace: string, ...args: string[]) {
  return execa(at(layout, "bin", "kubectl"), [
    "--kubeconfig",
    kubeconfigPath(layout),
    "--namespace",
    namespace,
    ...args,
  ]);
}

const fileSchema = z.object({ config: z.record(z.string(), z.unknown()) });

/** Jobs that a colour's Pods are at, by Pod. */
export async function jobsAtWork(namespace: string, color: string): Promise<Map<string, number>> {
  const jobs = new Map<string, number>();
  for (const { metadata } of await readyPods(namespace, color)) {
    const name = metadata?.name ?? "";
    const metrics = `/api/v1/namespaces/${namespace}/pods/${name}:7860/proxy/metrics`;
    const { stdout } = await kubectl(namespace, "get", "--raw", metrics);
    jobs.set(name, Number(/^inference_jobs_in_flight (\S+)/m.exec(stdout)?.[1]));
  }
  return jobs;
}

/** Jobs that last, once the Pods of a colour are at all of them; each ends with its answer. */
export async function longJobs(
  namespace: string,
  color: string,
  count: number,
  holdSeconds: number,
): Promise<Promise<Answer>[]> {
  await pictures();
  // A connection that is kept would be one that a reload of NGINX may just have closed.
  setGlobalDispatcher(new Agent({ pipelining: 0 }));
  const jobs = Array.from({ length: count }, () =>
    pRetry(() => swap(`${namespace}.localhost`, { holdSeconds }), {
      ...{ retries: 3, minTimeout: 10 },
      // A reload for another test may close a new connection. One that is closed later had a job under way, which is lost.
      maxRetryTime: 2_000,
      shouldRetry: ({ error }) => wasClosed(error),
    }),
  );
  for (const job of jobs) job.catch(() => undefined);
  await until("the jobs to be under way", async () => {
    const each = [...(await jobsAtWork(namespace, color)).values()];
    return each.reduce((sum, one) => sum + one, 0) === count;
  });
  return jobs;
}

/** A value of the stack's file, as the next update would read it. */
export function configured({ directory }: TestStack, key: string): unknown {
  const file = readFileSync(path.join(directory, "Pulumi.local.yaml"), "utf8");
  return fileSchema.parse(parse(file)).config[`facefusion:${key}`];
}

function valueIn(stdout: string): unknown {
  try {
    return JSON.parse(stdout);
  } catch {
    return stdout;
  }
}
