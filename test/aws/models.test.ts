/** `release models` against a real server of S3's interface; at the end as people run it, in a process of its own. */
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
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { stringify } from "yaml";
import { exitCodes } from "../../release/errors";
import { Bucket, isConflict } from "../../release/models/bucket";
import { readFiles } from "../../release/models/files";
import { listModels } from "../../release/models/list";
import { pushModels } from "../../release/models/push";
import { pushVersion } from "../../release/models/pushVersion";
import { root } from "../../sandbox/layout";
import { at } from "../support/graph";
import { differentKeys, documented } from "../support/releaseCommand";

const s3 = new S3Client({ region: "eu-west-1" });
let bucket: string;
let directory: string;

const sumOf = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

beforeEach(async () => {
  // The steps, which are for people.
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  bucket = `models-${randomBytes(6).toString("hex")}`;
  await s3.send(
    new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } }),
  );
  directory = mkdtempSync(path.join(os.tmpdir(), "models-"));
  configure({ kind: "s3", bucket, region: "eu-west-1", prefix: "models" });
});

afterEach(() => {
  vi.restoreAllMocks();
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

const whereabouts = () => ({ bucket, region: "eu-west-1", prefix: "models" });
const store = () => new Bucket(s3, whereabouts());
const options = () => ({ cwd: directory, stack: "test" });
const push = (from: string, version: string, service?: string) =>
  pushModels(from, { ...options(), version, ...(service !== undefined && { service }) });

/** The command in a process of its own. */
function command(...args: readonly string[]): Promise<{ code: number; value: unknown }> {
  const all = [path.join(root, "release", "bin.mjs"), "models", ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, [...all, "--json", "--stack", "test", "--cwd", directory], (error, stdout) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, value: JSON.parse(stdout) as unknown });
    });
  });
}

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

