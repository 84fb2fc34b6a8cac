/** The steps that make files a version: compare, send what is missing, and write down that it is whole. */
import { exitCodes, ReleaseError } from "../errors";
import { seldom, step } from "../operations/progress";
import { isConflict, type Bucket } from "./bucket";
import type { LocalFile } from "./files";
import { inTurns } from "./inTurns";
import { differences, manifestOf } from "./manifest";
import { overlapping, pushPlan, type Upload } from "./pushPlan";
import { sizeOf } from "./render";
import type { Reader } from "./store";

/** Files that go at a time; of each, two parts at a time. */
const concurrency = 4;

/**
 * @param readers The colours that read this version.
 * @returns What had to be sent; undefined where the same version was whole already.
 */
export async function pushVersion(
  bucket: Bucket,
  version: string,
  files: readonly LocalFile[],
  readers: readonly Reader[],
): Promise<LocalFile[] | undefined> {
  if (await isWhole(bucket, version, files)) return undefined;
  const [within] = overlapping(version, await bucket.versions());
  if (within !== undefined)
    throw refused(`${version} and ${within} would be parts of one another.`, "Push as another version.");

  const local = new Map(files.map((file) => [bucket.key(version, file.path), file]));
  const objects = await bucket.objects(version);
  const stored = await step("Compare with what is there", () =>
    inTurns(concurrency, objects, (object) => bucket.compare(version, object, local.get(object.key))),
  );
  const plan = pushPlan(version, files, stored, readers);
  if ("refusal" in plan) throw refused(plan.refusal, plan.remedy);

  const sent = await uploadAll(bucket, version, plan.uploads);
  const etags = new Map([...objects.map(({ key, etag }) => [key, etag] as const), ...sent]);
  await finish(bucket, version, files, etags);
  return plan.uploads.map(({ file }) => file);
}

/**
 * Whether the version is there, and the same.
 *
 * @throws ReleaseError where it is there, and another.
 */
async function isWhole(bucket: Bucket, version: string, files: readonly LocalFile[]): Promise<boolean> {
  const manifest = await bucket.manifest(version);
  if (manifest === undefined) return false;
  const [difference, ...more] = differences(manifest, files);
  if (difference === undefined) return true;
  const others = more.length === 0 ? "" : `, and ${more.length} more`;
  throw refused(
    `${version} is whole since ${manifest.pushedAt}, and is other content: ${difference}${others}.`,
    "A version never changes: push as another one.",
  );
}

/** @returns The ETag of each object that was written, by its key. */
async function uploadAll(
  bucket: Bucket,
  version: string,
  uploads: readonly Upload[],
): Promise<(readonly [string, string])[]> {
  if (uploads.length === 0) return [];
  const total = uploads.reduce((sum, { file }) => sum + file.size, 0);
  return step(`Push ${uploads.length} of the files, ${sizeOf(total)}`, (report) => {
    const begin = performance.now();
    const say = seldom(report);
    let [done, bytes] = [0, 0];
    return inTurns(concurrency, uploads, async (upload) => {
      const count = (more: number) => {
        bytes += more;
        const speed = sizeOf(bytes / ((performance.now() - begin) / 1000));
        say(`${done} of ${uploads.length} files, ${sizeOf(bytes)} of ${sizeOf(total)}, ${speed}/s`);
      };
      const etag = await bucket.upload(version, upload, count).catch((error: unknown) => {
        throw isConflict(error) ? somebodyElse(version, upload.file.path) : error;
      });
      done += 1;
      return [bucket.key(version, upload.file.path), etag] as const;
    });
  });
}

/** Makes the version whole, once it is sure that nobody has come in between. */
async function finish(
  bucket: Bucket,
  version: string,
  files: readonly LocalFile[],
  etags: ReadonlyMap<string, string>,
): Promise<void> {
  const now = new Map((await bucket.objects(version)).map(({ key, etag }) => [key, etag]));
  const all = new Set([...now.keys(), ...etags.keys()]);
  const strange = [...all].find((key) => now.get(key) !== etags.get(key));
  if (strange !== undefined) throw somebodyElse(version, strange);
  const written = await bucket.writeManifest(manifestOf(version, files, new Date()));
  // Two that have pushed the same have both done it; else this says what differs.
  if (!written) await isWhole(bucket, version, files);
}

function somebodyElse(version: string, what: string): ReleaseError {
  return new ReleaseError(
    `Somebody else is writing ${version} at this moment: ${what} is not what this push has left there.`,
    "Let one push end, then run this command again.",
  );
}

function refused(message: string, remedy: string): ReleaseError {
  return new ReleaseError(message, remedy, exitCodes.refused);
}
