import { describe, expect, it } from "vitest";
import { compareSettings } from "../../../sandbox/plugins/kubernetes/configuration";
import { compare } from "../../../sandbox/plugins/kubernetes/diff";
import { parsePath, pathText, withValueAt } from "../../../sandbox/plugins/kubernetes/paths";
import type { Values } from "../../../sandbox/plugins/shared/values";

const replacing = { configMaps: false, secrets: false };

function anIngress(backend: string): Values {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: {
      name: "facefusion-ingress",
      namespace: "facefusion",
      annotations: { "nginx.org/lb-method": "least_conn" },
    },
    spec: { rules: [{ host: "h", http: { paths: [{ path: "/", backend: { service: { name: backend } } }] } }] },
  };
}

/** An object in `ns` with these properties besides its metadata. */
function anObject(
  apiVersion: string,
  kind: string,
  more: Values,
  metadata: Values = { name: "x", namespace: "ns" },
): Values {
  return { apiVersion, kind, metadata, ...more };
}

/** The differences as text: the path, what happened there, and `!` where the object is replaced for it. */
function told(olds: Values, news: Values, mutability = replacing): string[] {
  return compare(olds, news, mutability).differences.map(
    ({ path, kind, replaces }) => `${kind} ${pathText(path)}${replaces ? "!" : ""}`,
  );
}

describe("the difference between two inputs", () => {
  it("is nothing for equal ones, in whatever order their keys are", () => {
    const olds = anObject("v1", "ConfigMap", { data: { a: "1", b: "2" } });
    expect(told(olds, { ...olds, data: { b: "2", a: "1" } })).toEqual([]);
  });

  it("is the single property that a switch changes", () => {
    expect(told(anIngress("facefusion-blue"), anIngress("facefusion-green"))).toEqual([
      "update spec.rules[0].http.paths[0].backend.service.name",
    ]);
  });

  it("names what came, what went, and keys that are no plain words", () => {
    const olds = anObject("v1", "Pod", {}, { name: "x", labels: { "app.kubernetes.io/name": "a", old: "1" } });
    const news = anObject(
      "v1",
      "Pod",
      {},
      { name: "x", labels: { "app.kubernetes.io/name": "b" }, annotations: { n: "1" } },
    );
    expect(told(olds, news).sort()).toEqual([
      "add metadata.annotations",
      "delete metadata.labels.old",
      'update metadata.labels["app.kubernetes.io/name"]',
    ]);
  });

  it("takes null for what is not there", () => {
    expect(told(anObject("v1", "Node", { spec: { a: null } }), anObject("v1", "Node", { spec: {} }))).toEqual([]);
  });
});

