/** The store that models are pushed to, from a stack's settings, and who reads which version of it. */
import { colors, type Color } from "../../components/colors";
import { relativePath } from "../../settings/fields";
import type { Settings } from "../../settings";
import { exitCodes, ReleaseError } from "../errors";

/** Versions side by side below one prefix of a bucket. */
export interface S3Store {
  readonly bucket: string;
  readonly region: string;
  readonly prefix: string;
}

/** A colour whose Pods read a version, as the configuration has it. */
export interface Reader {
  readonly service: string;
  readonly color: Color;
}

/** @throws ReleaseError for a store of another kind, with what to do there instead. */
export function s3Store({ modelStore }: Pick<Settings, "modelStore">): S3Store {
  if (modelStore.kind === "s3") return modelStore;
  throw new ReleaseError(
    `modelStore.kind is ${modelStore.kind}: this command works on S3 alone.`,
    otherwise[modelStore.kind](modelStore.path),
    exitCodes.usage,
  );
}

const otherwise: Readonly<Record<Exclude<Settings["modelStore"]["kind"], "s3">, (path: string) => string>> = {
  hostPath: (path) => `Copy the files to ${path}/<version> on every node, and never change them there.`,
  nfs: (path) => `Mount the server where it may be written to, and copy the files to ${path}/<version> in one go.`,
  efs: (path) =>
    `Mount the file system with the option iam and a role that has elasticfilesystem:ClientWrite, and copy the files to ${path}/<version>.`,
};

/**
 * A version's path in the store.
 *
 * @param service The service that it belongs to, whose name then is its first part.
 */
export function versionPath(version: string, service: string | undefined): string {
  const whole = service === undefined ? version : `${service}/${version}`;
  // A part that begins with a dot is where the store keeps what it knows of versions.
  if (relativePath.safeParse(whole).success && !whole.split("/").some((part) => part.startsWith("."))) return whole;
  throw new ReleaseError(
    `--version ${JSON.stringify(version)} is not accepted.`,
    "Give a relative path of letters, digits, '.', '_' and '-', no part of which begins with a dot, such as v2.",
    exitCodes.usage,
  );
}

/** Who reads which version. */
export function readers({ services }: Pick<Settings, "services">): Map<string, Reader[]> {
  const byVersion = new Map<string, Reader[]>();
  for (const [service, settings] of Object.entries(services))
    for (const color of colors) {
      const { models } = settings[color];
      byVersion.set(models, [...(byVersion.get(models) ?? []), { service, color }]);
    }
  return byVersion;
}

/** `s3://bucket/models/v2/` */
export function location({ bucket, prefix }: S3Store, version?: string): string {
  return `s3://${bucket}/${prefix}/${version === undefined ? "" : `${version}/`}`;
}
