/** The parts of an image's reference. */

export interface ImageReference {
  /** Registry and repository, as they are written: `registry.example.com/facefusion`. */
  readonly name: string;
  readonly tag: string | undefined;
  /** With its algorithm: `sha256:…`. */
  readonly digest: string | undefined;
}

/** A repository of ECR, as its API names it. */
export interface EcrRepository {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

/** The tag is what follows the last colon after the last slash, so that a registry's port is not taken for one. */
export function parseReference(image: string): ImageReference {
  const [named = "", digest] = image.split("@");
  const tag = /:([^:/]+)$/.exec(named)?.[1];
  return { name: tag === undefined ? named : named.slice(0, -tag.length - 1), tag, digest };
}

/**
 * Where ECR keeps an image; undefined for another registry. ECR has two forms of address, the second for IPv6 as well
 * (user guide, "Amazon ECR private registry").
 */
export function ecrRepository({ name }: ImageReference): EcrRepository | undefined {
  const form =
    /^(?<account>\d{12})\.(dkr\.ecr(-fips)?\.(?<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?|dkr-ecr(-fips)?\.(?<dual>[a-z0-9-]+)\.on\.aws)\/(?<repository>.+)$/;
  const parts = form.exec(name)?.groups;
  const region = parts?.["region"] ?? parts?.["dual"];
  const [account, repository] = [parts?.["account"], parts?.["repository"]];
  if (account === undefined || region === undefined || repository === undefined) return undefined;
  return { account, region, name: repository };
}
