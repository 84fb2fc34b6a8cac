import { describe, expect, it } from "vitest";
import { exitCodes } from "../../../release/errors";
import { changeOf, diagnosticText, EngineError } from "../../../release/operations/engine";

const urn = (types: string, name: string) => `urn:pulumi:prod::facefusion::${types}::${name}`;
const route = urn(
  "facefusion:index:BlueGreenService$facefusion:index:Route$kubernetes:networking.k8s.io/v1:Ingress",
  "facefusion-route-ingress",
);

describe("what the engine does to a resource", () => {
  it.each([
    ["create", "create"],
    ["update", "update"],
    ["delete", "delete"],
    ["create-replacement", "replace"],
    ["replace", "replace"],
    ["delete-replaced", "replace"],
  ] as const)("%s is told as %s", (op, word) => {
    expect(changeOf(route, op)).toEqual({ name: "facefusion-route-ingress", type: "Ingress", op: word });
  });

  it.each(["same", "read", "refresh"] as const)("%s is nothing", (op) => {
    expect(changeOf(route, op)).toBeUndefined();
  });

  it.each(["facefusion:index:BlueGreenService", "pulumi:pulumi:Stack", "pulumi:providers:kubernetes"])(
    "is nothing where it is %s, which is nothing in the cluster",
    (type) => {
      expect(changeOf(urn(type, "facefusion"), "create")).toBeUndefined();
    },
  );
});

describe("what the engine says", () => {
  it("is read without its colours and its prefix", () => {
    const message = "<{%fg 1%}>error: <{%reset%}>the Job has failed<{%reset%}>\n";
    expect(diagnosticText({ message, prefix: "<{%fg 1%}>error: <{%reset%}>" })).toBe("the Job has failed");
    expect(diagnosticText({ message: "error: no" })).toBe("no");
  });

  it("of a hook that says no is a refusal, in the hook's words", () => {
    const said = 'Preview failed: before hook "facefusion-blue-stays" failed: the Pods would change';
    const error = new EngineError([said], [], "Put it right.", {});
    expect(error).toMatchObject({ message: "the Pods would change", exitCode: exitCodes.refused });
  });

  it("of anything else is a failure", () => {
    expect(new EngineError(["no Pod was ready"], [], "Put it right.", {}).exitCode).toBe(exitCodes.failed);
  });
});
