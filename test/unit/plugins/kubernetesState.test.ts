import { describe, expect, it } from "vitest";
import { withName } from "../../../sandbox/plugins/kubernetes/naming";
import { outputsOf, plain, previewedOutputs, withSecretContents } from "../../../sandbox/plugins/kubernetes/outputs";
import { importedInputs, refreshedInputs } from "../../../sandbox/plugins/kubernetes/refresh";
import { kindOf, refusalOf, withKind } from "../../../sandbox/plugins/kubernetes/tokens";
import { isSecret, secret, unknown, withoutSecrets, type Values } from "../../../sandbox/plugins/shared/values";

const noSeed = new Uint8Array();

describe("the name of an object", () => {
  const unnamed = { kind: "ConfigMap", metadata: { labels: { a: "b" } } };

  it("is drawn from its name in the program where it is left out, the same for the same seed", () => {
    const named = withName(unnamed, {}, "config", new Uint8Array([1, 2]));
    expect(named["metadata"]).toMatchObject({ name: expect.stringMatching(/^config-[0-9a-f]{8}$/) as string });
    expect(named).toEqual(withName(unnamed, {}, "config", new Uint8Array([1, 2])));
    expect(named).not.toEqual(withName(unnamed, {}, "config", new Uint8Array([3])));
  });

  it("is kept once drawn, and drawn anew where it had been given", () => {
    const drawn = withName(unnamed, {}, "config", noSeed);
    expect(withName(unnamed, drawn, "config", noSeed)).toEqual(drawn);
    const given = { metadata: { name: "given" } };
    expect(withName(unnamed, given, "config", noSeed)["metadata"]).not.toMatchObject({ name: "given" });
  });

  it("stays as given, and as unknown", () => {
    for (const metadata of [{ name: "given" }, { name: unknown }, unknown])
      expect(withName({ metadata }, {}, "config", noSeed)).toEqual({ metadata });
  });

  it("cannot be left to the API server", () => {
    expect(() => withName({ metadata: { generateName: "a-" } }, {}, "config", noSeed)).toThrow("generateName");
  });
});

describe("a type token", () => {
  it("says what an object calls itself", () => {
    expect(kindOf("kubernetes:core/v1:Service")).toEqual({ apiVersion: "v1", kind: "Service" });
    expect(kindOf("kubernetes:apps/v1:Deployment")).toEqual({ apiVersion: "apps/v1", kind: "Deployment" });
    expect(withKind("kubernetes:apps/v1:Deployment", {})).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: {},
    });
  });

  it.each([
    ["kubernetes:apps/v1:DeploymentPatch", { kind: "Deployment" }, "patches"],
    ["kubernetes:core/v1:ConfigMapList", { kind: "ConfigMapList", items: [] }, "list"],
    ["kubernetes:helm.sh/v4:Chart", {}, "official"],
    ["kubernetes:yaml:ConfigFile", {}, "official"],
  ])("%s is refused with its reason", (token, inputs, reason) => {
    expect(refusalOf(token, inputs)).toContain(reason);
  });

  it.each(["kubernetes:helm.sh/v3:Release", "kubernetes:ex.com/v1:TrafficPatch", "kubernetes:core/v1:Service"])(
    "%s is taken",
    (token) => {
      expect(refusalOf(token, { kind: kindOf(token).kind })).toBeUndefined();
    },
  );
});

describe("what the engine keeps of an object", () => {
  const live = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "x", uid: "u", managedFields: [{ manager: "m" }] },
    spec: { token: "t", args: ["a", "b"], open: "o" },
    status: { phase: "Running" },
  };

  it("is the live object without its field managers, and what the official provider needs to go on", () => {
    const inputs = { spec: { open: "o" } };
    expect(outputsOf(live, inputs, "me")).toEqual({
      ...live,
      metadata: { name: "x", uid: "u" },
      __inputs: inputs,
      __initialApiVersion: "v1",
      __fieldManager: "me",
    });
  });

  it("hides what is secret in the inputs, and lists with a secret in them as a whole", () => {
    const outputs = outputsOf(live, { spec: { token: secret("t"), args: ["a", secret("b")], open: "o" } }, "me");
    expect(outputs["spec"]).toEqual({ token: secret("t"), args: secret(["a", "b"]), open: "o" });
  });

  it("hides the contents of Secrets, whatever the program says of them", () => {
    const inputs = { apiVersion: "v1", kind: "Secret", stringData: { a: "clear" } };
    expect(withSecretContents(inputs)["stringData"]).toEqual(secret({ a: "clear" }));
    const outputs = outputsOf(
      { apiVersion: "v1", kind: "Secret", metadata: {}, data: { a: "Y2xlYXI=" } },
      inputs,
      "me",
    );
    expect(isSecret(outputs["data"])).toBe(true);
    expect(withSecretContents(withSecretContents(inputs))).toEqual(withSecretContents(inputs));
  });

  it("leaves open in a preview what only the creation decides", () => {
    const service = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "x", uid: "u" },
      spec: { clusterIP: "10.0.0.1" },
      status: {},
    };
    const outputs = previewedOutputs(service, { spec: {} }, "me");
    expect(outputs).toMatchObject({ metadata: { name: "x", uid: unknown }, spec: { clusterIP: unknown } });
    expect(outputs).not.toHaveProperty("status");
    expect(previewedOutputs(service, { spec: { clusterIP: "10.0.0.1" } }, "me")).toMatchObject({ spec: service.spec });
  });

  it("spells the keys of custom resource definitions as the SDK and as the API server do", () => {
    const inputs = { schema: { x_kubernetes_preserve_unknown_fields: true, snake_case: secret(1) } };
    const sent = { schema: { "x-kubernetes-preserve-unknown-fields": true, snake_case: 1 } };
    expect(plain(inputs)).toEqual(sent);
    expect(withoutSecrets(outputsOf(sent, inputs, "me"))).toMatchObject({
      schema: withoutSecrets(inputs["schema"]) as Values,
    });
  });
});

