/** The steps that commands share: a preview of other values, a question, an update that waits its turn. */
import type { Context } from "../context";
import { exitCodes, ReleaseError } from "../errors";
import { whenUnlocked } from "../locks";
import { operator, updateMessage } from "../operator";
import { preview, update, type Change, type EngineOptions } from "./engine";
import type { ActOptions } from "./options";
import { step, watchEngine } from "./progress";
import {
  commitWords,
  readStackFile,
  withCopy,
  withSettings,
  writeStackFile,
  type Setting,
  type StackFile,
} from "./stackFile";

/** Values to set, with what an update would then do. Nothing is written yet. */
export interface Plan {
  readonly file: StackFile;
  /** The file's text with the values. */
  readonly text: string;
  readonly changes: readonly Change[];
}

/** Previews the stack with other values. */
export async function plan({ stack, directory }: Context, settings: readonly Setting[]): Promise<Plan> {
  const file = readStackFile(directory, stack.name);
  const text = withSettings(file, settings);
  const changes = await step("Preview", async (report) => {
    const { watch, stop } = watchEngine(report);
    try {
      return await withCopy(file, text, (configFile) => preview(stack, { configFile, refresh: true, watch }));
    } finally {
      stop();
    }
  });
  return { file, text, changes };
}

/** Makes a plan's values the stack's. */
export function write({ output }: Context, { file, text }: Plan): void {
  if (text === file.text) return;
  writeStackFile(file, text);
  output.progress(commitWords(file));
}

/** @param what For the history: "switch facefusion to green". */
export async function updateStack(
  { stack, output }: Context,
  title: string,
  what: string,
  { wait, watch, ...given }: EngineOptions & Pick<ActOptions, "wait">,
): Promise<Change[]> {
  const options = {
    waitMs: wait,
    progress: (line: string) => {
      output.progress(line);
    },
  };
  return step(title, async (report) => {
    const engine = watchEngine(report);
    const both: EngineOptions["watch"] = (change, phase) => {
      engine.watch(change, phase);
      watch?.(change, phase);
    };
    const message = updateMessage(what, operator());
    try {
      return await uninterrupted(output.progress, (signal) =>
        whenUnlocked(() => update(stack, { refresh: true, ...given, message, signal, watch: both }), options),
      );
    } finally {
      engine.stop();
    }
  });
}

/** Asks whether to go on, unless it has been said already. */
export async function confirmed({ output }: Context, { yes }: ActOptions, question: string): Promise<void> {
  if (yes) return;
  if (!output.interactive)
    throw new ReleaseError("Nobody is here to be asked.", "Say yes beforehand, with --yes.", exitCodes.usage);
  const { default: confirm } = await import("@inquirer/confirm");
  const answer = await confirm({ message: question, default: false }, { output: process.stderr }).catch(() => false);
  if (!answer)
    throw new ReleaseError("Stopped; nothing was changed.", "Try again when you are ready.", exitCodes.refused);
}

/**
 * Keeps this process alive when it is told to stop, until the engine has ended in good order. Ctrl+C reaches the engine
 * by itself, since the terminal sends it to both; a signal to this process alone is passed on.
 */
async function uninterrupted<T>(
  progress: (line: string) => void,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals) => {
    progress("Stopping: the engine finishes what it has begun.");
    if (signal === "SIGTERM") controller.abort();
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    return await run(controller.signal);
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}
