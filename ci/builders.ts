/** Docker's buildx and Buildah: how each is told to build and push an image, and what it says afterwards. Pure functions. */
import { z } from "zod";

export type Builder = "buildx" | "buildah";

/** The two commands' programs and arguments, or the one that does both. */
export function commandsFor(
  builder: Builder,
  { image, revision, context, answer }: { image: string; revision: string; context: string; answer: string },
): readonly (readonly [string, ...string[]])[] {
  const label = `--label=org.opencontainers.image.revision=${revision}`;
  if (builder === "buildx")
    return [["docker", "buildx", "build", "--push", `--metadata-file=${answer}`, `--tag=${image}`, label, context]];
  // Neither asks for anything that a container lacks in which a job itself runs.
  const store = "--storage-driver=vfs";
  return [
    ["buildah", store, "build", "--isolation=chroot", `--tag=${image}`, label, context],
    ["buildah", store, "push", `--digestfile=${answer}`, image],
  ];
}

const metadataSchema = z.object({ "containerimage.digest": z.string() });

/** What the builder says it has pushed. */
export function digestIn(builder: Builder, answer: string): string {
  const digest =
    builder === "buildx" ? metadataSchema.parse(JSON.parse(answer))["containerimage.digest"] : answer.trim();
  if (/^sha256:[0-9a-f]{64}$/.test(digest)) return digest;
  throw new Error(`${builder} does not say which digest it has pushed, but: ${digest}`);
}

/** Where a registry is one of AWS's, how to get in: its region, for the token that AWS gives. */
export function ecrRegionOf(repository: string): string | undefined {
  return /^\d{12}\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?\//.exec(repository)?.groups?.["region"];
}

/** A name that was never given before: registries such as ECR with tags that cannot be moved refuse the second. */
export function tagFor(now: Date, revision: string): string {
  const stamp = now.toISOString().replaceAll(/[-:]|\.\d+/g, "");
  return `${stamp}-${revision.slice(0, 12)}`;
}
