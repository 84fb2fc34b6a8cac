/** The repositories of a stack's images, with one key for all of them. */
import * as pulumi from "@pulumi/pulumi";
import { EncryptionKey } from "./encryptionKey";
import { ImageRepository, type ImageRepositoryArgs } from "./imageRepository";
import { ownName } from "./ownName";

export interface ImageRepositoriesArgs {
  /** With none, nothing is made. */
  repositories: readonly Pick<ImageRepositoryArgs, "repository" | "service">[];
}

export class ImageRepositories extends pulumi.ComponentResource {
  readonly arns: pulumi.Output<string>[];
  /** By name, what images are pushed to. */
  readonly urls: Record<string, pulumi.Output<string>>;

  constructor(name: string, args: ImageRepositoriesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:ImageRepositories", name, {}, opts);
    const parent = { parent: this };
    // ECR works by a grant that whoever makes a repository gives it.
    const key =
      args.repositories.length > 0 &&
      new EncryptionKey(`${name}-key`, { description: `Images of ${ownName()}`, users: [] }, parent);
    const repositories = !key
      ? []
      : args.repositories.map((each) => ({
          repository: each.repository,
          made: new ImageRepository(`${name}-${each.repository}`, { ...each, keyArn: key.arn }, parent),
        }));
    this.arns = repositories.map(({ made }) => made.arn);
    this.urls = Object.fromEntries(repositories.map(({ repository, made }) => [repository, made.url]));
    this.registerOutputs({ urls: this.urls });
  }
}
