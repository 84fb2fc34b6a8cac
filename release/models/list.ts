/** `release models list`: the versions in the store, which are whole, and who reads them. */
import type { CommonOptions } from "../options";
import { output } from "../render/output";
import type { Bucket, StoredObject } from "./bucket";
import { inTurns } from "./inTurns";
import { versionOfKey } from "./manifest";
import { withStore } from "./openStore";
import { renderList } from "./render";
import { location, readers, type Reader } from "./store";

export interface ModelsList {
  readonly stack: string;
  readonly location: string;
  readonly versions: readonly ListedVersion[];
}

export interface ListedVersion {
  readonly version: string;
  /** `missing`: a colour reads it, and nothing is there. */
  readonly state: "complete" | "incomplete" | "missing";
  readonly files: number;
  readonly bytes: number;
  /** Null where it is not complete. */
  readonly pushedAt: string | null;
  readonly readers: readonly Reader[];
}

export async function list(options: CommonOptions): Promise<void> {
  const result = await listModels(options);
  output(options).result(result, () => renderList(result));
}

export async function listModels(options: Pick<CommonOptions, "cwd" | "stack" | "service">): Promise<ModelsList> {
  const failed = (where: string) => `The versions in ${where} could not be listed`;
  return withStore(options, failed, async ({ stack, settings, store, bucket }) => {
    const [whole, objects] = [await bucket.versions(), await bucket.objects("")];
    const found = versionsIn(store.prefix, objects, whole, readers(settings), Object.keys(settings.services));
    const wanted = found.filter(({ version, readers: its }) => concerns(version, its, options.service));
    const versions = await inTurns(4, wanted, async (each) => ({ ...each, pushedAt: await pushedAt(bucket, each) }));
    return { stack, location: location(store), versions };
  });
}

async function pushedAt(bucket: Bucket, { version, state }: Omit<ListedVersion, "pushedAt">): Promise<string | null> {
  return state === "complete" ? ((await bucket.manifest(version))?.pushedAt ?? null) : null;
}

function concerns(version: string, its: readonly Reader[], service: string | undefined): boolean {
  return service === undefined || version.startsWith(`${service}/`) || its.some((reader) => reader.service === service);
}

/**
 * The versions that a bucket's objects are, by name. Of what is in no whole version and read by no colour, a version is what
 * is in one directory, or below a service's name in one of its directories.
 */
export function versionsIn(
  prefix: string,
  objects: readonly StoredObject[],
  whole: readonly string[],
  readersOf: ReadonlyMap<string, readonly Reader[]>,
  services: readonly string[],
): Omit<ListedVersion, "pushedAt">[] {
  const known = [...whole, ...readersOf.keys()];
  const sums = new Map(known.map((version) => [version, { files: 0, bytes: 0 }]));
  for (const { key, size } of objects) {
    if (versionOfKey(prefix, key) !== undefined) continue;
    const path = key.slice(prefix.length + 1);
    const version = known.find((each) => path.startsWith(`${each}/`)) ?? guessed(path, services);
    if (version === undefined) continue;
    const { files, bytes } = sums.get(version) ?? { files: 0, bytes: 0 };
    sums.set(version, { files: files + 1, bytes: bytes + size });
  }
  return [...sums]
    .map(([version, { files, bytes }]) => ({
      version,
      state: whole.includes(version)
        ? ("complete" as const)
        : files > 0
          ? ("incomplete" as const)
          : ("missing" as const),
      files,
      bytes,
      readers: readersOf.get(version) ?? [],
    }))
    .sort((a, b) => a.version.localeCompare(b.version, "en", { numeric: true }));
}

function guessed(path: string, services: readonly string[]): string | undefined {
  const directories = path.split("/").slice(0, -1);
  const depth = services.includes(directories[0] ?? "") ? 2 : 1;
  return directories.length === 0 ? undefined : directories.slice(0, depth).join("/");
}
