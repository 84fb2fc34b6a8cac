/** Steps of a command as a person watches them: a line for each on stderr, with what is worked on below it. */
import { Listr, ListrLogger, ProcessOutput, type ListrDefaultRendererLogLevels, type ListrLogLevels } from "listr2";
import { duration } from "../render/time";
import type { Change, EngineOptions } from "./engine";

/** Told what a step is at. */
export type Report = (line: string) => void;

/** Runs one step. Its title stays, with a tick or a cross and the time; on a terminal its reports are drawn over. */
export async function step<T>(title: string, run: (report: Report) => Promise<T>): Promise<T> {
  const outcomes: Promise<T>[] = [];
  const steps = new Listr(
    {
      title,
      task: async (_, handle) => {
        const begin = performance.now();
        const outcome = run((line) => (handle.output = line));
        outcomes.push(outcome);
        try {
          await outcome;
        } catch (cause) {
          throw new Error("see below", { cause });
        } finally {
          handle.title = `${title} (${duration(performance.now() - begin)})`;
        }
      },
    },
    {
      // What to do about Ctrl+C is the command's to say.
      registerSignalListeners: false,
      fallbackRendererCondition: () => !process.stderr.isTTY,
      rendererOptions: { logger: onStderr<ListrDefaultRendererLogLevels>(), showErrorMessage: false },
      fallbackRendererOptions: { logger: onStderr<ListrLogLevels>() },
    },
  );
  // It fails as its one task does, whose own error is the one to tell.
  await steps.run().catch(() => undefined);
  const [outcome] = outcomes;
  if (outcome === undefined) throw new Error(`the step "${title}" was not run`);
  return outcome;
}

/** The result is the only thing that stdout gets. */
function onStderr<Levels extends string>(): ListrLogger<Levels> {
  return new ListrLogger<Levels>({ processOutput: new ProcessOutput(process.stderr, process.stderr) });
}

/** For what is reported every few seconds: in a file, where nothing is drawn over, twice a minute is enough. */
export function seldom(report: Report): Report {
  if (process.stderr.isTTY) return report;
  let last = -Infinity;
  return (line) => {
    if (performance.now() - last < seldomMs) return;
    last = performance.now();
    report(line);
  };
}

const seldomMs = 30_000;

const doing = { create: "creating", update: "updating", replace: "replacing", delete: "deleting" };

/** Reports each resource that the engine works on; on a terminal with the seconds that it has taken so far. */
export function watchEngine(report: Report): { watch: NonNullable<EngineOptions["watch"]>; stop: () => void } {
  const under = new Map<string, { change: Change; since: number }>();
  const show = () => {
    const [oldest, ...more] = [...under.values()];
    if (oldest === undefined) return;
    const others = more.length === 0 ? "" : `, and ${more.length} more`;
    const seconds = process.stderr.isTTY ? `, ${Math.round((performance.now() - oldest.since) / 1000)} s` : "";
    report(`${doing[oldest.change.op]} ${oldest.change.name}${seconds}${others}`);
  };
  const timer = process.stderr.isTTY ? setInterval(show, 1000) : undefined;
  return {
    watch: (change, phase) => {
      if (phase === "begins") under.set(change.name, { change, since: performance.now() });
      else under.delete(change.name);
      if (phase === "begins") show();
    },
    stop: () => {
      clearInterval(timer);
    },
  };
}
