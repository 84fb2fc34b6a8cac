import { describe, expect, it } from "vitest";
import { ecrRepository, parseReference } from "../../settings/imageReference";

const digest = `sha256:${"0a".repeat(32)}`;
const ecr = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/facefusion";

describe("an image's reference", () => {
  it.each([
    ["registry.example.com:5000/team/facefusion:v1", { name: "registry.example.com:5000/team/facefusion", tag: "v1" }],
    ["registry.example.com:5000/facefusion", { name: "registry.example.com:5000/facefusion" }],
    [`facefusion:v1@${digest}`, { name: "facefusion", tag: "v1", digest }],
    [`facefusion@${digest}`, { name: "facefusion", digest }],
  ])("%s has its parts", (image, parts) => {
    expect(parseReference(image)).toEqual({ tag: undefined, digest: undefined, ...parts });
  });

  it.each([
    [ecr, "eu-west-1", "facefusion"],
    ["123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/team/facefusion", "us-gov-west-1", "team/facefusion"],
    ["123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/facefusion", "cn-north-1", "facefusion"],
    ["123456789012.dkr-ecr.eu-west-1.on.aws/facefusion", "eu-west-1", "facefusion"],
  ])("%s is on ECR", (name, region, repository) => {
    expect(ecrRepository(parseReference(`${name}:v1`))).toEqual({ account: "123456789012", region, name: repository });
  });

  it.each([
    "localhost/facefusion",
    "public.ecr.aws/team/facefusion",
    "registry.example.com/123456789012.dkr.ecr.eu-west-1.amazonaws.com/facefusion",
    "123456789012.dkr.ecr.eu-west-1.amazonaws.com.example.com/facefusion",
  ])("%s is not a repository of ECR", (name) => {
    expect(ecrRepository(parseReference(`${name}:v1`))).toBeUndefined();
  });
});
