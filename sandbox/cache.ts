/** Things that take long to make: each in a directory named after what it is made from, whole or not there at all. */
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  utimesSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import * as path from "node:path";

/** How many of a kind are kept: what is in use by now, and what somebody may go back to. */
const kept = 3;

/**
 * Makes a thing unless it is there.
 *
 * @param key What the thing depends on, see `keyOf`. Any other key is another thing of the same kind.
 * @param make Fills the directory it is given; whatever it leaves in the second one is thrown away.
 * @returns The directory that holds the thing.
 */
export async function cached(
  cacheDir: string,
  kind: string,
  key: string,
  make: (directory: string, scratch: string) => Promise<void>,
): Promise<string> {
  const directory = path.join(cacheDir, `${kind}-${key}`);
  if (existsSync(directory)) {
    utimesSync(directory, new Date(), new Date());
    return directory;
  }
  mkdirSync(cacheDir, { recursive: true });
  await removeAbandoned(cacheDir);
  const work = mkdtempSync(path.join(cacheDir, `work-${process.pid}-`));
  try {
    const made = path.join(work, "made");
    const scratch = path.join(work, "scratch");
    mkdirSync(made);
    mkdirSync(scratch);
    await make(made, scratch);
    try {
      renameSync(made, directory);
    } catch (error) {
      // Where another process was faster, its result is as good.
      if (!existsSync(directory)) throw error;
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  await removeOldest(cacheDir, kind);
  return directory;
}

/** A short name for texts and the files' names and contents; directories count with all that is in them. */
export function keyOf(texts: readonly string[], files: readonly string[] = []): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(`${text.length}:${text}`);
  for (const file of files) addFile(hash, file, path.basename(file));
  return hash.digest("hex").slice(0, 16);
}

function addFile(hash: ReturnType<typeof createHash>, file: string, name: string): void {
  if (statSync(file).isDirectory()) {
    const entries = readdirSync(file).filter((entry) => entry !== "__pycache__");
    for (const entry of entries.sort()) addFile(hash, path.join(file, entry), `${name}/${entry}`);
    return;
  }
  const content = readFileSync(file);
  hash.update(`${name}:${content.length}:`).update(content);
}

/** Removes what processes left that were killed at work. */
async function removeAbandoned(cacheDir: string): Promise<void> {
  for (const entry of readdirSync(cacheDir)) {
    const owner = /^work-(\d+)-/.exec(entry)?.[1];
    if (owner !== undefined && !existsSync(`/proc/${owner}`)) {
      await rm(path.join(cacheDir, entry), { recursive: true, force: true });
    }
  }
}

async function removeOldest(cacheDir: string, kind: string): Promise<void> {
  const ofKind = readdirSync(cacheDir).filter((entry) => new RegExp(`^${kind}-[0-9a-f]{16}$`).test(entry));
  const byAge = ofKind
    .map((entry) => path.join(cacheDir, entry))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const directory of byAge.slice(kept)) await rm(directory, { recursive: true, force: true });
}
