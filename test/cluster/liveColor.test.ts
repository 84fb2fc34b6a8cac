import { describe, expect, it } from "vitest";
import { deployed } from "../support/deployed";
import { failureOf, OperationFailed } from "../support/engine";
import { ask } from "../support/service";

const service = deployed("live-color");
const { host } = service;

describe("a change to the live colour's image", () => {
  it.each(["preview", "up"] as const)("is refused on %s, with the right way in the message", async (operation) => {
    service.stack.set("services.facefusion.blue.image", "localhost/facefusion:v2.0.0");
    const failure = await failureOf(service.stack[operation]());
    service.stack.set("services.facefusion.blue.image", "localhost/facefusion:v1.0.0");
    expect(failure).toBeInstanceOf(OperationFailed);
    expect(String(failure)).toContain("liveColor says blue, and the Pods of blue would change under its users");
    expect(String(failure)).toContain("Put the change on green (services.facefusion.green)");
    expect(await ask(host, "/v1/info")).toMatchObject({ status: 200, color: "blue", version: "v1.0.0" });
  });

  it("leaves nothing that would stand in the way once it is taken back", async () => {
    service.stack.set("services.facefusion.blue.env.NOTE", "a");
    expect(await failureOf(service.stack.up())).toBeInstanceOf(OperationFailed);
    service.stack.unset("services.facefusion.blue.env.NOTE");
    await service.stack.up();
    expect((await service.stack.up()).changes).toEqual({});
  });

  it("is made once the other colour is live", async () => {
    service.stack.set("liveColor", "green");
    await service.stack.up();
    service.stack.set("services.facefusion.blue.image", "localhost/facefusion:v2.0.0");
    await service.stack.up();
    expect(await ask(host, "/v1/info")).toMatchObject({ color: "green" });
    expect(await ask(`preview.${host}`, "/v1/info")).toMatchObject({ color: "blue", version: "v2.0.0" });
  });
});