describe("a replacement", () => {
  const deployment = (spec: Values) => anObject("apps/v1", "Deployment", { spec });
  const claim = (spec: Values) => anObject("v1", "PersistentVolumeClaim", { spec });

  it.each([
    ["a Deployment's selector", deployment({ selector: { a: "1" } }), deployment({ selector: { a: "2" } }), true],
    ["a Deployment's template", deployment({ template: { a: "1" } }), deployment({ template: { a: "2" } }), false],
    [
      "the namespace",
      anObject("v1", "Service", {}),
      anObject("v1", "Service", {}, { name: "x", namespace: "m" }),
      true,
    ],
    [
      "a Job's template",
      anObject("batch/v1", "Job", { spec: { template: { a: 1 } } }),
      anObject("batch/v1", "Job", { spec: { template: { a: 2 } } }),
      true,
    ],
    [
      "a Job's time to live",
      anObject("batch/v1", "Job", { spec: { ttl: 1 } }),
      anObject("batch/v1", "Job", { spec: { ttl: 2 } }),
      false,
    ],
    ["a claim's volume", claim({ volumeName: "a" }), claim({ volumeName: "b" }), true],
    [
      "a claim's size",
      claim({ resources: { requests: { storage: "1Gi" } } }),
      claim({ resources: { requests: { storage: "2Gi" } } }),
      false,
    ],
    [
      "a volume's source, gone with its spec",
      anObject("v1", "PersistentVolume", { spec: { nfs: { path: "/a" } } }),
      anObject("v1", "PersistentVolume", {}),
      true,
    ],
    [
      "a volume's reclaim policy",
      anObject("v1", "PersistentVolume", { spec: { nfs: {}, policy: "a" } }),
      anObject("v1", "PersistentVolume", { spec: { nfs: {}, policy: "b" } }),
      false,
    ],
    [
      "a Service's selector",
      anObject("v1", "Service", { spec: { selector: { c: "blue" } } }),
      anObject("v1", "Service", { spec: { selector: { c: "green" } } }),
      false,
    ],
    [
      "a Service's spec, come as a whole",
      anObject("v1", "Service", {}),
      anObject("v1", "Service", { spec: { a: 1 } }),
      false,
    ],
    [
      "an own kind called Service",
      anObject("ex.com/v1", "Service", { spec: { clusterIP: "1" } }),
      anObject("ex.com/v1", "Service", { spec: { clusterIP: "2" } }),
      false,
    ],
    [
      "a role binding's role",
      anObject("rbac.authorization.k8s.io/v1", "RoleBinding", { roleRef: { name: "a" } }),
      anObject("rbac.authorization.k8s.io/v1", "RoleBinding", { roleRef: { name: "b" } }),
      true,
    ],
  ])("for %s", (_what, olds, news, expected) => {
    expect(told(olds, news).some((text) => text.endsWith("!"))).toBe(expected);
  });

  it("for the contents of ConfigMaps and Secrets, unless the provider is told that they may change", () => {
    const map = (value: string) => anObject("v1", "ConfigMap", { data: { a: value } });
    const hidden = (value: string) => anObject("v1", "Secret", { stringData: { a: value } });
    expect(told(map("1"), map("2"))).toEqual(["update data.a!"]);
    expect(told(hidden("1"), hidden("2"))).toEqual(["update stringData.a!"]);
    const mutable = { configMaps: true, secrets: true };
    expect(told(map("1"), map("2"), mutable)).toEqual(["update data.a"]);
    expect(told(hidden("1"), hidden("2"), mutable)).toEqual(["update stringData.a"]);
  });

  it("for the contents of a ConfigMap that was made immutable, whatever the provider is told", () => {
    const olds = anObject("v1", "ConfigMap", { data: { a: "1" }, immutable: true });
    const news = anObject("v1", "ConfigMap", { data: { a: "2" } });
    expect(told(olds, news, { configMaps: true, secrets: true }).sort()).toEqual([
      "delete immutable!",
      "update data.a!",
    ]);
  });

  it("deletes first where the name was given, and not where it was drawn or changes too", () => {
    const drawn = { "pulumi.com/autonamed": "true" };
    const job = (template: number, metadata: Values) => anObject("batch/v1", "Job", { spec: { template } }, metadata);
    const first = (olds: Values, news: Values) => compare(olds, news, replacing).deleteBeforeReplace;
    expect(first(job(1, { name: "a" }), job(2, { name: "a" }))).toBe(true);
    expect(first(job(1, { name: "a" }), job(2, { name: "b" }))).toBe(false);
    expect(first(job(1, { name: "a", annotations: drawn }), job(2, { name: "a", annotations: drawn }))).toBe(false);
    expect(first(anIngress("blue"), anIngress("green"))).toBe(false);
  });
});

describe("the provider's own arguments", () => {
  const kubeconfig = (server: string) =>
    JSON.stringify({
      clusters: [{ name: "c", cluster: { server } }],
      users: [{ name: "u", user: { token: server } }],
      contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
      "current-context": "x",
    });
  const replacesFor = async (olds: Values, news: Values) =>
    (await compareSettings(olds, news)).differences
      .filter(({ replaces }) => replaces)
      .map(({ path }) => pathText(path));

  it("replace everything if they lead to another cluster", async () => {
    const olds = { kubeconfig: kubeconfig("https://a:6443") };
    expect(await replacesFor(olds, { kubeconfig: kubeconfig("https://b:6443") })).toEqual(["kubeconfig"]);
  });

  it("replace nothing for other proof of who we are at the same cluster", async () => {
    const olds = { kubeconfig: kubeconfig("https://a:6443") };
    const news = { kubeconfig: olds.kubeconfig.replace('"token":"https://a:6443"', '"token":"new"') };
    expect(await replacesFor(olds, news)).toEqual([]);
    expect((await compareSettings(olds, news)).differences).toHaveLength(1);
  });

  it("are believed where they name the cluster", async () => {
    const olds = { kubeconfig: kubeconfig("https://a:6443"), clusterIdentifier: "1" };
    const news = { kubeconfig: kubeconfig("https://b:6443"), clusterIdentifier: "1" };
    expect(await replacesFor(olds, news)).toEqual([]);
    expect(await replacesFor(olds, { ...news, clusterIdentifier: "2" })).toEqual(["clusterIdentifier", "kubeconfig"]);
  });
});

describe("property paths", () => {
  it.each(["spec.rules[0].host", 'metadata.annotations["nginx.org/x"]', "a[0][1].b-c"])(
    "read %s back as written",
    (text) => {
      expect(pathText(parsePath(text))).toBe(text);
    },
  );

  it("say what cannot be read", () => {
    expect(() => parsePath("spec.[x")).toThrow('"spec.[x" is no property path');
  });

  it("set and remove a value without touching the original", () => {
    const object = { a: { b: [1, 2], c: 3 } };
    expect(withValueAt(object, ["a", "b", 1], 9)).toEqual({ a: { b: [1, 9], c: 3 } });
    expect(withValueAt(object, ["a", "c"], undefined)).toEqual({ a: { b: [1, 2] } });
    expect(object).toEqual({ a: { b: [1, 2], c: 3 } });
  });
});
