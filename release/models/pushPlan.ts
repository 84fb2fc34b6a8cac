/** What a push has to do for a version that is not whole yet, or why it must not. */
import type { LocalFile } from "./files";
import { readerWords } from "./render";
import type { Reader } from "./store";

/** A file of the version that is in the bucket already. */
export interface StoredFile {
  readonly path: string;
  readonly etag: string;
  /** Whether it has the content of the local file of that path; undefined where there is none. */
  readonly same: boolean | undefined;
  /** Whether a push has put it there, rather than somebody by hand. */
  readonly pushed: boolean;
}

export interface Upload {
  readonly file: LocalFile;
  /** The ETag of what it replaces; undefined where it must be new. */
  readonly replaces: string | undefined;
}

export type PushPlan = { readonly uploads: readonly Upload[] } | { readonly refusal: string; readonly remedy: string };

/** @param readers The colours that read this version. */
export function pushPlan(
  version: string,
  local: readonly LocalFile[],
  stored: readonly StoredFile[],
  readers: readonly Reader[],
): PushPlan {
  const extra = stored.filter(({ same }) => same === undefined);
  const other = stored.filter(({ same }) => same === false);
  const there = new Map(stored.map((file) => [file.path, file]));
  const missing = local.filter(({ path }) => !there.has(path));
  const inUse = readers.length > 0;

  if (extra.length > 0)
    return {
      refusal: `${version} has files that are not here: ${some(extra)}.`,
      remedy: "Push as another version, or remove those files if nobody needs them.",
    };
  if (inUse && other.length > 0)
    return {
      refusal: `${version} is read by ${readerWords(readers)}, and is other content: ${some(other)}.`,
      remedy: "Push as another version, and deploy that to the idle colour: release deploy <image> --models <version>",
    };
  // Files that a broken push has left are continued. What somebody has put there by hand is what the Pods read today.
  if (inUse && missing.length > 0 && stored.some(({ pushed }) => !pushed))
    return {
      refusal: `${version} is read by ${readerWords(readers)}, was put there by hand, and lacks ${some(missing)}.`,
      remedy: "Push as another version, and deploy that to the idle colour: release deploy <image> --models <version>",
    };
  return {
    uploads: local.flatMap((file) => {
      const before = there.get(file.path);
      return before?.same === true ? [] : [{ file, replaces: before?.etag }];
    }),
  };
}

/** The versions that one of this path would be a part of, or that would be parts of it. */
export function overlapping(version: string, others: readonly string[]): string[] {
  return others.filter((other) => other.startsWith(`${version}/`) || version.startsWith(`${other}/`));
}

function some(files: readonly { path: string }[]): string {
  const names = files.slice(0, 3).map(({ path }) => path);
  return files.length > names.length ? `${names.join(", ")} and ${files.length - names.length} more` : names.join(", ");
}
