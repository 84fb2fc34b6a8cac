/** The repositories of a stack's images, with one key for all of them. */
import * as pulumi from "@pulumi/pulumi";
import { EncryptionKey } from "./encryptionKey";
import { ImageRepository } from "./imageRepository";
import { ownName } from "./ownName";

export interface ImageRepositoriesArgs {
  /** Such as `facefusion`. With none, nothing is made. */
  names: string[];
}

export class ImageRepositories extends pulumi.ComponentResource {
  readonly arns: pulumi.Output<string>[];
  /** By name, what images are pushed to. */
  readonly urls: Record<string, pulumi.Output<string>>;

  constructor(name: string, { names }: ImageRepositoriesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:ImageRepositories", name, {}, opts);
    const parent = { parent: this };
    // ECR works by a grant that whoever makes a repository gives it.
    const key =
      names.length > 0 &&
      new EncryptionKey(`${name}-key`, { description: `Images of ${ownName()}`, users: [] }, parent);
    const repositories = !key
      ? []
      : names.map((repository) => ({
          repository,
          made: new ImageRepository(`${name}-${repository}`, { repository, keyArn: key.arn }, parent),
        }));
    this.arns = repositories.map(({ made }) => made.arn);
    this.urls = Object.fromEntries(repositories.map(({ repository, made }) => [repository, made.url]));
    this.registerOutputs({ urls: this.urls });
  }
}