describe("a refresh", () => {
  const inputs = { spec: { cpu: "1000m", replicas: 2, storageClassName: "", rules: [{ backend: "blue" }] } };
  const before = { spec: { cpu: "1", replicas: 2, defaulted: true, rules: [{ backend: "blue", pathType: "Exact" }] } };

  it("finds nothing changed where the API server only spells it otherwise, adds to it or leaves out what is empty", () => {
    const live = { ...before, status: { phase: "Bound" } };
    expect(refreshedInputs(inputs, live, before)).toEqual(inputs);
    expect(refreshedInputs(inputs, { spec: { ...before.spec, boundTo: "x" } }, before)).toEqual(inputs);
  });

  it("finds what was changed by hand, and that alone", () => {
    const live = { spec: { ...before.spec, rules: [{ backend: "green", pathType: "Exact" }] } };
    expect(refreshedInputs(inputs, live, before)).toEqual({ spec: { ...inputs.spec, rules: [{ backend: "green" }] } });
  });

  it("finds what was taken away or added to a list", () => {
    const { rules, defaulted } = before.spec;
    expect(refreshedInputs(inputs, { spec: { cpu: "1", rules, defaulted } }, before)["spec"]).not.toHaveProperty(
      "replicas",
    );
    const live = { spec: { ...before.spec, rules: [{ backend: "blue" }, { backend: "evil" }] } };
    expect(refreshedInputs(inputs, live, before)).toMatchObject({ spec: { rules: live.spec.rules } });
  });

  it("compares the text of a Secret with what the API server keeps of it", () => {
    const hidden = { kind: "Secret", stringData: { a: "clear" } };
    const stored = (text: string) => ({ kind: "Secret", data: { a: Buffer.from(text).toString("base64") } });
    expect(refreshedInputs(hidden, stored("clear"), stored("clear"))).toEqual(hidden);
    expect(refreshedInputs(hidden, stored("other"), stored("clear"))).toEqual({
      kind: "Secret",
      stringData: { a: "other" },
    });
  });
});

describe("an import", () => {
  const live = {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "x",
      namespace: "ns",
      uid: "u",
      resourceVersion: "1",
      creationTimestamp: "t",
      labels: { mine: "1", theirs: "2" },
      annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}", mine: "1" },
    },
    spec: {
      clusterIP: "10.0.0.1",
      selector: { a: "b" },
      ports: [{ name: "http", port: 80, protocol: "TCP" }],
      tags: ["a", "b"],
    },
    status: { loadBalancer: {} },
  };

  it("takes all of an object that others made, without what only the API server writes", () => {
    expect(importedInputs(live)).toEqual({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "x", namespace: "ns", labels: { mine: "1", theirs: "2" }, annotations: { mine: "1" } },
      spec: live.spec,
    });
  });

  it("takes only the fields that were applied for a program whose state is lost", () => {
    const fieldsV1 = {
      "f:metadata": { "f:labels": { "f:mine": {} } },
      "f:spec": {
        "f:selector": {},
        "f:ports": { 'k:{"port":80,"protocol":"TCP"}': { ".": {}, "f:port": {} } },
        "f:tags": { 'v:"b"': {} },
      },
    };
    const managedFields = [
      { manager: "kubectl", operation: "Update", fieldsV1: { "f:spec": { "f:clusterIP": {} } } },
      { manager: "pulumi-kubernetes-1234", operation: "Apply", fieldsV1 },
    ];
    expect(importedInputs({ ...live, metadata: { ...live.metadata, managedFields } })).toEqual({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "x", namespace: "ns", labels: { mine: "1" } },
      spec: { selector: { a: "b" }, ports: [{ port: 80 }], tags: ["b"] },
    });
  });
});
