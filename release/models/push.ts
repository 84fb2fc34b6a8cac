/** `release models push`: a directory becomes a version in the store, whole or not at all, and never changes again. */
import { exitCodes, ReleaseError } from "../errors";
import { step } from "../operations/progress";
import type { CommonOptions } from "../options";
import { output } from "../render/output";
import { duration } from "../render/time";
import { readFiles, type ModelFile } from "./files";
import { withStore } from "./openStore";
import { pushVersion } from "./pushVersion";
import { sizeOf } from "./render";
import { location, readers, versionPath } from "./store";

export interface PushOptions extends CommonOptions {
  version?: string;
}

export interface PushResult {
  readonly stack: string;
  readonly version: string;
  readonly location: string;
  /** `present`: it was there, the same. */
  readonly status: "pushed" | "present";
  readonly files: number;
  readonly bytes: number;
  /** What had to be sent. */
  readonly uploaded: { readonly files: number; readonly bytes: number };
  readonly seconds: number;
}

export async function push(directory: string, options: PushOptions): Promise<void> {
  const result = await pushModels(directory, options);
  output(options).result(result, () => resultWords(result));
}

export async function pushModels(
  directory: string,
  { version: named, ...options }: Pick<PushOptions, "version" | "cwd" | "stack" | "service">,
): Promise<PushResult> {
  const begin = performance.now();
  if (named === undefined) throw new ReleaseError("Which version is it?", "Name it: --version v2", exitCodes.usage);
  const version = versionPath(named, options.service);
  const failed = (where: string) => `${version} could not be pushed to ${where}`;
  return withStore(
    options,
    failed,
    async ({ stack, settings, store, bucket }) => {
      const files = await step(`Read ${directory}`, (report) => readFiles(directory, report));
      const uploaded = await pushVersion(bucket, version, files, readers(settings).get(version) ?? []);
      return {
        stack,
        version,
        location: location(store, version),
        status: uploaded === undefined ? "present" : "pushed",
        files: files.length,
        bytes: bytesOf(files),
        uploaded: { files: uploaded?.length ?? 0, bytes: bytesOf(uploaded ?? []) },
        seconds: (performance.now() - begin) / 1000,
      };
    },
    "The same command goes on where this one has stopped.",
  );
}

function bytesOf(files: readonly ModelFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}

export function resultWords({ version, location: where, status, files, bytes, uploaded, seconds }: PushResult): string {
  const what = `${files} ${files === 1 ? "file" : "files"}, ${sizeOf(bytes)}`;
  const kept = files - uploaded.files;
  const before = kept === 0 ? "" : `; ${kept} of them ${kept === 1 ? "was" : "were"} there before`;
  const said =
    status === "present"
      ? `${version} is there already, the same: ${what}.`
      : `${version} is in ${where}: ${what}, in ${duration(seconds * 1000)}${before}.`;
  return `${said}\nDeploy it with: release deploy <image> --models ${version}`;
}
