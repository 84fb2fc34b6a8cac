/** The digest of a tag, from a real server of ECR's interface. */
import { createHash, randomBytes } from "node:crypto";
import { CreateRepositoryCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { beforeAll, describe, expect, it } from "vitest";
import { exitCodes } from "../../release/errors";
import { pinImage } from "../../release/images/pin";

const ecr = new ECRClient({ region: "eu-west-1" });
const repository = `team/facefusion-${randomBytes(4).toString("hex")}`;
const image = `123456789012.dkr.ecr.eu-west-1.amazonaws.com/${repository}`;
let digest: string;

beforeAll(async () => {
  await ecr.send(new CreateRepositoryCommand({ repositoryName: repository }));
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: {
      mediaType: "application/vnd.oci.image.config.v1+json",
      digest: `sha256:${createHash("sha256").update(repository).digest("hex")}`,
      size: 2,
    },
    layers: [],
  });
  const put = { repositoryName: repository, imageManifest: manifest, imageTag: "v2.0.0" };
  digest = (await ecr.send(new PutImageCommand(put))).image?.imageId?.imageDigest ?? "";
});

const nobody = () => undefined;

describe("an image of ECR", () => {
  it("is deployed with the digest behind its tag, and keeps the tag", async () => {
    const said: string[] = [];
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await pinImage(`${image}:v2.0.0`, (line) => said.push(line))).toBe(`${image}:v2.0.0@${digest}`);
    expect(said).toEqual([`${image}:v2.0.0 is ${digest}.`]);
  });

  it("must be there", async () => {
    await expect(pinImage(`${image}:v9.9.9`, nobody)).rejects.toMatchObject({
      message: `There is no image ${image}:v9.9.9.`,
      exitCode: exitCodes.usage,
    });
  });

  it("must be in a repository that is there", async () => {
    await expect(pinImage(`${image}-nobodys:v1`, nobody)).rejects.toMatchObject({
      message: `There is no repository ${image}-nobodys for ${image}-nobodys:v1.`,
      exitCode: exitCodes.usage,
    });
  });
});
