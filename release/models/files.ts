/** The files of one version on this machine, each with what tells its content from any other. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import * as path from "node:path";
import { Transform, type Readable } from "node:stream";
import { exitCodes, ReleaseError } from "../errors";

export interface ModelFile {
  /** Below the version's directory, with forward slashes. */
  readonly path: string;
  readonly size: number;
  /** In hexadecimal, as sha256sum prints it. */
  readonly sha256: string;
}

export interface LocalFile extends ModelFile {
  /** Where it is on this machine. */
  readonly file: string;
}

/** @param report Told which file is being read. */
export async function readFiles(directory: string, report: (line: string) => void): Promise<LocalFile[]> {
  const found = await filesBelow(path.resolve(directory));
  if (found.length === 0)
    throw new ReleaseError(`There is no file in ${directory}.`, "Name the directory of the models.", exitCodes.usage);
  const files: LocalFile[] = [];
  for (const file of found) {
    report(file);
    const relative = path.relative(path.resolve(directory), file).split(path.sep).join("/");
    files.push({ path: relative, file, ...(await contentOf(createReadStream(file))) });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((cause: unknown) => {
    throw new ReleaseError(`${directory} cannot be read: ${String(cause)}`, "Name a directory.", exitCodes.usage);
  });
  const below = await Promise.all(
    entries.map(async (entry) => {
      const file = path.join(directory, entry.name);
      if (entry.isDirectory()) return filesBelow(file);
      // A link to a file is that file, as model hubs lay their caches out; S3 knows no links.
      if ((await stat(file)).isFile()) return [file];
      throw new ReleaseError(
        `${file} is no file and no directory.`,
        "Take it away, or copy what it is.",
        exitCodes.usage,
      );
    }),
  );
  return below.flat();
}

/** The size and the SHA-256 of a stream. */
export async function contentOf(stream: AsyncIterable<Uint8Array>): Promise<Pick<ModelFile, "size" | "sha256">> {
  const hash = createHash("sha256");
  let size = 0;
  for await (const chunk of stream) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { size, sha256: hash.digest("hex") };
}

/** A file's bytes, which fail at their end where they are no longer those that were read before. */
export function unchanged({ file, sha256 }: LocalFile): Readable {
  const hash = createHash("sha256");
  const check = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      const same = hash.digest("hex") === sha256;
      done(same ? null : new ReleaseError(`${file} has changed while it was pushed.`, "Push it when it is done."));
    },
  });
  const source = createReadStream(file);
  source.once("error", (error) => check.destroy(error));
  return source.pipe(check);
}
