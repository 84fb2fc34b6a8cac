/** The image of a check that is quick: for the tests that are about something else than the verification. */
import * as path from "node:path";
import { writeArchive } from "../../sandbox/images/archive";
import { build } from "../../sandbox/images/buildah";
import { cached, keyOf } from "../../sandbox/cache";
import type { ImageOptions } from "../../sandbox/images/images";
import { inWorkshop } from "../../sandbox/images/workshop";

export const approvalImage = "localhost/approval:v1";

const source = path.join(__dirname, "approval");
const archiveName = "image.tar";

/** @returns The path of an archive with {@link approvalImage}. */
export async function buildApprovalImage({ cacheDir, log }: ImageOptions): Promise<string> {
  const made = await cached(cacheDir, "approval", keyOf([], [source]), (directory, scratch) =>
    inWorkshop(scratch, async (workshop) => {
      log("Building the image of a quick check");
      const program = path.join(scratch, "approval");
      await workshop.run(
        ["go", "build", "-C", source, "-trimpath", "-ldflags=-s -w", "-o", program, "."],
        { problem: "The quick check could not be built.", remedy: "Go must be installed." },
        { env: { CGO_ENABLED: "0" } },
      );
      const containerfile = path.join(source, "Containerfile");
      await build(workshop, { image: approvalImage, context: scratch, containerfile });
      await writeArchive(workshop, approvalImage, [approvalImage], path.join(directory, archiveName));
    }),
  );
  return path.join(made, archiveName);
}
