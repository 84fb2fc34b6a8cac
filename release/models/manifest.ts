/**
 * What makes a version whole: a list of its files, written last. A version without one is not finished; one that has it
 * never changes. Manifests are beside the versions, so that Pods do not see them and listing versions is one request.
 */
import { z } from "zod";
import type { ModelFile } from "./files";

const manifestSchema = z.object({
  format: z.literal(1),
  version: z.string(),
  pushedAt: z.iso.datetime(),
  files: z.array(z.object({ path: z.string(), size: z.number(), sha256: z.string() })),
});

export type Manifest = z.output<typeof manifestSchema>;

/** Where manifests are, below the store. */
export const manifestDirectory = ".versions";

/** The key of a version's manifest; without a version, what all of them begin with. */
export function manifestKey(prefix: string, version?: string): string {
  return `${prefix}/${manifestDirectory}/${version === undefined ? "" : `${version}.json`}`;
}

/** The version whose manifest a key is; undefined for another key. */
export function versionOfKey(prefix: string, key: string): string | undefined {
  const start = manifestKey(prefix);
  return key.startsWith(start) && key.endsWith(".json") ? key.slice(start.length, -".json".length) : undefined;
}

export function manifestOf(version: string, files: readonly ModelFile[], now: Date): Manifest {
  return {
    format: 1,
    version,
    pushedAt: now.toISOString(),
    files: files.map(({ path, size, sha256 }) => ({ path, size, sha256 })),
  };
}

export function parseManifest(text: string): Manifest {
  return manifestSchema.parse(JSON.parse(text));
}

/** In words what differs between a whole version and the files that are to be pushed as it; none where they are the same. */
export function differences({ files }: Pick<Manifest, "files">, wanted: readonly ModelFile[]): string[] {
  const there = new Map(files.map((file) => [file.path, file]));
  const here = new Set(wanted.map(({ path }) => path));
  return [
    ...wanted.flatMap(({ path, sha256 }) => {
      const other = there.get(path);
      if (other === undefined) return [`${path} is not in it`];
      return other.sha256 === sha256 ? [] : [`${path} is another file in it`];
    }),
    ...files.flatMap(({ path }) => (here.has(path) ? [] : [`${path} is in it, and not here`])),
  ];
}
