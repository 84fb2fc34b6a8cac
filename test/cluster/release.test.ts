import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { onTestCluster, TestStack } from "../support/engine";
import { ask, pictures, swap } from "../support/service";

const host = "release.localhost";
let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.open("release", "local", onTestCluster("release"));
  await stack.up();
});

afterAll(() => stack.destroy());

describe("a service on a real cluster", () => {
  it("puts the face of one photograph into another, and says which colour and version did it", async () => {
    const { target } = await pictures();
    const answer = await swap(host, { target });
    expect(answer).toMatchObject({ status: 200, color: "blue", version: "v1.0.0", type: "image/png" });
    expect(answer.faces).toBeGreaterThanOrEqual(4);
    expect(answer.body.subarray(1, 4).toString()).toBe("PNG");
  });

  it("shows testers the idle colour at the preview host", async () => {
    expect(await ask(`preview.${host}`, "/v1/info")).toMatchObject({ status: 200, color: "green", version: "v2.0.0" });
  });

  it("does not change when nothing has changed", async () => {
    expect((await stack.up()).changes).toEqual({});
  });
});

describe("the preview of a flip", () => {
  it("with route: ingress shows the two Ingresses and nothing else", async () => {
    stack.set("liveColor", "green");
    const { changes, output } = await stack.preview();
    stack.set("liveColor", "blue");
    expect(changes).toEqual({ "facefusion-route-ingress": "update", "facefusion-preview-ingress": "update" });
    expect(output).not.toContain("error");
  });
});
