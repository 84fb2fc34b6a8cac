/** How the release command fails: an exit code that a pipeline can act on, and words for a person. */

/** What the exit codes mean; `release --help` shows them. */
export const exitCodes = {
  done: 0,
  /** It was tried and did not work; for `doctor`: something is wrong. */
  failed: 1,
  /** The command line or the configuration is not right; nothing was tried. */
  usage: 2,
  /** The gate, the guard or a rule of this command says no, traffic was not changed; for `drift`: there is some. */
  refused: 3,
  /** The switch was made, and the bake took it back. */
  rolledBack: 4,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** An error for the person at the keyboard: what went wrong and what to do about it. Shown without a stack trace. */
export class ReleaseError extends Error {
  override readonly name = "ReleaseError";

  /** @param remedy What to do, as an imperative sentence. */
  constructor(
    message: string,
    readonly remedy: string,
    readonly exitCode: ExitCode = exitCodes.failed,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What was thrown, as an error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** The shape of an error with --json. */
export interface ErrorReport {
  error: { message: string; remedy: string; exitCode: ExitCode };
}

export function reportOf({ message, remedy, exitCode }: ReleaseError): ErrorReport {
  return { error: { message, remedy, exitCode } };
}

/**
 * An error in words for people: this command's own as they are, and those of the configuration and of the engine, which
 * have their own classes. Undefined for anything else: that is a bug, and its stack trace is wanted.
 */
export function explain(error: unknown): ReleaseError | undefined {
  if (error instanceof ReleaseError) return error;
  if (!(error instanceof Error)) return undefined;
  // By name: to load their classes costs a second that a wrong option should not.
  if (error.name === "SettingsError")
    return new ReleaseError(error.message, "Change the stack's configuration and try again.", exitCodes.usage, {
      cause: error,
    });
  if (/Command failed with ENOENT|spawn pulumi ENOENT/.test(error.message))
    return new ReleaseError(
      "There is no pulumi on the PATH.",
      "Install it (https://www.pulumi.com/docs/iac/download-install), or source the sandbox's environment: . .sandbox/env",
      exitCodes.usage,
      { cause: error },
    );
  if (error.name === "StackNotFoundError")
    return new ReleaseError(engineWords(error.message), "List the stacks with: pulumi stack ls", exitCodes.usage, {
      cause: error,
    });
  if (error.name === "ConcurrentUpdateError")
    return new ReleaseError(
      `Another update of this stack is under way: ${engineWords(error.message)}`,
      "Wait for it to end. If its engine was killed, take its lock away with: pulumi cancel",
      exitCodes.failed,
      { cause: error },
    );
  if (error.name === "CommandError")
    return new ReleaseError(engineWords(error.message), "See what the engine says above.", exitCodes.failed, {
      cause: error,
    });
  return undefined;
}

/** What the engine says went wrong, from all that a failed command carries: its error lines, else everything. */
export function engineWords(message: string): string {
  const text = /(?:^|\n)\s*stderr:\s*([\s\S]*?)(?:\n\s*err\?:|$)/.exec(message)?.[1] ?? message;
  const errors = text.split("\n").flatMap((line) => /^\s*error:\s*(.+)$/.exec(line)?.[1] ?? []);
  return errors.length > 0 ? errors.join("\n") : text.trim();
}
