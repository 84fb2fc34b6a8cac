import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { archiveManifest } from "../../sandbox/images/archive";
import { cached, keyOf } from "../../sandbox/cache";
import { codenameOf, mirrorOf, releaseFor } from "../../sandbox/images/distribution";
import { imageContents } from "../../sandbox/images/images";
import { indexEnvironment } from "../../sandbox/images/python";
import { root } from "../../sandbox/layout";

const debian12 = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_CODENAME=bookworm\n';
const debian13 = "ID=debian\nVERSION_CODENAME=trixie\n";
const ubuntu = "VERSION_CODENAME=jammy\nID=ubuntu\nID_LIKE=debian\n";

describe("the release of the base image", () => {
  it("is Debian 12 on any Debian", () => {
    expect(releaseFor(debian12)).toEqual({ suite: "bookworm", components: ["main"] });
    expect(releaseFor(debian13)).toEqual({ suite: "bookworm", components: ["main"] });
  });

  it("is the machine's own on Ubuntu, with universe for ffmpeg", () => {
    expect(releaseFor(ubuntu)).toEqual({ suite: "jammy", components: ["main", "universe"] });
  });

  it("cannot be made elsewhere, and the error names the system", () => {
    expect(() => releaseFor('PRETTY_NAME="Fedora Linux 42"\nID=fedora\n')).toThrow(/Fedora Linux 42/);
  });

  it("is told by its codename", () => {
    expect([debian12, debian13, ubuntu].map(codenameOf)).toEqual(["bookworm", "trixie", "jammy"]);
  });
});

describe("the mirror", () => {
  const deb822 = (text: string) => ({ name: "debian.sources", text });
  const oneLine = (text: string) => ({ name: "sources.list", text });

  it("is read from stanzas, with comments, several suites and continued lines", () => {
    const text = [
      "Types: deb deb-src",
      "URIs:",
      "# http://old.example.com/debian",
      " http://mirror.example.com/debian",
      "Suites: bookworm",
      " bookworm-updates",
      "Components: main contrib",
      "",
      "Types: deb",
      "URIs: http://mirror.example.com/debian-security",
      "Suites: bookworm-security",
      "Components: main",
    ].join("\n");
    expect(mirrorOf([deb822(text)], "bookworm")).toBe("http://mirror.example.com/debian");
  });

  it("is read from lines, with or without options", () => {
    const lines = [
      "# deb http://old.example.com/ubuntu jammy main",
      "deb-src http://sources.example.com/ubuntu jammy main",
      "deb cdrom:[Ubuntu] jammy main",
      "deb [arch=amd64 signed-by=/usr/share/keyrings/x.gpg] http://mirror.example.com/ubuntu jammy main universe",
    ].join("\n");
    expect(mirrorOf([oneLine(lines)], "jammy")).toBe("http://mirror.example.com/ubuntu");
  });

  it("is the distribution's, not another vendor's that comes first and is named alike", () => {
    const vendor = { name: "a-vendor.list", text: "deb https://vendor.example.com/linux bookworm main\n" };
    const own = oneLine(
      "deb http://mirror.example.com/debian bookworm main\ndeb http://mirror.example.com/debian bookworm-updates main\n",
    );
    expect(mirrorOf([vendor, own], "bookworm")).toBe("http://mirror.example.com/debian");
  });

  it("may be named by its state instead of its codename", () => {
    expect(mirrorOf([oneLine("deb http://mirror.example.com/debian stable main")], "bookworm")).toBe(
      "http://mirror.example.com/debian",
    );
  });

  it("is not taken from a source that is switched off", () => {
    const off = deb822(
      "Types: deb\nEnabled: no\nURIs: http://mirror.example.com/debian\nSuites: bookworm\nComponents: main\n",
    );
    expect(() => mirrorOf([off], "bookworm")).toThrow(/No mirror of bookworm.*\nSet up apt/);
  });
});

describe("what an image is made from", () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(path.join(os.tmpdir(), "images-"));
    mkdirSync(path.join(directory, "app", "engine"), { recursive: true });
    writeFileSync(path.join(directory, "app", "engine", "cpu.py"), "pass\n");
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const key = () => keyOf(["base"], [path.join(directory, "app")]);

  it("gives it the same key as long as it is the same", () => {
    expect(key()).toBe(key());
    expect(key()).toMatch(/^[0-9a-f]{16}$/);
  });

  it("gives it another key when a file deep inside changes", () => {
    const before = key();
    writeFileSync(path.join(directory, "app", "engine", "cpu.py"), "raise\n");
    expect(key()).not.toBe(before);
  });

  it("gives it another key when a file is renamed", () => {
    const before = key();
    writeFileSync(path.join(directory, "app", "engine", "gpu.py"), "pass\n");
    rmSync(path.join(directory, "app", "engine", "cpu.py"));
    expect(key()).not.toBe(before);
  });

  it("does not include what Python compiles", () => {
    const before = key();
    mkdirSync(path.join(directory, "app", "__pycache__"));
    writeFileSync(path.join(directory, "app", "__pycache__", "cpu.pyc"), "x");
    expect(key()).toBe(before);
  });

  it.each([
    { image: "service", dockerfile: "Dockerfile", contents: imageContents.service },
    { image: "verification", dockerfile: "verification/Dockerfile", contents: imageContents.verification },
  ])("includes everything that the Dockerfile of the $image image copies, and itself", ({ dockerfile, contents }) => {
    const text = readFileSync(path.join(root, "image", dockerfile), "utf8");
    const copied = [...text.matchAll(/^COPY (\S+) /gm)].flatMap(([, source]) => source ?? []);
    expect(copied.length).toBeGreaterThan(2);
    const known = (file: string) => contents.some((name) => file === name || file.startsWith(`${name}/`));
    expect([dockerfile, ...copied].filter((file) => !known(file))).toEqual([]);
    // What is not let into the build cannot be copied.
    const letIn = readFileSync(path.join(root, "image", ".dockerignore"), "utf8").split("\n");
    expect(copied.filter((file) => !letIn.includes(`!${file.split("/")[0] ?? ""}`))).toEqual([]);
  });

  it("is not mixed up: two texts are not the same as one", () => {
    expect(keyOf(["a", "b"])).not.toBe(keyOf(["ab"]));
  });
});

