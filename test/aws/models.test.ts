/** `release models` as people run it, in a process of its own, against a real server of S3's interface. */
import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { root } from "../../sandbox/layout";
import { at } from "../support/graph";

const s3 = new S3Client({ region: "eu-west-1" });
let bucket: string;
let directory: string;

beforeEach(async () => {
  bucket = `models-${randomBytes(6).toString("hex")}`;
  await s3.send(
    new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } }),
  );
  directory = mkdtempSync(path.join(os.tmpdir(), "models-"));
  configure({ kind: "s3", bucket, region: "eu-west-1", prefix: "models" });
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** A stack whose two colours read v1 and v2. */
function configure(modelStore: object): void {
  writeFileSync(path.join(directory, "Pulumi.yaml"), "name: facefusion\nruntime: nodejs\n");
  const image = "registry.example.com/facefusion:v1";
  const service = {
    host: "facefusion.example.com",
    blue: { image, models: "v1" },
    green: { image, models: "v2" },
    verification: { image: "registry.example.com/verification:v1" },
  };
  const config = { "facefusion:modelStore": modelStore, "facefusion:services": { facefusion: service } };
  writeFileSync(path.join(directory, "Pulumi.test.yaml"), stringify({ config }));
}

function modelFiles(files: Readonly<Record<string, string | Buffer>>): string {
  const models = mkdtempSync(path.join(directory, "version-"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(models, name)), { recursive: true });
    writeFileSync(path.join(models, name), content);
  }
  return models;
}

interface Ended {
  code: number;
  value: unknown;
  stderr: string;
}

function models(...args: readonly string[]): Promise<Ended> {
  const command = [path.join(root, "release", "bin.mjs"), "models", ...args];
  const common = ["--json", "--stack", "test", "--cwd", directory];
  return new Promise((resolve) => {
    execFile(process.execPath, [...command, ...common], (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, value: JSON.parse(stdout) as unknown, stderr });
    });
  });
}

const push = (from: string, version: string, ...more: string[]) => models("push", from, "--version", version, ...more);

async function keys(): Promise<string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  return Contents.map(({ Key = "" }) => Key).sort();
}

async function put(key: string, content: string): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `models/${key}`, Body: content }));
}

async function content(key: string): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: `models/${key}` }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

const message = ({ value }: Ended) => String(at(value, "error.message"));

