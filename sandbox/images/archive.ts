/** An image as one file, in the format of `docker save`, which a node's containerd imports. */
import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import { exportTo } from "./buildah";
import type { Workshop } from "./workshop";

const manifestName = "manifest.json";

const manifestSchema = z.object({
  config: z.object({ digest: z.string() }),
  layers: z.array(z.object({ digest: z.string() })),
});

/** Writes an image under any number of tags, which share its layers. */
export async function writeArchive(
  workshop: Workshop,
  image: string,
  tags: readonly string[],
  archive: string,
): Promise<void> {
  const directory = path.join(workshop.directory, "export");
  await exportTo(workshop, image, directory);
  const file = workshop.view(path.join(directory, manifestName));
  writeFileSync(file, archiveManifest(readFileSync(file, "utf8"), tags));
  // Not `buildah push docker-archive:` and another manifest for the tags: GNU tar's --delete breaks such an archive.
  await workshop.run(["tar", "--create", `--file=${archive}`, `--directory=${directory}`, "."], {
    problem: `The image ${image} could not be written to ${archive}.`,
    remedy: "See that there is room for it, and try again.",
  });
}

/**
 * The manifest of `docker save`.
 *
 * @param manifest The image's own, whose digests are the names of the files beside it.
 */
export function archiveManifest(manifest: string, tags: readonly string[]): string {
  const { config, layers } = manifestSchema.parse(JSON.parse(manifest));
  const fileOf = ({ digest }: { digest: string }) => digest.replace("sha256:", "");
  return JSON.stringify([{ Config: fileOf(config), RepoTags: tags, Layers: layers.map(fileOf) }]);
}