describe("a cached thing", () => {
  let cacheDir: string;

  beforeEach(() => {
    cacheDir = path.join(mkdtempSync(path.join(os.tmpdir(), "images-")), "cache");
  });

  afterEach(() => {
    rmSync(path.dirname(cacheDir), { recursive: true });
  });

  const keyNumber = (number: number) => String(number).padStart(16, "0");
  const make = (directory: string) => {
    writeFileSync(path.join(directory, "thing"), "made");
    return Promise.resolve();
  };

  it("is made once", async () => {
    const first = await cached(cacheDir, "image", keyNumber(1), make);
    const second = await cached(cacheDir, "image", keyNumber(1), () => Promise.reject(new Error("made again")));
    expect(second).toBe(first);
    expect(readFileSync(path.join(second, "thing"), "utf8")).toBe("made");
  });

  it("is not there at all when making it failed, and neither is what was begun", async () => {
    const failing = cached(cacheDir, "image", keyNumber(1), async (directory, scratch) => {
      await make(directory);
      await make(scratch);
      throw new Error("no space left");
    });
    await expect(failing).rejects.toThrow("no space left");
    expect(readdirSync(cacheDir)).toEqual([]);
  });

  it("may be made by two at a time", async () => {
    const [one, other] = await Promise.all([
      cached(cacheDir, "image", keyNumber(1), make),
      cached(cacheDir, "image", keyNumber(1), make),
    ]);
    expect(one).toBe(other);
    expect(readdirSync(cacheDir)).toEqual([path.basename(one)]);
  });

  it("is made in a cache from which the rest of a killed process is removed, but not that of one that runs", async () => {
    // Process ids end far below this one.
    mkdirSync(path.join(cacheDir, "work-999999999-abc"), { recursive: true });
    mkdirSync(path.join(cacheDir, `work-${process.pid}-abc`));
    await cached(cacheDir, "image", keyNumber(1), make);
    expect(readdirSync(cacheDir)).toEqual([`image-${keyNumber(1)}`, `work-${process.pid}-abc`]);
  });

  it("goes when three others of its kind have been used later", async () => {
    for (const number of [1, 2, 3]) {
      const directory = await cached(cacheDir, "image", keyNumber(number), make);
      utimesSync(directory, number, number);
    }
    await cached(cacheDir, "other", keyNumber(1), make);
    // Used again, the oldest is the youngest.
    await cached(cacheDir, "image", keyNumber(1), make);
    await cached(cacheDir, "image", keyNumber(4), make);
    expect([1, 2, 3, 4].filter((number) => existsSync(path.join(cacheDir, `image-${keyNumber(number)}`)))).toEqual([
      1, 3, 4,
    ]);
    expect(existsSync(path.join(cacheDir, `other-${keyNumber(1)}`))).toBe(true);
  });
});

describe("an image archive", () => {
  const manifest = JSON.stringify({
    schemaVersion: 2,
    config: { size: 1, digest: "sha256:c0" },
    layers: [{ digest: "sha256:a1" }, { digest: "sha256:b2" }],
  });

  it("holds one image under all its tags, with its layers in their order", () => {
    expect(JSON.parse(archiveManifest(manifest, ["localhost/x:v1", "localhost/x:v2"]))).toEqual([
      { Config: "c0", RepoTags: ["localhost/x:v1", "localhost/x:v2"], Layers: ["a1", "b2"] },
    ]);
  });

  it("is not made from what is no image's manifest", () => {
    expect(() => archiveManifest("{}", ["localhost/x:v1"])).toThrow(/config/);
  });
});

describe("the way to the package index", () => {
  it("is lent to the build: pip's variables, certificates and proxies, and nothing else", () => {
    const environment = {
      PIP_INDEX_URL: "https://index.example.com/simple",
      SSL_CERT_FILE: "/etc/ssl/own.pem",
      https_proxy: "http://proxy.example.com",
      NO_PROXY: "localhost",
      PIP_EMPTY: "",
      AWS_SECRET_ACCESS_KEY: "secret",
      HOME: "/root",
    };
    expect(indexEnvironment(environment)).toEqual({
      PIP_INDEX_URL: "https://index.example.com/simple",
      SSL_CERT_FILE: "/etc/ssl/own.pem",
      https_proxy: "http://proxy.example.com",
      NO_PROXY: "localhost",
    });
  });
});
