import { describe, expect, it } from "vitest";
import { engineWords, exitCodes, explain, ReleaseError, reportOf } from "../../../release/errors";
import { settingsFrom } from "../../../settings";

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

const command = (stderr: string) =>
  `code: -2\n stdout: \n stderr: Command failed with exit code 255: pulumi config --json\n${stderr}\n err?: \n`;

describe("an error in words", () => {
  it("is this command's own as it is", () => {
    const error = new ReleaseError("no", "do", exitCodes.refused);
    expect(explain(error)).toBe(error);
    expect(reportOf(error)).toEqual({ error: { message: "no", remedy: "do", exitCode: 3 } });
  });

  it("is what is wrong with the configuration, as wrong usage", () => {
    const thrown: unknown = (() => {
      try {
        return settingsFrom({ "facefusion:liveColor": "red" });
      } catch (error) {
        return error;
      }
    })();
    expect(explain(thrown)).toMatchObject({ exitCode: exitCodes.usage });
    expect(explain(thrown)?.message).toContain('facefusion:liveColor: "red" is not accepted; accepted: blue or green');
  });

  it("is what the engine says went wrong, without the command that was run", () => {
    const message = command("error: no stack named 'nope' found");
    expect(explain(named("StackNotFoundError", message))).toMatchObject({
      message: "no stack named 'nope' found",
      exitCode: exitCodes.usage,
    });
    expect(explain(named("CommandError", message))?.exitCode).toBe(exitCodes.failed);
    expect(engineWords("something else\n")).toBe("something else");
  });

  it("says that another update is under way", () => {
    const error = named("ConcurrentUpdateError", command("error: the stack is currently locked by 1 lock(s)."));
    expect(explain(error)?.message).toContain(
      "Another update of this stack is under way: the stack is currently locked",
    );
  });

  it("says that the engine is not installed", () => {
    expect(explain(new Error("Command failed with ENOENT: pulumi version"))?.message).toBe(
      "There is no pulumi on the PATH.",
    );
  });

  it("is none for a bug, whose stack trace is wanted", () => {
    expect(explain(new TypeError("x is not a function"))).toBeUndefined();
    expect(explain("text")).toBeUndefined();
  });
});
