/** Buildah, with a store of its own in the workshop. */
import * as path from "node:path";
import type { Workshop } from "./workshop";

export interface Build {
  /** Name of the image that is made. */
  image: string;
  context: string;
  containerfile: string;
  arguments?: Record<string, string>;
  /** Directories of the host that are seen, read-only, during the build alone. */
  volumes?: readonly Volume[];
}

export interface Volume {
  from: string;
  to: string;
  writable?: boolean;
}

export async function build(workshop: Workshop, { image, context, containerfile, ...more }: Build): Promise<void> {
  const buildArguments = Object.entries(more.arguments ?? {}).map(([name, value]) => `--build-arg=${name}=${value}`);
  await buildah(
    workshop,
    ["build", "--isolation=chroot", "--pull-never", `--file=${containerfile}`, `--tag=${image}`]
      .concat(buildArguments, (more.volumes ?? []).map(volumeFlag))
      .concat(context),
    `The image ${image} could not be built from ${containerfile}.`,
  );
}

/** Takes an image out of an archive that `writeArchive` wrote, for others to be built on. */
export async function load(workshop: Workshop, archive: string): Promise<void> {
  await buildah(workshop, ["pull", `docker-archive:${archive}`], `The image of ${archive} could not be read.`);
}

/** Runs a command in a container that is made for it and gone with it. */
export async function runIn(
  workshop: Workshop,
  image: string,
  command: readonly string[],
  options: { problem: string; volumes: readonly Volume[]; environment: Record<string, string> },
): Promise<void> {
  const container = await buildah(workshop, ["from", "--pull-never", image], `No container of ${image} could be made.`);
  const environment = Object.entries(options.environment).map(([name, value]) => `--env=${name}=${value}`);
  try {
    await buildah(
      workshop,
      ["run", "--isolation=chroot", ...environment, ...options.volumes.map(volumeFlag), container, "--", ...command],
      options.problem,
    );
  } finally {
    await buildah(workshop, ["rm", container], `The container ${container} could not be removed.`);
  }
}

/** Writes an image's manifest, configuration and layers into a directory. */
export async function exportTo(workshop: Workshop, image: string, directory: string): Promise<void> {
  await buildah(
    workshop,
    ["push", "--format=v2s2", image, `dir:${directory}`],
    `The image ${image} could not be written to ${directory}.`,
  );
}

function buildah(workshop: Workshop, command: readonly string[], problem: string): Promise<string> {
  // vfs and chroot ask for nothing that a container lacks; other drivers keep mounts that one call makes for the next.
  const store = path.join(workshop.directory, "buildah");
  const storage = ["--storage-driver=vfs", `--root=${store}/root`, `--runroot=${store}/run`];
  return workshop.run(["buildah", ...storage, ...command], {
    problem,
    remedy: "Its last words above name the cause; what was begun has been removed, so that you can simply try again.",
  });
}

function volumeFlag({ from, to, writable = false }: Volume): string {
  return `--volume=${from}:${to}:${writable ? "rw" : "ro"}`;
}
