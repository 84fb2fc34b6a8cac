/** What is in the bucket of a store, and what goes there. */
import { Readable } from "node:stream";
import {
  GetObjectCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { Upload as MultipartUpload } from "@aws-sdk/lib-storage";
import { contentOf, unchanged, type LocalFile } from "./files";
import { manifestDirectory, manifestKey, parseManifest, versionOfKey, type Manifest } from "./manifest";
import type { StoredFile, Upload } from "./pushPlan";
import type { S3Store } from "./store";

export interface StoredObject {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
}

/** S3 takes no more parts than 10,000, none below 5 MiB. */
const maxParts = 10_000;
const partSize = 16 * 1024 * 1024;

/** Where a push keeps the SHA-256 of a whole file: S3's own is that of its parts' sums for all but small files. */
const sumKey = "sha256";

export class Bucket {
  constructor(
    private readonly client: S3Client,
    private readonly store: S3Store,
  ) {}

  /** All objects below a path of the store; below the store itself where it is empty. */
  async objects(path: string): Promise<StoredObject[]> {
    const { bucket: Bucket, prefix } = this.store;
    const Prefix = path === "" ? `${prefix}/` : `${prefix}/${path}/`;
    const found: StoredObject[] = [];
    for await (const page of paginateListObjectsV2({ client: this.client }, { Bucket, Prefix }))
      for (const { Key: key = "", Size: size = 0, ETag: etag = "" } of page.Contents ?? [])
        found.push({ key, size, etag });
    return found;
  }

  /** The versions that are whole. */
  async versions(): Promise<string[]> {
    const { prefix } = this.store;
    const keys = await this.objects(manifestDirectory);
    return keys.flatMap(({ key }) => versionOfKey(prefix, key) ?? []);
  }

  /** A version's manifest; undefined where the version is not whole. */
  async manifest(version: string): Promise<Manifest | undefined> {
    try {
      const { Body } = await this.client.send(
        new GetObjectCommand({ Bucket: this.store.bucket, Key: manifestKey(this.store.prefix, version) }),
      );
      return parseManifest((await Body?.transformToString()) ?? "");
    } catch (error) {
      if (isCalled(error, "NoSuchKey")) return undefined;
      throw error;
    }
  }

  /** @returns Whether it was written; false where the version has one already. */
  async writeManifest(manifest: Manifest): Promise<boolean> {
    try {
      await this.client.send(
        new PutObjectCommand({
          Bucket: this.store.bucket,
          Key: manifestKey(this.store.prefix, manifest.version),
          Body: JSON.stringify(manifest, null, 2),
          ContentType: "application/json",
          ChecksumAlgorithm: "SHA256",
          IfNoneMatch: "*",
        }),
      );
      return true;
    } catch (error) {
      if (isConflict(error)) return false;
      throw error;
    }
  }

  /** An object of a version beside the local file of its path. */
  async compare(version: string, object: StoredObject, local: LocalFile | undefined): Promise<StoredFile> {
    const { bucket: Bucket, prefix } = this.store;
    const path = object.key.slice(`${prefix}/${version}/`.length);
    const head = await this.client.send(new HeadObjectCommand({ Bucket, Key: object.key }));
    const sum = head.Metadata?.[sumKey];
    const stored = { path, etag: object.etag, pushed: sum !== undefined };
    if (local === undefined) return { ...stored, same: undefined };
    if (object.size !== local.size) return { ...stored, same: false };
    return { ...stored, same: (sum ?? (await this.sumOf(object))) === local.sha256 };
  }

  /** The SHA-256 of what somebody has put there by other means: all of it has to be read. */
  private async sumOf({ key }: StoredObject): Promise<string> {
    const { Body } = await this.client.send(new GetObjectCommand({ Bucket: this.store.bucket, Key: key }));
    const { sha256 } = await contentOf(Body?.transformToWebStream() ?? Readable.from([]));
    return sha256;
  }

  /**
   * Puts a file where nothing is, or in the place of what is known to be there, and of nothing else. S3 checks the sum of
   * each part as it comes.
   *
   * @param report Told how many bytes more are there.
   * @returns The new object's ETag.
   */
  async upload(version: string, { file, replaces }: Upload, report: (bytes: number) => void): Promise<string> {
    const upload = new MultipartUpload({
      client: this.client,
      params: {
        Bucket: this.store.bucket,
        Key: this.key(version, file.path),
        Body: unchanged(file),
        Metadata: { [sumKey]: file.sha256 },
        ChecksumAlgorithm: "SHA256",
        ...(replaces === undefined ? { IfNoneMatch: "*" } : { IfMatch: replaces }),
      },
      partSize: Math.max(partSize, Math.ceil(file.size / maxParts)),
      queueSize: 2,
    });
    let before = 0;
    upload.on("httpUploadProgress", ({ loaded = 0 }) => {
      report(loaded - before);
      before = loaded;
    });
    const { ETag = "" } = await upload.done();
    return ETag;
  }

  /** The key of a version's file. */
  key(version: string, path: string): string {
    return `${this.store.prefix}/${version}/${path}`;
  }
}

/** Whether S3 did not write since something else is there than was expected; 409: somebody writes it at this moment. */
export function isConflict(error: unknown): boolean {
  return isCalled(error, "PreconditionFailed") || isCalled(error, "ConditionalRequestConflict");
}

function isCalled(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