describe("a push", () => {
  it("makes a directory a version, byte by byte, large files in parts", async () => {
    const large = randomBytes(40 * 1024 * 1024);
    const from = modelFiles({ "detector.onnx": "detector", "swapper/inswapper.onnx": large, empty: "" });
    symlinkSync(path.join(from, "detector.onnx"), path.join(from, "linked.onnx"));

    expect(await push(from, "v2")).toEqual({
      stack: "test",
      version: "v2",
      location: `s3://${bucket}/models/v2/`,
      status: "pushed",
      files: 4,
      bytes: large.length + 16,
      uploaded: { files: 4, bytes: large.length + 16 },
      seconds: expect.any(Number) as number,
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
      sha256: sumOf(large),
    });
  });

  it("has S3 check what it gets by its SHA-256", async () => {
    await push(modelFiles({ "a.onnx": "a" }), "v2");
    const head = await s3.send(
      new HeadObjectCommand({ Bucket: bucket, Key: "models/v2/a.onnx", ChecksumMode: "ENABLED" }),
    );
    expect(head.ChecksumSHA256).toBe(createHash("sha256").update("a").digest("base64"));
  });

  it("puts a service's version below its name", async () => {
    expect(await push(modelFiles({ "a.onnx": "a" }), "v2", "facefusion")).toMatchObject({ version: "facefusion/v2" });
    expect(await keys()).toContain("models/facefusion/v2/a.onnx");
  });

  it("does nothing where the same version is whole already", async () => {
    const from = modelFiles({ "a.onnx": "a" });
    await push(from, "v2");
    expect(await push(from, "v2")).toMatchObject({ status: "present", uploaded: { files: 0, bytes: 0 } });
  });

  it.each([
    { is: "has a changed file", files: { "a.onnx": "other" }, says: "a.onnx is another file in it" },
    { is: "has a file more", files: { "a.onnx": "a", "b.onnx": "b" }, says: "b.onnx is not in it" },
    { is: "has a file less", files: { "b.onnx": "b" }, says: "b.onnx is not in it, and 1 more" },
  ])("refuses to overwrite a version that is whole: what comes $is", async ({ files, says }) => {
    await push(modelFiles({ "a.onnx": "a" }), "v3");
    await expect(push(modelFiles(files), "v3")).rejects.toMatchObject({
      exitCode: exitCodes.refused,
      message: expect.stringContaining(says) as string,
    });
    expect((await content("v3/a.onnx")).toString()).toBe("a");
  });

  it("goes on where another has broken off, and sends nothing twice", async () => {
    const from = modelFiles({ "a.onnx": "a", "b.onnx": "bb" });
    await push(from, "v2");
    // As after a push that was killed: no manifest, one file missing.
    for (const key of [".versions/v2.json", "v2/b.onnx"])
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: `models/${key}` }));
    expect(await push(from, "v2")).toMatchObject({ status: "pushed", uploaded: { files: 1, bytes: 2 } });
    expect(await keys()).toContain("models/.versions/v2.json");
  });

  it("leaves no manifest where it breaks off", async () => {
    const from = modelFiles({ "a.onnx": "a", "b.onnx": "b" });
    const files = await readFiles(from, () => undefined);
    writeFileSync(path.join(from, "b.onnx"), "while it is pushed, somebody writes on");
    await expect(pushVersion(store(), "v2", files, [])).rejects.toThrow(/b.onnx has changed/);
    expect(await keys()).toEqual(["models/v2/a.onnx"]);
  });

  it("writes where nothing is, or over what it has seen there, and nowhere else", async () => {
    const [file] = await readFiles(modelFiles({ "a.onnx": "a" }), () => undefined);
    if (file === undefined) throw new Error("no file");
    const send = (replaces: string | undefined) => store().upload("v2", { file, replaces }, () => undefined);
    await put("v2/a.onnx", "of somebody else");
    await expect(send(undefined)).rejects.toSatisfy(isConflict);
    await expect(send('"another etag"')).rejects.toSatisfy(isConflict);
    expect((await content("v2/a.onnx")).toString()).toBe("of somebody else");
    const [seen] = await store().objects("v2");
    await send(seen?.etag);
    expect((await content("v2/a.onnx")).toString()).toBe("a");
  });

  it("does not call whole what somebody else has written to meanwhile", async () => {
    class Interrupted extends Bucket {
      override async upload(...args: Parameters<Bucket["upload"]>): Promise<string> {
        const etag = await super.upload(...args);
        await put("v2/a.onnx", "of somebody else");
        return etag;
      }
    }
    const files = await readFiles(modelFiles({ "a.onnx": "a" }), () => undefined);
    await expect(pushVersion(new Interrupted(s3, whereabouts()), "v2", files, [])).rejects.toThrow(
      /Somebody else is writing v2 at this moment: models\/v2\/a.onnx/,
    );
    expect(await keys()).toEqual(["models/v2/a.onnx"]);
  });

  it("replaces what a broken one has left where no colour reads it", async () => {
    await put("v3/a.onnx", "half of it");
    expect(await push(modelFiles({ "a.onnx": "a" }), "v3")).toMatchObject({ uploaded: { files: 1, bytes: 1 } });
    expect((await content("v3/a.onnx")).toString()).toBe("a");
  });

  it("does not touch what a colour reads", async () => {
    await put("v1/a.onnx", "as it is");
    await expect(push(modelFiles({ "a.onnx": "other" }), "v1")).rejects.toMatchObject({
      exitCode: exitCodes.refused,
      message: "v1 is read by facefusion blue, and is other content: a.onnx.",
    });
    expect((await content("v1/a.onnx")).toString()).toBe("as it is");
  });

  it("takes over what somebody has put there by hand, where it is the same", async () => {
    await put("v1/a.onnx", "a");
    expect(await push(modelFiles({ "a.onnx": "a" }), "v1")).toMatchObject({ uploaded: { files: 0, bytes: 0 } });
    expect(await keys()).toContain("models/.versions/v1.json");
  });

  it("beside another of the same version leaves one of the two, whole", async () => {
    const files = (text: string) => Object.fromEntries([1, 2, 3, 4, 5, 6].map((i) => [`${i}.onnx`, `${text} ${i}`]));
    const ends = await Promise.allSettled(["one", "two"].map((text) => push(modelFiles(files(text)), "v2")));
    expect(ends.filter(({ status }) => status === "rejected").length).toBeGreaterThan(0);
    if (!(await keys()).includes("models/.versions/v2.json")) return;
    const manifest: unknown = JSON.parse((await content(".versions/v2.json")).toString());
    const stored = await Promise.all([1, 2, 3, 4, 5, 6].map(async (i) => sumOf(await content(`v2/${i}.onnx`))));
    expect([0, 1, 2, 3, 4, 5].map((i) => at(manifest, `files.${i}.sha256`))).toEqual(stored);
  });

  it("refuses a version within another", async () => {
    await push(modelFiles({ "a.onnx": "a" }), "v2");
    await expect(push(modelFiles({ "b.onnx": "b" }), "v2/more")).rejects.toMatchObject({
      exitCode: exitCodes.refused,
      message: "v2/more and v2 would be parts of one another.",
    });
  });

  it("says what is wrong where the bucket is not there", async () => {
    configure({ kind: "s3", bucket: "nobody-made-this-one", region: "eu-west-1" });
    await expect(push(modelFiles({ "a.onnx": "a" }), "v2")).rejects.toMatchObject({
      exitCode: exitCodes.failed,
      message: expect.stringContaining("v2 could not be pushed to s3://nobody-made-this-one/models/: ") as string,
      remedy: expect.stringContaining("The same command goes on") as string,
    });
  });
});

describe("a list", () => {
  it("shows each version, whether it is whole, and who reads it", async () => {
    await push(modelFiles({ "a.onnx": "a", "b.onnx": "bb" }), "v1");
    await put("v10/half.onnx", "half");
    const readBy = (color: string) => [{ service: "facefusion", color }];
    expect(await listModels(options())).toEqual({
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
    });
  });
});

describe("the command", () => {
  it("tells a program what it has done, as its page says", async () => {
    const from = modelFiles({ "a.onnx": "a" });
    const pushed = await command("push", from, "--version", "v1");
    expect({ code: pushed.code, differs: differentKeys(pushed.value, documented("models push")) }).toEqual({
      code: 0,
      differs: [],
    });
    const listed = await command("list");
    expect({ code: listed.code, differs: differentKeys(listed.value, documented("models list")) }).toEqual({
      code: 0,
      differs: [],
    });
  });

  it("ends with 3 where it refuses", async () => {
    await push(modelFiles({ "a.onnx": "a" }), "v3");
    const { code, value } = await command("push", modelFiles({ "a.onnx": "other" }), "--version", "v3");
    expect(code).toBe(3);
    expect(at(value, "error.exitCode")).toBe(3);
  });

  it("ends with 2 where the store is of another kind", async () => {
    configure({ kind: "nfs", server: "nfs.example.com" });
    const { code, value } = await command("push", modelFiles({ "a.onnx": "a" }), "--version", "v3");
    expect(code).toBe(2);
    expect(at(value, "error.message")).toBe("modelStore.kind is nfs: this command works on S3 alone.");
  });
});