describe("release models push", () => {
  it("makes a directory a version, byte by byte, large files in parts", async () => {
    const large = randomBytes(40 * 1024 * 1024);
    const from = modelFiles({ "detector.onnx": "detector", "swapper/inswapper.onnx": large, empty: "" });
    symlinkSync(path.join(from, "detector.onnx"), path.join(from, "linked.onnx"));

    const { code, value } = await push(from, "v2");

    expect({ code, value }).toEqual({
      code: 0,
      value: {
        stack: "test",
        version: "v2",
        location: `s3://${bucket}/models/v2/`,
        status: "pushed",
        files: 4,
        bytes: large.length + 16,
        uploaded: { files: 4, bytes: large.length + 16 },
        seconds: expect.any(Number) as number,
      },
    });
    expect(await keys()).toEqual([
      "models/.versions/v2.json",
      "models/v2/detector.onnx",
      "models/v2/empty",
      "models/v2/linked.onnx",
      "models/v2/swapper/inswapper.onnx",
    ]);
    expect((await content("v2/swapper/inswapper.onnx")).equals(large)).toBe(true);
    const manifest: unknown = JSON.parse((await content(".versions/v2.json")).toString());
    expect(at(manifest, "files.3")).toEqual({
      path: "swapper/inswapper.onnx",
      size: large.length,
      sha256: createHash("sha256").update(large).digest("hex"),
    });
  });

  it("has S3 check every part by its SHA-256", async () => {
    await push(modelFiles({ "a.onnx": "a" }), "v2");
    const head = await s3.send(
      new HeadObjectCommand({ Bucket: bucket, Key: "models/v2/a.onnx", ChecksumMode: "ENABLED" }),
    );
    expect(head.ChecksumSHA256).toBe(createHash("sha256").update("a").digest("base64"));
  });

  it("puts a service's version below its name", async () => {
    const { value } = await push(modelFiles({ "a.onnx": "a" }), "v2", "--service", "facefusion");
    expect(at(value, "version")).toBe("facefusion/v2");
    expect(await keys()).toContain("models/facefusion/v2/a.onnx");
  });

  it("does nothing where the same version is whole already", async () => {
    const from = modelFiles({ "a.onnx": "a" });
    await push(from, "v2");
    const { code, value } = await push(from, "v2");
    expect({ code, status: at(value, "status"), uploaded: at(value, "uploaded") }).toEqual({
      code: 0,
      status: "present",
      uploaded: { files: 0, bytes: 0 },
    });
  });

  it.each([
    { is: "has a changed file", files: { "a.onnx": "other" }, says: "a.onnx is another file in it" },
    { is: "has a file more", files: { "a.onnx": "a", "b.onnx": "b" }, says: "b.onnx is not in it" },
    { is: "has a file less", files: { "b.onnx": "b" }, says: "b.onnx is not in it, and 1 more" },
  ])("refuses to overwrite a version that is whole: what comes $is", async ({ files, says }) => {
    await push(modelFiles({ "a.onnx": "a" }), "v3");
    const refused = await push(modelFiles(files), "v3");
    expect(refused.code).toBe(3);
    expect(message(refused)).toContain(says);
    expect((await content("v3/a.onnx")).toString()).toBe("a");
  });

  it("goes on where a push has broken off, and sends nothing twice", async () => {
    const from = modelFiles({ "a.onnx": "a", "b.onnx": "bb" });
    await push(from, "v2");
    // As after a push that was killed: no manifest, one file missing.
    for (const key of [".versions/v2.json", "v2/b.onnx"])
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: `models/${key}` }));
    const { code, value } = await push(from, "v2");
    expect({ code, uploaded: at(value, "uploaded") }).toEqual({ code: 0, uploaded: { files: 1, bytes: 2 } });
    expect(await keys()).toContain("models/.versions/v2.json");
  });

  it("replaces what a broken push has left where no colour reads it", async () => {
    await put("v3/a.onnx", "half of it");
    const { code, value } = await push(modelFiles({ "a.onnx": "a" }), "v3");
    expect({ code, uploaded: at(value, "uploaded") }).toEqual({ code: 0, uploaded: { files: 1, bytes: 1 } });
    expect((await content("v3/a.onnx")).toString()).toBe("a");
  });

  it("does not touch what a colour reads", async () => {
    await put("v1/a.onnx", "as it is");
    const refused = await push(modelFiles({ "a.onnx": "other" }), "v1");
    expect(refused.code).toBe(3);
    expect(message(refused)).toBe("v1 is read by facefusion blue, and is other content: a.onnx.");
    expect((await content("v1/a.onnx")).toString()).toBe("as it is");
  });

  it("takes over what somebody has put there by hand, where it is the same", async () => {
    await put("v1/a.onnx", "a");
    const { code, value } = await push(modelFiles({ "a.onnx": "a" }), "v1");
    expect({ code, uploaded: at(value, "uploaded") }).toEqual({ code: 0, uploaded: { files: 0, bytes: 0 } });
    expect(await keys()).toContain("models/.versions/v1.json");
  });

  it("leaves one version, whichever of two pushes at the same time wins", async () => {
    const ends = await Promise.all(["one", "two"].map((text) => push(modelFiles({ "a.onnx": text }), "v2")));
    expect(ends.map(({ code }) => code)).toContain(0);
    const manifest: unknown = JSON.parse((await content(".versions/v2.json")).toString());
    const sum = createHash("sha256")
      .update(await content("v2/a.onnx"))
      .digest("hex");
    expect(at(manifest, "files.0.sha256")).toBe(sum);
  });

  it("refuses a version within another", async () => {
    await push(modelFiles({ "a.onnx": "a" }), "v2");
    const refused = await push(modelFiles({ "b.onnx": "b" }), "v2/more");
    expect({ code: refused.code, message: message(refused) }).toEqual({
      code: 3,
      message: "v2/more and v2 would be parts of one another.",
    });
  });

  it("says what is wrong where the bucket is not there", async () => {
    configure({ kind: "s3", bucket: "nobody-made-this-one", region: "eu-west-1" });
    const failed = await push(modelFiles({ "a.onnx": "a" }), "v2");
    expect(failed.code).toBe(1);
    expect(message(failed)).toContain("v2 could not be pushed to s3://nobody-made-this-one/models/");
  });

  it.each([
    { kind: "nfs", more: { server: "nfs.example.com" }, help: "Mount the server" },
    { kind: "efs", more: { fileSystemId: "fs-0a1b2c3d" }, help: "elasticfilesystem:ClientWrite" },
    { kind: "hostPath", more: { path: "/srv/models" }, help: "Copy the files to /srv/models/<version> on every node" },
  ])("says what to do with a store of kind $kind", async ({ kind, more, help }) => {
    configure({ kind, ...more });
    const { code, value } = await push(modelFiles({ "a.onnx": "a" }), "v2");
    expect(code).toBe(2);
    expect(at(value, "error.message")).toBe(`modelStore.kind is ${kind}: this command works on S3 alone.`);
    expect(at(value, "error.remedy")).toContain(help);
  });
});

describe("release models list", () => {
  it("shows each version, whether it is whole, and who reads it", async () => {
    await push(modelFiles({ "a.onnx": "a", "b.onnx": "bb" }), "v1");
    await put("v10/half.onnx", "half");
    const { code, value } = await models("list");
    const readBy = (color: string) => [{ service: "facefusion", color }];
    expect({ code, value }).toEqual({
      code: 0,
      value: {
        stack: "test",
        location: `s3://${bucket}/models/`,
        versions: [
          {
            version: "v1",
            state: "complete",
            files: 2,
            bytes: 3,
            pushedAt: expect.stringMatching(/^\d{4}-/) as string,
            readers: readBy("blue"),
          },
          { version: "v2", state: "missing", files: 0, bytes: 0, pushedAt: null, readers: readBy("green") },
          { version: "v10", state: "incomplete", files: 1, bytes: 4, pushedAt: null, readers: [] },
        ],
      },
    });
  });
});
