import { describe, expect, it } from "vitest";
import { commandsFor, digestIn, ecrRegionOf, tagFor } from "../../../ci/builders";

const digest = `sha256:${"a".repeat(64)}`;
const build = {
  image: "registry.example.com/facefusion:t",
  revision: "c0ffee",
  context: "image",
  answer: "/tmp/answer",
};

describe("the image's build", () => {
  it("is one command of buildx, two of Buildah, and both say where the digest goes", () => {
    expect(commandsFor("buildx", build)).toEqual([
      [
        ...["docker", "buildx", "build", "--push", "--metadata-file=/tmp/answer"],
        ...["--tag=registry.example.com/facefusion:t", "--label=org.opencontainers.image.revision=c0ffee", "image"],
      ],
    ]);
    const [first, second, ...more] = commandsFor("buildah", build);
    expect(first).toEqual(expect.arrayContaining(["build", "--tag=registry.example.com/facefusion:t", "image"]));
    expect(second).toEqual(expect.arrayContaining(["push", "--digestfile=/tmp/answer"]));
    expect(more).toEqual([]);
  });

  it("is known by the digest that the builder has pushed, and by nothing else", () => {
    expect(digestIn("buildah", `${digest}\n`)).toBe(digest);
    expect(digestIn("buildx", JSON.stringify({ "containerimage.digest": digest, "image.name": "x" }))).toBe(digest);
    expect(() => digestIn("buildah", "")).toThrow("does not say which digest");
    expect(() => digestIn("buildx", "{}")).toThrow();
  });

  it("has a tag that no other build has", () => {
    const revision = "0123456789abcdef0123456789abcdef01234567";
    expect(tagFor(new Date("2026-11-25T14:05:09.123Z"), revision)).toBe("20261125T140509Z-0123456789ab");
  });

  it("needs a token where the registry is AWS's", () => {
    expect(ecrRegionOf("123456789012.dkr.ecr.eu-west-1.amazonaws.com/facefusion")).toBe("eu-west-1");
    expect(ecrRegionOf("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/a/b")).toBe("cn-north-1");
    expect(ecrRegionOf("registry.example.com/facefusion")).toBeUndefined();
    expect(ecrRegionOf("123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.example/facefusion")).toBeUndefined();
  });
});
