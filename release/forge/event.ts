/** What started a run of GitHub Actions. */
import { existsSync, readFileSync } from "node:fs";

/** The event that started this run; undefined where there is none that can be read. */
export function eventOf(environment: Readonly<NodeJS.ProcessEnv>): unknown {
  const file = environment["GITHUB_EVENT_PATH"];
  if (file === undefined || !existsSync(file)) return undefined;
  try {
    const event: unknown = JSON.parse(readFileSync(file, "utf8"));
    return event;
  } catch {
    return undefined;
  }
}
