import { afterEach, describe, expect, it } from "vitest";
import { applyOver, tryCreation, tryUpdate, withoutIgnored } from "../../../sandbox/plugins/kubernetes/apply";
import type { Values } from "../../../sandbox/plugins/shared/values";
import { apis } from "../../support/kubernetesApi";

const { api, close } = apis();
afterEach(close);

const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "m", namespace: "ns" }, data: { a: "1" } };
const mapPath = "/api/v1/namespaces/ns/configmaps/m";
const options = { manager: "pulumi-kubernetes", force: false, dryRun: false };

function conflictWith(manager: string) {
  const causes = [{ reason: "FieldManagerConflict", message: `conflict with "${manager}" using v1`, field: ".data.a" }];
  return { code: 409, body: { reason: "Conflict", message: "Apply failed", details: { causes } } };
}

describe("an apply", () => {
  it("is server-side, by our field manager, and forces nothing", async () => {
    const { cluster, seen } = await api({ [`PATCH ${mapPath}`]: map });
    expect(await applyOver(cluster, map, options)).toEqual(map);
    expect(seen.at(-1)).toEqual({
      method: "PATCH",
      url: `${mapPath}?fieldManager=pulumi-kubernetes&force=false`,
      body: map,
    });
  });

  it("asks which kinds there are once", async () => {
    const { cluster, seen } = await api({ [`PATCH ${mapPath}`]: map });
    await Promise.all([applyOver(cluster, map, options), applyOver(cluster, map, options)]);
    expect(seen.filter(({ url }) => url === "/api/v1")).toHaveLength(1);
  });

  it("names the manager and the field of a conflict, and what can be done", async () => {
    const { cluster, seen } = await api({ [`PATCH ${mapPath}`]: conflictWith("autoscaler") });
    await expect(applyOver(cluster, map, options)).rejects.toThrow(
      /\.data\.a by "autoscaler"[^]*ignoreChanges[^]*patchForce/,
    );
    expect(seen.some(({ url }) => url.includes("force=true"))).toBe(false);
  });

  it("puts right what was changed by hand with kubectl", async () => {
    const { cluster } = await api({
      [`PATCH ${mapPath}`]: ({ url }) => (url.includes("force=true") ? map : conflictWith("kubectl-patch")),
    });
    expect(await applyOver(cluster, map, options)).toEqual(map);
  });

  it("takes everything over where an annotation says so", async () => {
    const { cluster, seen } = await api({ [`PATCH ${mapPath}`]: map });
    const forced = { ...map, metadata: { ...map.metadata, annotations: { "pulumi.com/patchForce": "true" } } };
    await applyOver(cluster, forced, options);
    expect(seen.at(-1)?.url).toContain("force=true");
  });

  it("leaves an ignored field to its manager, and sends the live value of one of ours", () => {
    const entry = (manager: string, fieldsV1: Values) => ({ manager, operation: "Apply", fieldsV1 });
    const live = {
      metadata: {
        managedFields: [entry("hpa", { "f:spec": { "f:replicas": {} } }), entry("us", { "f:spec": { "f:image": {} } })],
      },
      spec: { replicas: 7, image: "live" },
    };
    const object = { spec: { replicas: 2, image: "program", other: 1 } };
    expect(withoutIgnored(object, live, ["spec.replicas", "spec.image", "spec.absent"], "us")).toEqual({
      spec: { image: "live", other: 1 },
    });
  });
});

describe("a preview", () => {
  it("asks the API server what would come of it, and changes nothing", async () => {
    const { cluster, seen } = await api({ [`PATCH ${mapPath}`]: map });
    expect(await tryCreation(cluster, map, "us")).toEqual(map);
    expect(await tryUpdate(cluster, map, options)).toEqual(map);
    const patches = seen.filter(({ method }) => method === "PATCH");
    expect(patches.every(({ url }) => url.includes("dryRun=All"))).toBe(true);
  });

  it("cannot be asked for where the namespace or the kind is yet to come, or the rights to try are missing", async () => {
    const rights = { code: 403, body: { message: 'configmaps "m" is forbidden: User "viewer" cannot patch resource' } };
    const none = await api({});
    const viewer = await api({ [`PATCH ${mapPath}`]: rights });
    expect(await tryCreation(none.cluster, map, "us")).toBeUndefined();
    expect(await tryCreation(none.cluster, { ...map, kind: "Cron" }, "us")).toBeUndefined();
    expect(await tryUpdate(viewer.cluster, map, options)).toBeUndefined();
  });

  it("shows the refusal of an admission policy", async () => {
    const denied = {
      code: 403,
      body: { message: "ValidatingAdmissionPolicy 'guard' denied request: only CI may switch" },
    };
    const { cluster } = await api({ [`PATCH ${mapPath}`]: denied });
    await expect(tryCreation(cluster, map, "us")).rejects.toThrow("only CI may switch");
    await expect(tryUpdate(cluster, map, options)).rejects.toThrow("only CI may switch");
  });

  it("tries a replacement under another name, as the old object still has its own", async () => {
    const immutable = { code: 422, body: { message: "spec.selector: Invalid value: field is immutable" } };
    const { cluster } = await api({
      [`PATCH ${mapPath}`]: immutable,
      [`PATCH ${mapPath}-preview`]: ({ body }) => body,
    });
    expect(await tryCreation(cluster, map, "us")).toEqual(map);
  });

  it("shows what is wrong with an object under whatever name", async () => {
    const invalid = { code: 422, body: { message: "data.a: Invalid value" } };
    const { cluster } = await api({
      [`PATCH ${mapPath}`]: invalid,
      [`PATCH ${mapPath}-preview`]: { ...invalid, code: 400 },
    });
    await expect(tryCreation(cluster, map, "us")).rejects.toThrow("data.a: Invalid value");
  });
});
