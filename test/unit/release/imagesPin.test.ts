import { describe, expect, it } from "vitest";
import { pinImage } from "../../../release/images/pin";

const digest = `sha256:${"0a".repeat(32)}`;
const ecr = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/facefusion";

describe("an image that is to be deployed", () => {
  it.each([`localhost/facefusion:v1@${digest}`, `${ecr}:v1@${digest}`, `${ecr}@${digest}`])(
    "stays %s, since it has a digest",
    async (image) => {
      const said: string[] = [];
      expect(await pinImage(image, (line) => said.push(line))).toBe(image);
      expect(said).toEqual([]);
    },
  );

  it("of another registry stays as it is, and that is said", async () => {
    const said: string[] = [];
    expect(await pinImage("localhost/facefusion:v1", (line) => said.push(line))).toBe("localhost/facefusion:v1");
    expect(said).toEqual([expect.stringContaining("localhost/facefusion:v1 has no digest")]);
  });
});
