/** Running a program to its end. */
import { execa } from "execa";
import { SandboxError } from "./failure";

/** Lines of a program's output that an error quotes. */
const quotedLines = 15;

/**
 * Runs a command and returns what it printed.
 *
 * @param failure What to say where it fails, before its own last words, and what to do then.
 * @throws SandboxError where the command cannot be run or ends with another code than 0.
 */
export async function run(
  [file = "", ...args]: readonly string[],
  failure: { problem: string; remedy: string },
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<string> {
  const result = await execa(file, args, { ...options, stdin: "ignore", reject: false });
  if (!result.failed) return result.stdout;
  const said = [result.stderr, result.stdout, result.message].find((text) => text !== undefined && text.trim() !== "");
  const last = said?.trimEnd().split("\n").slice(-quotedLines).join("\n") ?? "";
  throw new SandboxError(`${failure.problem}\n${last}`, failure.remedy);
}
