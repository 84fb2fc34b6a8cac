import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exitCodes } from "../../../release/errors";
import { readFiles, unchanged, type LocalFile } from "../../../release/models/files";
import { inTurns } from "../../../release/models/inTurns";
import { versionsIn } from "../../../release/models/list";
import { differences, manifestKey, versionOfKey } from "../../../release/models/manifest";
import { resultWords } from "../../../release/models/push";
import { overlapping, pushPlan, type StoredFile } from "../../../release/models/pushPlan";
import { readerWords, renderList, sizeOf } from "../../../release/models/render";
import { readers, s3Store, versionPath, type Reader } from "../../../release/models/store";
import { parseSettings } from "../../../settings";
import { aConfig } from "../../support/config";

const blue: Reader = { service: "facefusion", color: "blue" };

function local(name: string, sha256 = "00"): LocalFile {
  return { path: name, file: `/models/${name}`, size: 1, sha256 };
}

function stored(name: string, same: boolean | undefined, pushed = true): StoredFile {
  return { path: name, etag: `"${name}"`, same, pushed };
}

describe("the plan of a push", () => {
  const files = [local("a"), local("b")];

  it("sends what is not there, and nothing that is", () => {
    expect(pushPlan("v2", files, [stored("a", true)], [])).toEqual({
      uploads: [{ file: files[1], replaces: undefined }],
    });
  });

  it("replaces what is other content, and just that, where nobody reads it", () => {
    expect(pushPlan("v2", files, [stored("a", true), stored("b", false)], [])).toEqual({
      uploads: [{ file: files[1], replaces: '"b"' }],
    });
  });

  it("goes on with a broken push of a version that a colour is to read", () => {
    expect(pushPlan("v2", files, [stored("a", true)], [blue])).toEqual({
      uploads: [{ file: files[1], replaces: undefined }],
    });
  });

  it.each([
    {
      why: "a colour reads other content",
      files: [stored("a", false), stored("b", true)],
      says: "v2 is read by facefusion blue, and is other content: a.",
    },
    {
      why: "a colour reads what somebody put there by hand, and it would get more",
      files: [stored("a", true, false)],
      says: "v2 is read by facefusion blue, was put there by hand, and lacks b.",
    },
    {
      why: "it has files that are not here",
      files: ["c", "d", "e", "f"].map((name) => stored(name, undefined)),
      says: "v2 has files that are not here: c, d, e and 1 more.",
    },
  ])("refuses where $why", ({ files: there, says }) => {
    expect(pushPlan("v2", files, there, [blue])).toMatchObject({ refusal: says });
  });
});

describe("versions", () => {
  it("must not be parts of one another", () => {
    expect(overlapping("team/v2", ["team", "team/v1", "team/v2/more", "team/v20"])).toEqual(["team", "team/v2/more"]);
  });

  it("differ by their files", () => {
    const whole = { files: [local("a", "01"), local("b"), local("c")] };
    expect(differences(whole, [local("a", "02"), local("c"), local("d")])).toEqual([
      "a is another file in it",
      "d is not in it",
      "b is in it, and not here",
    ]);
    expect(differences(whole, whole.files)).toEqual([]);
  });

  it("have their manifests beside them, out of the Pods' sight", () => {
    const key = manifestKey("models", "facefusion/v2");
    expect(key).toBe("models/.versions/facefusion/v2.json");
    expect(versionOfKey("models", key)).toBe("facefusion/v2");
    expect(versionOfKey("models", "models/v2/config.json")).toBeUndefined();
  });

  it.each(["../v1", "/v1", "v1/", "", ".versions/v1", "v 1"])("are not called %j", (version) => {
    expect(() => versionPath(version, undefined)).toThrow(/--version .* is not accepted/);
  });

  it("of a service begin with its name", () => {
    expect(versionPath("v2", "facefusion")).toBe("facefusion/v2");
    expect(versionPath("v2", undefined)).toBe("v2");
  });

  it("are found in a bucket by what is known of them, and by their directories", () => {
    const object = (key: string, size = 1) => ({ key: `models/${key}`, size, etag: "" });
    const objects = [
      ...["v1/a", "v1/b/c", "facefusion/v2/a", "facefusion/v3/a", "v9/a", ".versions/v1.json", "stray"].map((key) =>
        object(key),
      ),
    ];
    const found = versionsIn("models", objects, ["v1"], new Map([["v5", [blue]]]), ["facefusion"]);
    expect(found.map(({ version, state, files }) => `${version} ${state} ${files}`)).toEqual([
      "facefusion/v2 incomplete 1",
      "facefusion/v3 incomplete 1",
      "v1 complete 2",
      "v5 missing 0",
      "v9 incomplete 1",
    ]);
  });
});

