import { InvalidArgumentError, type Command } from "commander";
import type { HistoryOptions } from "../history/history";
import { releaseCommand } from "../options";

export function historyCommand(): Command {
  return releaseCommand("history", "what was released, when, by whom, and how it went")
    .option("--limit <n>", "how many releases", positive, 20)
    .action(async (options: HistoryOptions) => {
      const { history } = await import("../history/history.ts");
      await history(options);
    });
}

function positive(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError("accepted: a whole number, 1 or more");
}
