/** The release command as people and programs run it: in a process of its own, on the stack of a test. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { root } from "../../sandbox/layout";
import type { TestStack } from "./engine";

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** What to give Node.js, and the environment in which the command works on the stack. */
export function releaseProcess(
  { directory, environment }: TestStack,
  args: readonly string[],
  env: Record<string, string> = {},
): { command: string[]; environment: NodeJS.ProcessEnv } {
  return {
    command: [path.join(root, "release", "bin.mjs"), ...args, "--cwd", directory],
    environment: { ...process.env, ...environment, PULUMI_STACK: "local", ...env },
  };
}

/** Runs the command to its end. */
export function runRelease(stack: TestStack, args: readonly string[], env?: Record<string, string>): Promise<Ended> {
  const { command, environment } = releaseProcess(stack, args, env);
  return ended(command, environment, 60_000);
}

/** Runs the command in a directory that has no stack of its own: with nothing of an engine in its environment. */
export function runReleaseIn(directory: string, args: readonly string[], env: Record<string, string>): Promise<Ended> {
  const own = Object.entries(process.env).filter(([name]) => !/^(PULUMI|AWS|GITHUB|CI_|KUBECONFIG)/.test(name));
  const command = [path.join(root, "release", "bin.mjs"), ...args, "--cwd", directory];
  return ended(command, { ...Object.fromEntries(own), ...env }, 280_000);
}

function ended(command: readonly string[], env: NodeJS.ProcessEnv, timeout: number): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, command, { env, timeout }, (error, stdout, stderr) => {
      // A process that was killed has no code.
      resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : -1, stdout, stderr });
    });
  });
}

/** What the command says to a program, which must be one JSON value and nothing else. */
export async function tellingRelease(
  stack: TestStack,
  args: readonly string[],
  env?: Record<string, string>,
): Promise<{ code: number; value: unknown }> {
  const { code, stdout } = await runRelease(stack, [...args, "--json"], env);
  return { code, value: JSON.parse(stdout) as unknown };
}

/** The value that the page of the command shows for one of them. */
export function documented(command: string): unknown {
  const page = readFileSync(path.join(root, "docs", "release-command.md"), "utf8");
  const text = new RegExp(`\`\`\`json ${command}\\n([^\`]+)\`\`\``).exec(page)?.[1];
  if (text === undefined) throw new Error(`the page shows no value of ${command}`);
  return JSON.parse(text);
}

/** Where two values have other keys, as far as both have any: of lists the first, of values of a kind those of the same. */
export function differentKeys(a: unknown, b: unknown, at = "$"): string[] {
  if (Array.isArray(a) && Array.isArray(b)) return differentKeys(a.at(0), b.at(0), `${at}[]`);
  if (!isObject(a) || !isObject(b) || ("kind" in a && a["kind"] !== b["kind"])) return [];
  const keys = [a, b].map((each) => Object.keys(each).sort().join(" "));
  const inner = Object.keys(a).flatMap((key) => differentKeys(a[key], b[key], `${at}.${key}`));
  return keys[0] === keys[1] ? inner : [`${at}: ${keys.join(" / ")}`, ...inner];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
