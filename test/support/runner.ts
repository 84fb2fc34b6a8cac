/**
 * Runs the jobs of GitHub's workflows as a runner does, on this machine: a fresh checkout for each, then its `run` steps by
 * bash, with the environment that the workflow gives them and no other. The forge's own actions it stands in for: a checkout
 * is a clone, the set-up a link to the packages that are here, and AWS accepts whoever a test says that it does.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import { z } from "zod";
import { root } from "../../sandbox/layout";
import { isDue, valueOf, type JobStatus } from "./workflowExpressions";

const environmentSchema = z.record(z.string(), z.coerce.string()).default({});
const stepSchema = z.object({
  id: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  env: environmentSchema,
});
const workflowSchema = z.object({
  name: z.string(),
  env: environmentSchema,
  jobs: z.record(
    z.string(),
    z.object({ env: environmentSchema, outputs: environmentSchema, steps: z.array(stepSchema) }),
  ),
});

/** What a forge gives a job, by the names that expressions have for it. */
export interface Given {
  vars: Record<string, string>;
  secrets: Record<string, string>;
  inputs?: Record<string, string>;
  needs?: Record<string, { outputs: Record<string, string> }>;
  /** Of the job's environment, what every job of the forge has. */
  environment?: Record<string, string>;
  /** Whether AWS accepts the identity of the run; it does where this is left out. */
  login?: "accepted" | "refused";
  /** How the step begins at which somebody cancels the run; it comes to nothing. */
  cancelledAt?: string;
  /** The branch that is checked out where a workflow does not say: a pull request's. */
  branch?: string;
}

/** One `run` step that was run. */
export interface Ran {
  run: string;
  code: number;
  /** All that it said. */
  output: string;
}

export interface JobResult {
  /** Whether it is green. */
  succeeded: boolean;
  ran: Ran[];
  outputs: Record<string, string>;
  /** What is on the page of the run. */
  summary: string;
}

export class Runner {
  private readonly origin: string;
  private jobs = 0;

  /**
   * @param directory Emptied, for the repository and its checkouts.
   * @param base The environment of the runner itself: its PATH, its cluster.
   * @param stackFile What the stack's file has in the repository, in place of the project's own.
   * @param edited How a step's text is changed before it is run, where a test cannot wait as long as a pipeline.
   * @param files What the repository has; all that the project has where this is left out.
   */
  constructor(
    private readonly directory: string,
    private readonly base: Record<string, string>,
    stackFile: { name: string; text: string },
    private readonly edited: (run: string) => string = (run) => run,
    files: readonly string[] = git(root, "ls-files", "-z").split("\0"),
  ) {
    rmSync(directory, { recursive: true, force: true });
    const project = path.join(directory, "project");
    for (const file of files)
      if (existsSync(path.join(root, file)) && file !== "") cpSync(path.join(root, file), path.join(project, file));
    writeFileSync(path.join(project, stackFile.name), stackFile.text);
    git(project, "init", "--quiet", "--initial-branch=main");
    commitAll(project, "base");
    this.origin = path.join(directory, "origin.git");
    git(directory, "clone", "--quiet", "--bare", project, this.origin);
  }

  /** Puts a change on a branch of the repository, as somebody who works elsewhere. */
  push(branch: string, change: (checkout: string) => void): void {
    const checkout = this.checkOut("main");
    git(checkout, "checkout", "--quiet", "-B", branch);
    change(checkout);
    commitAll(checkout, `change on ${branch}`);
    git(checkout, "push", "--quiet", "origin", branch);
  }

  /** The newest commit of main: its message and who made it, and a file as it is there. */
  newest(file: string): { message: string; text: string } {
    return {
      message: git(this.origin, "log", "-1", "--format=%B", "main"),
      text: git(this.origin, "show", `main:${file}`),
    };
  }

