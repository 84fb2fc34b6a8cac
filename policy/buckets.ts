/** Models are what the service is worth: nobody outside may read them, and what is stored is encrypted. */
import { kinds } from "./kinds";
import { items, part, shown } from "./plain";
import { refersTo, type Resource, type StackRule } from "./rule";

const blocks = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];
const algorithms = ["aws:kms", "aws:kms:dsse", "AES256"];

export const bucketRules: readonly StackRule[] = [
  {
    name: "no-public-buckets",
    description: "Every S3 bucket has a public access block with all four parts on.",
    checkStack(resources, findings) {
      for (const bucket of resources.filter(isBucket)) {
        const block = resources.find((each) => each.type === kinds.bucketAccess && isFor(each, bucket));
        if (block === undefined) {
          findings.violation(
            `${bucket.name}: no aws.s3.BucketPublicAccessBlock is for it. Add one with ${blocks.join(", ")}, all true.`,
            bucket.urn,
          );
          continue;
        }
        for (const key of blocks) {
          const value = part(block.props, key);
          const message = `${block.name}: ${key} is ${shown(value)}. Set ${key}: true.`;
          findings.demand(value, (each) => each === true, message, block.urn);
        }
      }
    },
  },
  {
    name: "bucket-encryption",
    description: "Every S3 bucket says how what is in it is encrypted.",
    checkStack(resources, findings) {
      for (const bucket of resources.filter(isBucket)) {
        const own = resources.filter((each) => each.type === kinds.bucketEncryption && isFor(each, bucket));
        const rules = own.flatMap(({ props }) => items(part(props, "rules")));
        const used = rules.map((rule) => part(rule, "applyServerSideEncryptionByDefault", "sseAlgorithm"));
        if (used.length > 0 && findings.known(used).every((each) => algorithms.includes(shown(each)))) continue;
        findings.violation(
          `${bucket.name}: server-side encryption is ${used.length === 0 ? "not set" : used.map(shown).join(", ")}. ` +
            `Add an aws.s3.BucketServerSideEncryptionConfiguration with sseAlgorithm aws:kms and a key.`,
          bucket.urn,
        );
      }
    },
  },
];

function isBucket({ type }: Resource): boolean {
  return type === kinds.bucket;
}

function isFor(setting: Resource, bucket: Resource): boolean {
  return refersTo(setting, "bucket", part(setting.props, "bucket"), bucket, part(bucket.props, "bucket"));
}
