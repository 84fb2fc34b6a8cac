/**
 * An ECR repository for the images of one service: a tag never moves, every image is scanned when it comes, and none that
 * may be in use is ever removed.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { costTags } from "./labels";

export interface ImageRepositoryArgs {
  /** As image references have it after the registry: `facefusion`. */
  repository: string;
  /** The only service whose images it holds, for the bill; left out where there are several. */
  service?: string | undefined;
  /** The KMS key that images are encrypted with. It cannot be changed later. */
  keyArn: pulumi.Input<string>;
}

/** Days that an image without a tag stays: what a build that broke off has pushed. */
const untaggedDays = 14;

export class ImageRepository extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  /** What images are pushed to: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/facefusion`. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: ImageRepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:ImageRepository", name, {}, opts);
    const repository = new aws.ecr.Repository(
      `${name}-repository`,
      {
        name: args.repository,
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: args.keyArn }],
        tags: costTags({ service: args.service }),
      },
      // A node that comes up at night pulls the live image from it.
      { parent: this, protect: true },
    );
    new aws.ecr.LifecyclePolicy(
      `${name}-lifecycle`,
      { repository: repository.name, policy: JSON.stringify({ rules: lifecycleRules }) },
      { parent: repository },
    );
    this.arn = repository.arn;
    this.url = repository.repositoryUrl;
    this.registerOutputs({ url: this.url });
  }
}

/**
 * No rule can know what a colour runs: it sees tags, ages and pulls, and a colour may run the oldest image there is, whose
 * last pull was long ago since its nodes have it. The next node could not start it. So none touches an image that has a tag,
 * and a deployed image has one: a tag is never moved to another, and `release deploy` names tag and digest together.
 *
 * An untagged part of an image for several platforms stays as well: ECR never expires what another manifest refers to.
 */
const lifecycleRules = [
  {
    rulePriority: 1,
    description: "What was pushed without a tag, or has lost it",
    selection: {
      tagStatus: "untagged",
      countType: "sinceImagePushed",
      countUnit: "days",
      countNumber: untaggedDays,
    },
    action: { type: "expire" },
  },
];