  async run(workflow: string, job: string, given: Given): Promise<JobResult> {
    const { name, env, jobs } = workflowSchema.parse(
      parse(readFileSync(path.join(root, ".github", "workflows", `${workflow}.yml`), "utf8")),
    );
    const found = jobs[job];
    if (found === undefined) throw new Error(`${workflow} has no job ${job}, but ${Object.keys(jobs).join(", ")}`);
    const steps: Record<string, { outputs: Record<string, string>; outcome: string }> = {};
    // A job has the token only where its workflow hands it on.
    const { GITHUB_TOKEN: token = "", ...ambient } = given.environment ?? {};
    const contexts = {
      ...{ vars: given.vars, secrets: given.secrets, inputs: given.inputs ?? {}, needs: given.needs ?? {}, steps },
      github: { token },
    };
    const values = (texts: Record<string, string>) =>
      Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, valueOf(text, contexts)]));
    const files = path.join(this.directory, `files-${String(++this.jobs)}`);
    mkdirSync(files);
    const summary = path.join(files, "summary.md");
    writeFileSync(summary, "");
    let checkout = files;
    const ran: Ran[] = [];
    let status: JobStatus = "success";
    for (const step of found.steps) {
      if (step.id !== undefined) steps[step.id] = { outputs: {}, outcome: "skipped" };
      if (!isDue(step.if, status, contexts)) continue;
      if (step.uses !== undefined) {
        const outcome = isLogin(step.uses) && given.login === "refused" ? "failure" : "success";
        if (outcome === "failure") status = outcome;
        else checkout = this.use(step.uses, given.branch ?? "main", checkout);
        if (step.id !== undefined) steps[step.id] = { outputs: {}, outcome };
      }
      if (step.run === undefined) continue;
      if (given.cancelledAt !== undefined && step.run.startsWith(given.cancelledAt)) {
        status = "cancelled";
        continue;
      }
      const output = path.join(files, `output-${String(ran.length)}`);
      writeFileSync(output, "");
      const environment = {
        ...{ ...this.base, ...ambient, CI: "true", GITHUB_WORKFLOW: name, GITHUB_ACTOR: "alice" },
        ...{ GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary },
        ...{ ...values(env), ...values(found.env), ...values(step.env) },
      };
      const ended = { ...(await bash(this.edited(step.run), checkout, environment)), run: step.run };
      ran.push(ended);
      const outcome = ended.code === 0 ? "success" : "failure";
      if (outcome === "failure" && status === "success") status = outcome;
      if (step.id !== undefined) steps[step.id] = { outputs: linesOf(readFileSync(output, "utf8")), outcome };
    }
    return {
      succeeded: status === "success",
      ran,
      outputs: values(found.outputs),
      summary: readFileSync(summary, "utf8"),
    };
  }

  private use(action: string, branch: string, checkout: string): string {
    if (action.startsWith("actions/checkout@")) return this.checkOut(branch);
    if (action === "./.github/actions/setup") {
      symlinkSync(path.join(root, "node_modules"), path.join(checkout, "node_modules"));
      // Younger than the packages, they would have make install them, through the link.
      for (const file of ["package.json", "package-lock.json"]) utimesSync(path.join(checkout, file), 0, 0);
      return checkout;
    }
    if (isLogin(action)) return checkout;
    throw new Error(`nothing stands in for ${action}`);
  }

  private checkOut(branch: string): string {
    const checkout = path.join(this.directory, `checkout-${String(++this.jobs)}`);
    git(this.directory, "clone", "--quiet", `--branch=${branch}`, this.origin, checkout);
    return checkout;
  }
}

function isLogin(action: string): boolean {
  return action.startsWith("aws-actions/configure-aws-credentials@");
}

/** Without blocking: what the steps talk to may be in this process. */
async function bash(run: string, cwd: string, env: Record<string, string>): Promise<Ran> {
  const options = { cwd, env, extendEnv: false, reject: false, all: true, timeout: 280_000 } as const;
  const { exitCode, all } = await execa("bash", ["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", run], options);
  return { run, code: exitCode ?? -1, output: all };
}

function linesOf(output: string): Record<string, string> {
  const pairs = output.split("\n").flatMap((line) => {
    const at = line.indexOf("=");
    return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
  });
  return Object.fromEntries(pairs);
}

function commitAll(directory: string, message: string): void {
  git(directory, "add", "--all");
  git(
    directory,
    "-c",
    "user.name=tests",
    "-c",
    "user.email=tests@example.com",
    "commit",
    "--quiet",
    `--message=${message}`,
  );
}

function git(cwd: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync("git", args, { cwd, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  return stdout;
}
