/** A KMS key with an alias that people recognise and a policy that says which service may use it, and for what. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ownName } from "./ownName";

export interface EncryptionKeyArgs {
  description: string;
  /** Who uses it, besides whoever the account's own IAM policies let. */
  users: pulumi.Input<aws.iam.PolicyStatement>[];
}

export class EncryptionKey extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  /** @param name Also the alias, after the stack's name. */
  constructor(name: string, args: EncryptionKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:EncryptionKey", name, {}, opts);
    const { accountId } = aws.getCallerIdentityOutput({}, { parent: this });

    const key = new aws.kms.Key(
      `${name}-key`,
      {
        description: args.description,
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [
            {
              // A key whose policy leaves the account out can be managed by nobody.
              Sid: "Account",
              Effect: "Allow",
              Principal: { AWS: pulumi.interpolate`arn:aws:iam::${accountId}:root` },
              Action: "kms:*",
              Resource: "*",
            },
            ...args.users,
          ],
        }),
      },
      // What it encrypts is lost with it.
      { parent: this, protect: true },
    );
    new aws.kms.Alias(`${name}-alias`, { name: `alias/${ownName(name)}`, targetKeyId: key.keyId }, { parent: key });

    this.arn = key.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
