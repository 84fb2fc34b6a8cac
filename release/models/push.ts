/** `release models push`: a directory becomes a version in the store, whole or not at all, and never changes again. */
import { S3Client } from "@aws-sdk/client-s3";
import { explainAws } from "../aws/failures";
import { chooseServices, projectDirectory, stackName } from "../context";
import { readStackSettings } from "../cost/read";
import { exitCodes, ReleaseError } from "../errors";
import { seldom, step } from "../operations/progress";
import type { CommonOptions } from "../options";
import { output } from "../render/output";
import { duration } from "../render/time";
import { Bucket, isConflict } from "./bucket";
import { readFiles, type LocalFile } from "./files";
import { differences, manifestOf } from "./manifest";
import { overlapping, pushPlan, type Upload } from "./pushPlan";
import { sizeOf } from "./render";
import { location, readers, s3Store, versionPath } from "./store";

export interface PushOptions extends CommonOptions {
  version?: string;
}

/** Files that go at a time; each in two parts at a time. */
const concurrency = 4;

export async function push(directory: string, options: PushOptions): Promise<void> {
  const begin = performance.now();
  const out = output(options);
  const project = projectDirectory(options.cwd);
  const stack = await stackName(project, options.stack);
  const { settings } = readStackSettings(project, stack);
  const store = s3Store(settings);
  if (options.version === undefined)
    throw new ReleaseError("Which version is it?", "Name it: --version v2", exitCodes.usage);
  if (options.service !== undefined) chooseServices(Object.keys(settings.services), options.service);
  const version = versionPath(options.version, options.service);

  const files = await step(`Read ${directory}`, (report) => readFiles(directory, report));
  const client = new S3Client({ region: store.region });
  try {
    const bucket = new Bucket(client, store);
    const uploaded = await pushVersion(bucket, version, files, readers(settings).get(version) ?? []);
    const result = {
      stack,
      version,
      location: location(store, version),
      status: uploaded === undefined ? "present" : "pushed",
      files: files.length,
      bytes: bytesOf(files),
      uploaded: { files: uploaded?.length ?? 0, bytes: bytesOf(uploaded ?? []) },
      seconds: (performance.now() - begin) / 1000,
    };
    out.result(result, () => resultWords(result));
  } catch (error) {
    throw explainAws(error, `${version} could not be pushed to ${location(store)}`, {
      otherwise: "The same command goes on where this one stopped.",
    });
  } finally {
    client.destroy();
  }
}

/** @returns What had to be uploaded; undefined where the same version was whole already. */
async function pushVersion(
  bucket: Bucket,
  version: string,
  files: readonly LocalFile[],
  users: Parameters<typeof pushPlan>[3],
): Promise<LocalFile[] | undefined> {
  if (await isWhole(bucket, version, files)) return undefined;
  const [within] = overlapping(version, await bucket.versions());
  if (within !== undefined)
    throw refused(`${version} and ${within} would be parts of one another.`, "Push as another version.");

  const local = new Map(files.map((file) => [bucket.key(version, file.path), file]));
  const objects = await bucket.objects(version);
  const stored = await step("Compare with what is there", () =>
    inTurns(objects, (object) => bucket.compare(version, object, local.get(object.key))),
  );
  const plan = pushPlan(version, files, stored, users);
  if ("refusal" in plan) throw refused(plan.refusal, plan.remedy);

  const etags = new Map(objects.map(({ key, etag }) => [key, etag]));
  for (const [path, etag] of await uploadAll(bucket, version, plan.uploads)) etags.set(bucket.key(version, path), etag);
  await finish(bucket, version, files, etags);
  return plan.uploads.map(({ file }) => file);
}

/** Whether the version is there and the same. @throws ReleaseError where it is there and another. */
async function isWhole(bucket: Bucket, version: string, files: readonly LocalFile[]): Promise<boolean> {
  const manifest = await bucket.manifest(version);
  if (manifest === undefined) return false;
  const [difference, ...more] = differences(manifest, files);
  if (difference === undefined) return true;
  throw refused(
    `${version} is there, whole since ${manifest.pushedAt}, and is other content: ${difference}${more.length === 0 ? "" : `, and ${more.length} more differences`}.`,
    "A version never changes: push as another one.",
  );
}

function uploadAll(bucket: Bucket, version: string, uploads: readonly Upload[]): Promise<[string, string][]> {
  const total = uploads.reduce((sum, { file }) => sum + file.size, 0);
  if (uploads.length === 0) return Promise.resolve([]);
  return step(`Push ${uploads.length} files, ${sizeOf(total)}`, async (report) => {
    const begin = performance.now();
    const say = seldom(report);
    let [done, bytes] = [0, 0];
    return inTurns(uploads, async (upload) => {
      const etag = await bucket
        .upload(version, upload, (more) => {
          bytes += more;
          const speed = sizeOf(bytes / ((performance.now() - begin) / 1000));
          say(`${done} of ${uploads.length} files, ${sizeOf(bytes)} of ${sizeOf(total)}, ${speed}/s`);
        })
        .catch((error: unknown) => {
          throw isConflict(error) ? somebodyElse(version, upload.file.path) : error;
        });
      done += 1;
      return [upload.file.path, etag] as [string, string];
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
  const now = await bucket.objects(version);
  const strange =
    now.find(({ key, etag }) => etags.get(key) !== etag) ?? (now.length < etags.size ? now[0] : undefined);
  if (strange !== undefined || now.length !== files.length) throw somebodyElse(version, strange?.key ?? "a file");
  const written = await bucket.writeManifest(manifestOf(version, files, new Date()));
  // Two that pushed the same have both done it.
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

/** Some at a time, in order; the first failure ends it, once those that are under way have ended. */
async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const pending = [...items.entries()];
  let failed = false;
  const one = async (): Promise<void> => {
    for (let next = pending.shift(); next !== undefined && !failed; next = pending.shift()) {
      const [i, item] = next;
      try {
        results[i] = await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: concurrency }, one));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return results;
}

function bytesOf(files: readonly LocalFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}

interface PushResult {
  version: string;
  location: string;
  status: string;
  files: number;
  bytes: number;
  uploaded: { files: number; bytes: number };
  seconds: number;
}

function resultWords({ version, location: where, status, files, bytes, uploaded, seconds }: PushResult): string {
  const what = `${files} files, ${sizeOf(bytes)}`;
  const kept = files - uploaded.files;
  const said =
    status === "present"
      ? `${version} is there already, the same: ${what}.`
      : `${version} is in ${where}: ${what}, in ${duration(seconds * 1000)}${kept === 0 ? "" : `; ${kept} of the files were there before`}.`;
  return `${said}\nDeploy it with: release deploy <image> --models ${version}`;
}
