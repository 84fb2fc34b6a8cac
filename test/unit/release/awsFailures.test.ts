import { describe, expect, it } from "vitest";
import { explainAws } from "../../../release/aws/failures";
import { exitCodes, ReleaseError } from "../../../release/errors";

function failure(name: string, message = "", more: object = {}): Error {
  return Object.assign(new Error(message), { name, ...more });
}

describe("a failure of AWS's SDK", () => {
  it.each([
    ["CredentialsProviderError", exitCodes.usage, "no AWS credentials"],
    ["ExpiredToken", exitCodes.usage, "have expired"],
    ["AccessDenied", exitCodes.refused, "does not let"],
  ])("%s has words and a code of its own", (name, exitCode, words) => {
    const explained = explainAws(failure(name), "Models could not be listed");
    expect(explained).toBeInstanceOf(ReleaseError);
    expect(explained).toMatchObject({ exitCode, message: expect.stringContaining(words) as string });
    expect(String(explained)).toContain("Models could not be listed: ");
  });

  it("of another kind says what AWS says, and what else would help", () => {
    const explained = explainAws(failure("SlowDown", "Reduce your rate.", { $metadata: {} }), "It failed", {
      otherwise: "Or wait.",
    });
    expect(explained).toMatchObject({
      message: "It failed: Reduce your rate.",
      remedy: expect.stringContaining("Or wait.") as string,
      exitCode: exitCodes.failed,
    });
  });

  it("on the way to AWS says what each address answered", () => {
    const refused = new AggregateError([
      new Error("connect ECONNREFUSED ::1"),
      new Error("connect ECONNREFUSED 127.0.0.1"),
    ]);
    expect(explainAws(Object.assign(refused, { code: "ECONNREFUSED" }), "It failed")).toMatchObject({
      message: "It failed: Error: connect ECONNREFUSED ::1; Error: connect ECONNREFUSED 127.0.0.1",
    });
  });

  it("that is none stays what it is, with its stack trace", () => {
    const ours = new TypeError("undefined is not a function");
    expect(explainAws(ours, "It failed")).toBe(ours);
    const known = new ReleaseError("No.", "Do.");
    expect(explainAws(known, "It failed")).toBe(known);
  });
});
