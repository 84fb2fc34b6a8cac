/** The release command's own commands, from the files that hold one each. */
import { readdirSync } from "node:fs";
import * as path from "node:path";
import { Command } from "commander";

export async function commands(): Promise<Command[]> {
  const directory = path.resolve("release/commands");
  const modules = await Promise.all(
    readdirSync(directory).map((file) => import(path.join(directory, file)) as Promise<Record<string, unknown>>),
  );
  const made = modules.flatMap((exported) => Object.values(exported).filter(isMaker)).map((make) => make());
  return made.filter((each) => each instanceof Command);
}

function isMaker(value: unknown): value is () => unknown {
  return typeof value === "function";
}
