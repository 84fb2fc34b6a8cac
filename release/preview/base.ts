/** What a plan is compared with: the branch that a pull request is to change, by git. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { eventOf } from "../forge/event";

const run = promisify(execFile);

/** A commit of the base branch. */
export interface Base {
  readonly commit: string;
  /** How people call it: `main`. */
  readonly name: string;
}

const eventSchema = z.object({ pull_request: z.object({ base: z.object({ sha: z.string(), ref: z.string() }) }) });

/** Where a pull request's base may be named, the surest first. */
export function baseNames(wanted: string | undefined, environment: Readonly<NodeJS.ProcessEnv>): string[] {
  if (wanted !== undefined) return [wanted];
  const event = eventSchema.safeParse(eventOf(environment));
  const named = [
    ...(event.success ? [event.data.pull_request.base.sha] : []),
    environment["CI_MERGE_REQUEST_DIFF_BASE_SHA"],
    environment["GITHUB_BASE_REF"],
    environment["CI_MERGE_REQUEST_TARGET_BRANCH_NAME"],
  ].filter((name): name is string => name !== undefined && name !== "");
  return named.length > 0 ? named : ["origin/HEAD", "main"];
}

/** The base's commit, fetched where the checkout is a shallow one; undefined where there is none. */
export async function findBase(
  directory: string,
  wanted: string | undefined,
  environment: Readonly<NodeJS.ProcessEnv> = process.env,
): Promise<Base | undefined> {
  const event = eventSchema.safeParse(eventOf(environment));
  const branch = event.success ? event.data.pull_request.base.ref : environment["CI_MERGE_REQUEST_TARGET_BRANCH_NAME"];
  for (const name of baseNames(wanted, environment)) {
    const commit = (await commitOf(directory, name)) ?? (await fetched(directory, name));
    if (commit !== undefined) return { commit, name: wanted ?? branch ?? name.replace(/^origin\/(?!HEAD)/, "") };
  }
  return undefined;
}

async function commitOf(directory: string, name: string): Promise<string | undefined> {
  for (const each of [name, `origin/${name}`]) {
    const commit = await git(directory, "rev-parse", "--verify", "--quiet", "--end-of-options", `${each}^{commit}`);
    if (commit !== undefined) return commit.trim();
  }
  return undefined;
}

async function fetched(directory: string, name: string): Promise<string | undefined> {
  if (name.startsWith("origin/") || name.startsWith("-")) return undefined;
  const done = await git(directory, "fetch", "--quiet", "--no-tags", "--depth=1", "origin", name);
  return done === undefined ? undefined : commitOf(directory, "FETCH_HEAD");
}

/** A file of the project's directory as the base has it; undefined where it has none. */
export function fileOf(directory: string, { commit }: Base, file: string): Promise<string | undefined> {
  return git(directory, "show", `${commit}:./${file}`);
}

/** The project's directory as the base has it, in a new place; with the packages that are installed now. */
export async function checkOut(directory: string, { commit }: Base, to: string): Promise<void> {
  mkdirSync(to, { recursive: true });
  const archive = path.join(to, ".base.tar");
  await run("git", ["archive", `--output=${archive}`, commit, "."], { cwd: directory });
  await run("tar", ["-xf", archive, "-C", to]);
  const packages = path.join(directory, "node_modules");
  if (existsSync(packages) && !existsSync(path.join(to, "node_modules")))
    symlinkSync(packages, path.join(to, "node_modules"));
}

async function git(directory: string, ...args: string[]): Promise<string | undefined> {
  try {
    return (await run("git", args, { cwd: directory, maxBuffer: 64 * 1024 * 1024, timeout: 60_000 })).stdout;
  } catch {
    return undefined;
  }
}
