/**
 * What the sandbox's nodes run and see: images as archives, models and pictures as files. All of it is made from what
 * the package registries have, and made once: as long as nothing that a thing depends on changes, it comes from the cache.
 */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import * as path from "node:path";
import { root } from "../layout";
import { ensureBase } from "./base";
import { writeArchive } from "./archive";
import { build } from "./buildah";
import { cached, keyOf } from "../cache";
import { baseImage, output, python, withBase } from "./python";
import { inWorkshop, type Workshop } from "./workshop";

export interface ImageOptions {
  /** Where finished things are kept between runs, for all sandboxes. */
  cacheDir: string;
  /** Hears what a long step is doing. */
  log: (line: string) => void;
}

/** The image that holds each Pod's namespaces. */
export const pauseImage = "localhost/pause:1";

/** The versions of the models that the sandbox's model store has. */
const modelVersions = ["v1", "v2"];

const imageDirectory = path.join(root, "image");

/** What the images are made from, below image/: another content is another image. */
export const imageContents = {
  service: ["Dockerfile", "requirements.txt", "server.py", "inference"],
  verification: ["verification", "tools"],
};
const pauseDirectory = path.join(__dirname, "pause");
const archiveName = "image.tar";

/** @returns The path of an archive with `localhost/pause:1`. */
export async function buildPauseImage({ cacheDir, log }: ImageOptions): Promise<string> {
  const made = await cached(cacheDir, "pause", keyOf([], [pauseDirectory]), (directory, scratch) =>
    inWorkshop(scratch, async (workshop) => {
      log("Building the pause image");
      await workshop.run(
        ["go", "build", "-C", pauseDirectory, "-trimpath", "-ldflags=-s -w", "-o", path.join(scratch, "pause"), "."],
        { problem: "The pause program could not be built.", remedy: "Go must be installed." },
        { env: { CGO_ENABLED: "0" } },
      );
      const containerfile = path.join(pauseDirectory, "Containerfile");
      await build(workshop, { image: pauseImage, context: scratch, containerfile });
      await writeArchive(workshop, pauseImage, [pauseImage], path.join(directory, archiveName));
    }),
  );
  return path.join(made, archiveName);
}

/**
 * @param tags Names that the image gets, each with its tag, such as `localhost/facefusion:v1.0.0`.
 * @returns The path of one archive that holds the image under all of them.
 */
export async function buildServiceImage({
  cacheDir,
  log,
  tags,
}: ImageOptions & { tags: readonly string[] }): Promise<string> {
  const base = await ensureBase(cacheDir, log);
  const files = imageContents.service.map((name) => path.join(imageDirectory, name));
  const key = keyOf([path.basename(base), ...tags], files);
  const made = await cached(cacheDir, "service", key, (directory, scratch) =>
    withBase(cacheDir, scratch, log, async (workshop) => {
      log("Fetching the server's Python packages");
      const wheels = await downloadWheels(workshop, "requirements.txt");
      log("Building the service's image");
      const image = "localhost/service:1";
      await build(workshop, {
        image,
        context: imageDirectory,
        containerfile: path.join(imageDirectory, "Dockerfile"),
        arguments: { BASE: baseImage, PIP_NO_INDEX: "1", PIP_FIND_LINKS: output },
        volumes: [{ from: wheels, to: output }],
      });
      await writeArchive(workshop, image, tags, path.join(directory, archiveName));
    }),
  );
  return path.join(made, archiveName);
}

/**
 * @param tags Names that the image gets.
 * @returns The path of an archive with the verification suite and its golden set.
 */
export async function buildVerificationImage({
  cacheDir,
  log,
  tags,
}: ImageOptions & { tags: readonly string[] }): Promise<string> {
  const base = await ensureBase(cacheDir, log);
  const assets = await ensureAssets({ cacheDir, log });
  const files = imageContents.verification.map((name) => path.join(imageDirectory, name));
  const key = keyOf([path.basename(base), ...tags], files);
  const made = await cached(cacheDir, "verification", key, (directory, scratch) =>
    withBase(cacheDir, scratch, log, async (workshop) => {
      log("Fetching the verification suite's Python packages");
      const wheels = await downloadWheels(workshop, "verification/requirements.txt");
      log("Building the verification suite's image");
      const image = "localhost/verification:1";
      const assetsInside = "/assets";
      await build(workshop, {
        image,
        context: imageDirectory,
        containerfile: path.join(imageDirectory, "verification", "Dockerfile"),
        arguments: { BASE: baseImage, PIP_NO_INDEX: "1", PIP_FIND_LINKS: output, ASSETS: assetsInside },
        volumes: [
          { from: wheels, to: output },
          { from: assets, to: assetsInside },
        ],
      });
      await writeArchive(workshop, image, tags, path.join(directory, archiveName));
    }),
  );
  return path.join(made, archiveName);
}

/** Fills the model store: `directory/v1` and `directory/v2` with the same weights. */
export async function prepareModels(options: ImageOptions & { directory: string }): Promise<void> {
  const assets = await ensureAssets(options);
  for (const version of modelVersions) copyMissing(path.join(assets, "models"), path.join(options.directory, version));
}

/**
 * Puts the pictures for a first request into a directory.
 *
 * @returns Their paths: a portrait, and a group to put its face into.
 */
export async function preparePictures(
  options: ImageOptions & { directory: string },
): Promise<{ source: string; target: string }> {
  const { directory } = options;
  copyMissing(path.join(await ensureAssets(options), "pictures"), directory);
  return { source: path.join(directory, "source.png"), target: path.join(directory, "target.jpg") };
}

/** The packages that a file of requirements pins, for the Python of the image: the build itself then needs no index. */
async function downloadWheels(workshop: Workshop, file: string): Promise<string> {
  const directory = path.join(workshop.directory, "wheels");
  mkdirSync(workshop.view(directory));
  const requirements = { from: path.join(imageDirectory, file), to: "/opt/requirements.txt" };
  await python(
    workshop,
    ["-m", "pip", "download", "--require-hashes", `--requirement=${requirements.to}`, `--dest=${output}`],
    { problem: `The Python packages of ${file} could not be fetched.`, directory, volumes: [requirements] },
  );
  return directory;
}

/** @returns A directory with `models`, `recogniser` and `pictures`; image/tools/assets.py knows what they are and checks them. */
function ensureAssets({ cacheDir, log }: ImageOptions): Promise<string> {
  const tool = { from: path.join(imageDirectory, "tools", "assets.py"), to: "/opt/assets.py" };
  return cached(cacheDir, "assets", keyOf([], [tool.from]), (directory, scratch) =>
    withBase(cacheDir, scratch, log, async (workshop) => {
      for (const kind of ["models", "recogniser", "pictures"]) {
        log(`Fetching the ${kind}`);
        const problem = `The ${kind} could not be fetched.`;
        await python(workshop, [tool.to, kind, path.join(output, kind)], { problem, directory, volumes: [tool] });
      }
    }),
  );
}

function copyMissing(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  // The Pods that see it run as a user of their own, whatever this one's umask is.
  chmodSync(to, 0o755);
  for (const name of readdirSync(from)) {
    const target = path.join(to, name);
    if (existsSync(target)) continue;
    // Under another name until it is whole.
    copyFileSync(path.join(from, name), `${target}.partial`);
    renameSync(`${target}.partial`, target);
  }
}