describe("the store", () => {
  const settings = parseSettings(aConfig());

  it("is that of the configuration, where it is S3", () => {
    const modelStore = { kind: "s3", bucket: "b", region: "eu-west-1", prefix: "models", create: true } as const;
    expect(s3Store({ modelStore })).toMatchObject({ bucket: "b", region: "eu-west-1", prefix: "models" });
  });

  it.each([
    { modelStore: { kind: "nfs", server: "nfs", path: "/models" } as const, help: "Mount the server" },
    { modelStore: { kind: "efs", path: "/models" } as const, help: "elasticfilesystem:ClientWrite" },
    { modelStore: { kind: "hostPath", path: "/srv" } as const, help: "Copy the files to /srv/<version> on every node" },
  ])("says what to do where it is $modelStore.kind", ({ modelStore, help }) => {
    const failure = expect(() => s3Store({ modelStore }));
    failure.toThrow(expect.objectContaining({ exitCode: exitCodes.usage }) as Error);
    failure.toThrow(expect.objectContaining({ remedy: expect.stringContaining(help) as string }) as Error);
  });

  it("knows which colours read a version", () => {
    const { services } = settings;
    const [name = "", service] = Object.entries(services)[0] ?? [];
    expect(readers(settings).get(service?.blue.models ?? "")).toContainEqual({ service: name, color: "blue" });
  });
});

describe("words", () => {
  it.each([
    [0, "0 B"],
    [1023, "1023 B"],
    [1536, "1.5 KiB"],
    [5.3 * 1024 ** 3, "5.3 GiB"],
    [250 * 1024 ** 2, "250 MiB"],
  ])("%d bytes are %s", (bytes, words) => {
    expect(sizeOf(bytes)).toBe(words);
  });

  it("name readers by service", () => {
    const green: Reader = { ...blue, color: "green" };
    expect(readerWords([blue, green, { service: "motion", color: "blue" }])).toBe(
      "facefusion blue and green, motion blue",
    );
  });

  it("say what a push has done", () => {
    const result = {
      stack: "dev",
      version: "v2",
      location: "s3://models/models/v2/",
      status: "pushed",
      files: 3,
      bytes: 2048,
      uploaded: { files: 2, bytes: 1024 },
      seconds: 12,
    } as const;
    expect(resultWords(result)).toBe(
      "v2 is in s3://models/models/v2/: 3 files, 2.0 KiB, in 12 s; 1 of them was there before.\n" +
        "Deploy it with: release deploy <image> --models v2",
    );
  });

  it("show an empty store, and what to do", () => {
    expect(renderList({ stack: "dev", location: "s3://models/models/", versions: [] })).toContain(
      "No version is there",
    );
  });
});

describe("files", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(path.join(os.tmpdir(), "models-"));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const read = () => readFiles(directory, () => undefined);

  it("are read with their sums, links to files as what they lead to", async () => {
    mkdirSync(path.join(directory, "sub"));
    writeFileSync(path.join(directory, "sub", "a"), "a");
    symlinkSync("sub/a", path.join(directory, "link"));
    const sha256 = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";
    expect((await read()).map(({ path: name, size, sha256: sum }) => ({ name, size, sum }))).toEqual([
      { name: "link", size: 1, sum: sha256 },
      { name: "sub/a", size: 1, sum: sha256 },
    ]);
  });

  it("must be there, and be files", async () => {
    await expect(read()).rejects.toThrow(/There is no file in/);
    symlinkSync("..", path.join(directory, "up"));
    await expect(read()).rejects.toThrow(/up is no file and no directory/);
    await expect(readFiles(path.join(directory, "none"), () => undefined)).rejects.toThrow(/cannot be read/);
  });

  it("that change while they are sent fail", async () => {
    writeFileSync(path.join(directory, "a"), "a");
    const [file] = await read();
    if (file === undefined) throw new Error("no file");
    const drain = async () => {
      for await (const chunk of unchanged(file)) expect(chunk).toBeDefined();
    };
    await drain();
    writeFileSync(path.join(directory, "a"), "b");
    await expect(drain()).rejects.toThrow(/a has changed while it was pushed/);
  });
});

describe("work in turns", () => {
  it("comes back in order, some at a time", async () => {
    let [now, most] = [0, 0];
    const results = await inTurns(2, [3, 1, 2], async (n) => {
      most = Math.max(most, ++now);
      for (let i = 0; i < n; i++) await Promise.resolve();
      now--;
      return n * 10;
    });
    expect({ results, most }).toEqual({ results: [30, 10, 20], most: 2 });
  });

  it("begins nothing new once something has failed, and tells what failed first", async () => {
    const begun: number[] = [];
    const work = inTurns(1, [1, 2, 3], (n) => {
      begun.push(n);
      return n === 2 ? Promise.reject(new Error("two")) : Promise.resolve(n);
    });
    await expect(work).rejects.toThrow("two");
    expect(begun).toEqual([1, 2]);
  });
});
