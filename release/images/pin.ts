/**
 * The digest behind a tag, so that what runs is what was verified, on every node and for ever: a tag says who is meant, a
 * digest says what it is. ECR can be asked for it with the credentials at hand; an image of another registry stays as it is.
 */
import { ecrRepository, parseReference } from "../../settings/imageReference";
import { explainAws } from "../aws/failures";
import { exitCodes, ReleaseError } from "../errors";

/** @param progress Told what was done, or why nothing was. */
export async function pinImage(image: string, progress: (line: string) => void): Promise<string> {
  const reference = parseReference(image);
  const { name, tag, digest } = reference;
  if (digest !== undefined || tag === undefined) return image;
  const repository = ecrRepository(reference);
  if (repository === undefined) {
    progress(
      `${image} has no digest, and is in no registry of ECR that could be asked for it: what runs is what the tag names ` +
        `when a node pulls it.`,
    );
    return image;
  }
  // Not before it is needed: it takes a moment to load.
  const { DescribeImagesCommand, ECRClient } = await import("@aws-sdk/client-ecr");
  const client = new ECRClient({ region: repository.region });
  try {
    const found = await client.send(
      new DescribeImagesCommand({
        registryId: repository.account,
        repositoryName: repository.name,
        imageIds: [{ imageTag: tag }],
      }),
    );
    const resolved = found.imageDetails?.[0]?.imageDigest;
    if (resolved === undefined) throw notThere(image);
    progress(`${image} is ${resolved}.`);
    return `${name}:${tag}@${resolved}`;
  } catch (error) {
    if (error instanceof Error && error.name === "ImageNotFoundException") throw notThere(image, error);
    if (error instanceof Error && error.name === "RepositoryNotFoundException") throw noRepository(image, name, error);
    throw explainAws(error, `The digest of ${image} could not be read from ECR`, {
      otherwise: `Or give it yourself: ${image}@sha256:…`,
    });
  } finally {
    client.destroy();
  }
}

function notThere(image: string, cause?: Error): ReleaseError {
  return new ReleaseError(`There is no image ${image}.`, "Push it first, or name one that is there.", exitCodes.usage, {
    cause,
  });
}

function noRepository(image: string, name: string, cause: Error): ReleaseError {
  return new ReleaseError(
    `There is no repository ${name} for ${image}.`,
    "Check the account, the region and the name; imageRepositories in the configuration makes repositories.",
    exitCodes.usage,
    { cause },
  );
}
