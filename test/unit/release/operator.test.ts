import * as os from "node:os";
import { describe, expect, it } from "vitest";
import { operator, parseUpdateMessage, updateMessage } from "../../../release/operator";

describe("who runs the command", () => {
  it("is the person behind a pipeline, else the user of this machine", () => {
    expect(operator({ GITHUB_ACTOR: "alice", USER: "runner" })).toBe("alice");
    expect(operator({ USER: "bob" })).toBe(`bob@${os.hostname()}`);
    expect(operator({ USER: "root", SUDO_USER: "bob" })).toBe(`bob@${os.hostname()}`);
  });
});

describe("the message of an update", () => {
  it("says what it was and who made it, and can be read again", () => {
    const message = updateMessage("switch facefusion to green", "alice@laptop");
    expect(message).toBe("release: switch facefusion to green (by alice@laptop)");
    expect(parseUpdateMessage(message)).toEqual({ what: "switch facefusion to green", by: "alice@laptop" });
  });

  it("is nothing to read where it is a commit's", () => {
    expect(parseUpdateMessage("Refuse to change the live colour under its users")).toBeUndefined();
  });
});
