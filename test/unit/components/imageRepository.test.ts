import { expect, it } from "vitest";
import { ImageRepository } from "../../../components/imageRepository";
import { at, type Graph } from "../../support/graph";
import { record, valueOf } from "../../support/mocks";

const args = { repository: "facefusion", keyArn: "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d" };

async function graphOf(): Promise<Graph> {
  return (await record(() => new ImageRepository("images", args))).graph;
}

it("a repository has tags that never move, scans what is pushed, and encrypts it", async () => {
  const graph = await graphOf();
  expect(graph.toString()).toBe(
    "ImageRepository images\n  Repository images-repository\n    LifecyclePolicy images-lifecycle",
  );
  const { inputs, protect } = graph.one("Repository", "images-repository");
  expect(protect).toBe(true);
  expect(inputs).toEqual({
    name: "facefusion",
    imageTagMutability: "IMMUTABLE",
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: args.keyArn }],
    tags: {},
  });
});

it("no rule of its lifecycle touches an image that has a tag, since a colour may run it", async () => {
  const policy: unknown = JSON.parse(
    String(at((await graphOf()).one("LifecyclePolicy", "images-lifecycle").inputs, "policy")),
  );
  const rules = at(policy, "rules");
  expect(rules).toHaveLength(1);
  expect(at(rules, "0.selection")).toEqual({
    tagStatus: "untagged",
    countType: "sinceImagePushed",
    countUnit: "days",
    countNumber: 14,
  });
});

it("tells its ARN and its URL", async () => {
  const { made } = await record(() => new ImageRepository("images", args));
  expect(await valueOf(made.url)).toBe("123456789012.dkr.ecr.eu-west-1.amazonaws.com/facefusion");
  expect(await valueOf(made.arn)).toBe("arn:aws:ecr:eu-west-1:123456789012:repository/facefusion");
});
