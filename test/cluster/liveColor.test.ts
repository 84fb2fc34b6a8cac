import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failureOf, onTestCluster, OperationFailed, TestStack } from "../support/engine";
import { ask } from "../support/service";

const namespace = "live-color";
const host = `${namespace}.localhost`;
let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.open(namespace, "local", onTestCluster(namespace));
  await stack.up();
});

afterAll(() => stack.destroy());

describe("a change to the live colour's image", () => {
  it.each(["preview", "up"] as const)("is refused on %s, with the right way in the message", async (operation) => {
    await stack.set("services.facefusion.blue.image", "localhost/facefusion:v2.0.0");
    const failure = await failureOf(stack[operation]());
    await stack.set("services.facefusion.blue.image", "localhost/facefusion:v1.0.0");
    expect(failure).toBeInstanceOf(OperationFailed);
    expect(String(failure)).toContain("liveColor says blue, and the Pods of blue would change under its users");
    expect(String(failure)).toContain("Put the change on green (services.facefusion.green)");
    expect(await ask(host, "/v1/info")).toMatchObject({ status: 200, color: "blue", version: "v1.0.0" });
  });

  it("leaves nothing that would stand in the way once it is taken back", async () => {
    await stack.set("services.facefusion.blue.env.NOTE", "a");
    expect(await failureOf(stack.up())).toBeInstanceOf(OperationFailed);
    await stack.unset("services.facefusion.blue.env.NOTE");
    await stack.up();
    expect((await stack.up()).changes).toEqual({});
  });

  it("is made once the other colour is live", async () => {
    await stack.set("liveColor", "green");
    await stack.up();
    await stack.set("services.facefusion.blue.image", "localhost/facefusion:v2.0.0");
    await stack.up();
    expect(await ask(host, "/v1/info")).toMatchObject({ color: "green" });
    expect(await ask(`preview.${host}`, "/v1/info")).toMatchObject({ color: "blue", version: "v2.0.0" });
  });
});
