/** Where a command's words go: its result to stdout, everything on the way to stderr. */

export interface Output {
  /** Whether a program reads the result. */
  readonly json: boolean;
  /** Whether a person watches: only then may lines be drawn over, and questions asked. */
  readonly interactive: boolean;
  /** A line on the way, for whoever watches. */
  readonly progress: (line: string) => void;
  /** The result: once per command. `text` is not asked for with --json. */
  readonly result: (value: unknown, text: () => string) => void;
}

export function output({ json }: { json: boolean }): Output {
  return {
    json,
    interactive: process.stdout.isTTY && process.stdin.isTTY && !json,
    progress: (line) => {
      process.stderr.write(`${line}\n`);
    },
    result: (value, text) => {
      process.stdout.write(`${json ? JSON.stringify(value, null, 2) : text()}\n`);
    },
  };
}
