/** The image of a faulty version of the service; faulty/faulty.py has the faults. A fake, for tests alone. */
import * as path from "node:path";
import { writeArchive } from "../../sandbox/images/archive";
import { build, load } from "../../sandbox/images/buildah";
import { cached, keyOf } from "../../sandbox/cache";
import { buildServiceImage, type ImageOptions } from "../../sandbox/images/images";
import { inWorkshop } from "../../sandbox/images/workshop";
import { imageTags } from "../../sandbox/sandbox";

export const faultyImage = "localhost/facefusion-faulty:v1.0.0";

const context = path.join(__dirname, "faulty");
const archiveName = "image.tar";

/** @returns The path of an archive with {@link faultyImage}. */
export async function buildFaultyImage({ cacheDir, log }: ImageOptions): Promise<string> {
  const service = await buildServiceImage({ cacheDir, log, tags: imageTags });
  const key = keyOf([path.basename(path.dirname(service))], [context]);
  const made = await cached(cacheDir, "faulty", key, (directory, scratch) =>
    inWorkshop(scratch, async (workshop) => {
      log("Building the image of a faulty service");
      await load(workshop, service);
      const containerfile = path.join(context, "Containerfile");
      await build(workshop, { image: faultyImage, context, containerfile, arguments: { BASE: imageTags[0] } });
      await writeArchive(workshop, faultyImage, [faultyImage], path.join(directory, archiveName));
    }),
  );
  return path.join(made, archiveName);
}
