/**
 * Puts the stack file that a command of this job has changed back under version control: every update starts from there,
 * so what is not recorded is undone by the next one. Only what is true is recorded: where users are elsewhere by now,
 * because somebody has rolled back meanwhile, it stops.
 */
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { disagreeing, gitEnvironment, recordMessage } from "./recording";

/** Others push as well; each time this begins again from what is there then. */
const attempts = 5;

const root = process.cwd();

function record(stack: string, branch: string): string {
  const file = `Pulumi.${path.posix.basename(stack)}.yaml`;
  if (git("status", "--porcelain", "--", file) === "") return nothingToRecord(file, stack, branch);
  const wrong = elsewhere(stack);
  if (wrong.length > 0)
    throw new Error(
      `${file} is not recorded: users of ${wrong.join(", ")} are elsewhere by now than this job has left them. ` +
        "See npx release status; what is right is what it says.",
    );
  git("add", "--", file);
  git("commit", "--quiet", "--message", recordMessage(stack, process.env), "--", file);
  for (let attempt = 1; ; attempt++) {
    if (tried("push", "--quiet", "origin", `HEAD:refs/heads/${branch}`)) return `${file} is recorded on ${branch}.`;
    if (attempt === attempts) throw notPushed(file, branch);
    git("fetch", "--quiet", "origin", branch);
    if (!tried("rebase", "--quiet", "FETCH_HEAD")) {
      git("rebase", "--abort");
      throw notPushed(file, branch);
    }
  }
}

/**
 * This job has left the file as it was; where somebody else has changed it meanwhile, it still has to be true: a rollback
 * goes back to what its own file says, while the switch before it may have just recorded that it is done.
 */
function nothingToRecord(file: string, stack: string, branch: string): string {
  git("fetch", "--quiet", "origin", branch);
  if (git("diff", "--name-only", "HEAD", "FETCH_HEAD", "--", file) !== "") {
    git("checkout", "--quiet", "--detach", "FETCH_HEAD");
    const wrong = elsewhere(stack);
    if (wrong.length > 0)
      throw new Error(
        `${branch} says of ${wrong.join(", ")} that users are where they are not: the next update would move them. ` +
          "Run this job once more; it records where they are.",
      );
  }
  return `${file} has not changed: nothing to record.`;
}

/** The services whose users are not where the file says. */
function elsewhere(stack: string): readonly string[] {
  return disagreeing(said("npx", ["release", "status", "--json", "--stack", stack]));
}

function notPushed(file: string, branch: string): Error {
  return new Error(
    `${file} could not be recorded on ${branch}, for the reason above. The update itself is done: commit this by hand, ` +
      `or the next one undoes it:\n${git("diff", "HEAD~1", "--", file)}`,
  );
}

function git(...args: string[]): string {
  return said("git", args);
}

function tried(...args: string[]): boolean {
  return spawnSync("git", args, { cwd: root, env, stdio: ["ignore", 2, 2] }).status === 0;
}

function said(program: string, args: readonly string[]): string {
  const { status, stdout } = spawnSync(program, args, {
    cwd: root,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", 2],
  });
  if (status !== 0) throw new Error(`This failed, for the reason above: ${program} ${args[0] ?? ""} ${args[1] ?? ""}`);
  return stdout.trim();
}

const env = { ...process.env, ...gitEnvironment(process.env) };
try {
  const stack = process.env["STACK"] ?? "";
  if (stack === "") throw new Error("Say which stack: STACK=prod");
  console.log(record(stack, process.env["BRANCH"] ?? "main"));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
