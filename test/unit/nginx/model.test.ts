import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { buildModel } from "../../../sandbox/nginx/model";
import { aCluster, anIngress, aSecret, path, type IngressShape } from "./objects";

const modelOf = (ingresses: IngressShape[], change = {}) =>
  buildModel(aCluster({ ingresses: ingresses.map(anIngress), ...change }), "nginx");
const hostsOf = (ingresses: IngressShape[]) => modelOf(ingresses).hosts.map(({ name, owner }) => [name, owner.name]);

describe("hosts", () => {
  it("are those of Ingresses of the class, and of no other", () => {
    const other = { name: "other", className: "alb", rules: { "other.test": [path("facefusion-blue")] } };
    expect(hostsOf([{}, other])).toEqual([["face.test", "facefusion-ingress"]]);
  });

  it("belong to the oldest Ingress that names them; the others are told, and keep their other hosts", () => {
    const young = {
      name: "young",
      second: 60,
      rules: { "face.test": [path("facefusion-green")], "own.test": [path("facefusion-green")] },
    };
    const { hosts, warnings } = modelOf([young, { name: "old", second: 1 }]);
    expect(hosts.map(({ name, owner }) => [name, owner.name])).toEqual([
      ["face.test", "old"],
      ["own.test", "young"],
    ]);
    expect(warnings).toEqual([
      {
        owner: { namespace: "default", name: "young", uid: "uid-of-young" },
        reason: "Rejected",
        message: "host face.test belongs to the older Ingress default/old",
      },
    ]);
  });

  it("go by name between Ingresses of the same age, so that the answer does not change", () => {
    expect(hostsOf([{ name: "b" }, { name: "a" }])).toEqual([["face.test", "a"]]);
  });

  it("are ordered by age also where the API server's text stands for the time", () => {
    const young = anIngress({ name: "a" });
    const asWatched = { ...young, metadata: { ...young.metadata, creationTimestamp: "2026-01-01T00:00:09Z" } };
    const { hosts } = buildModel(aCluster({ ingresses: [asWatched, anIngress({ name: "b", second: 1 })] }), "nginx");
    expect(hosts[0]?.owner.name).toBe("b");
  });

  it("have exact paths before others, and the longest first", () => {
    const rules = {
      "face.test": [
        path("facefusion-blue"),
        path("facefusion-green", { path: "/a" }),
        path("facefusion-green", { path: "/a/long/one" }),
        path("facefusion-blue", { path: "/a", pathType: "Exact" }),
      ],
    };
    expect(modelOf([{ rules }]).hosts[0]?.locations.map(({ path, exact }) => [path, exact])).toEqual([
      ["/a", true],
      ["/a/long/one", false],
      ["/a", false],
      ["/", false],
    ]);
  });

  it("share an upstream between paths to the same backend", () => {
    const rules = { "face.test": [path("facefusion-blue"), path("facefusion-blue", { path: "/a" })] };
    expect(modelOf([{ rules }]).hosts[0]?.upstreams).toEqual([
      { name: "face.test_facefusion-blue_80", servers: ["10.244.0.5:7860", "10.244.0.6:7860"] },
    ]);
  });

  it("have no upstream for a path whose Service has no ready Pod", () => {
    const [host] = modelOf([{}], { slices: [] }).hosts;
    expect(host?.upstreams).toEqual([]);
    expect(host?.locations[0]?.upstream).toBeUndefined();
  });

  it("take no Pods of a Service of the same name in another namespace", () => {
    const slices = aCluster().slices.map((slice) => ({
      ...slice,
      metadata: { ...slice.metadata, namespace: "other" },
    }));
    expect(modelOf([{}], { slices }).hosts[0]?.upstreams).toEqual([]);
  });
});

describe("an Ingress that cannot be served", () => {
  const fault = { annotations: { "nginx.org/client-max-body-size": "banana" } };

  it("is rejected with its reason, and keeps what was served for its hosts", () => {
    const { hosts, kept, warnings } = modelOf([fault]);
    expect(hosts).toEqual([]);
    expect(kept.map(({ name, owner }) => [name, owner.name])).toEqual([["face.test", "facefusion-ingress"]]);
    expect(warnings[0]).toMatchObject({ reason: "Rejected" });
    expect(warnings[0]?.message).toContain("banana");
  });

  it("does not take a host from one that can", () => {
    const { hosts, kept } = modelOf([
      { ...fault, name: "broken", second: 1 },
      { name: "good", second: 2 },
    ]);
    expect(hosts.map(({ owner }) => owner.name)).toEqual(["good"]);
    expect(kept).toEqual([]);
  });

  it.each<[string, IngressShape, RegExp]>([
    ["a rule without a host", { rules: { "": [path("facefusion-blue")] } }, /every rule needs a host/],
    ["a path that ends its line", { rules: { "a.test": [path("x", { path: "/a;b" })] } }, /"\/a;b" has characters/],
    ["a path with a variable", { rules: { "a.test": [path("x", { path: "/$host" })] } }, /"\/\$host" has characters/],
    ["a path to no Service", { rules: { "a.test": [path("x", { backend: {} })] } }, /path \/ leads to no Service/],
  ])("may have %s", (_case, shape, message) => {
    const { hosts, warnings } = modelOf([shape]);
    expect(hosts).toEqual([]);
    expect(warnings[0]?.message).toMatch(message);
  });
});

describe("an Ingress is served, and its author told,", () => {
  it.each<[string, IngressShape, RegExp]>([
    ["when an annotation has no effect", { annotations: { "nginx.org/rewrites": "x" } }, /nginx.org\/rewrites is not/],
    ["when a Service does not exist", { rules: { "a.test": [path("nope")] } }, /Service nope does not exist/],
    ["when a path is there twice", { rules: { "a.test": [path("facefusion-blue"), path("x")] } }, /a\.test\/ is there/],
    ["when its Secret is missing", { tls: [{ hosts: ["face.test"], secretName: "gone" }] }, /there is no Secret gone/],
    ["when tls names no Secret", { tls: [{ hosts: ["face.test"] }] }, /tls names no Secret/],
  ])("%s", (_case, shape, message) => {
    const { hosts, warnings } = modelOf([shape]);
    expect(hosts).toHaveLength(1);
    expect(warnings.map(({ reason, message: text }) => [reason, text])).toEqual([
      ["AddedOrUpdatedWithWarning", expect.stringMatching(message)],
    ]);
  });
});

describe("TLS", () => {
  const tls = [{ hosts: ["face.test"], secretName: "cert" }];
  const { cert, key } = makeCertificate();

  it("is not served for a host that asks for none", () => {
    expect(modelOf([{ tls: [{ hosts: ["else.test"], secretName: "cert" }] }]).hosts[0]?.tls).toBe(false);
  });

  it("comes from the Secret; another certificate is another file", () => {
    const fileOf = (pair: { cert: string; key: string }) => {
      const secrets = [aSecret("cert", { "tls.crt": pair.cert, "tls.key": pair.key })];
      const [host] = modelOf([{ tls }], { secrets }).hosts;
      return host?.tls === false ? undefined : host?.tls.certificate;
    };
    expect(fileOf({ cert, key })?.pem).toBe(`${cert}${key}`);
    expect(fileOf(makeCertificate())?.file).not.toBe(fileOf({ cert, key })?.file);
  });

  it.each([
    ["lacks its key", { "tls.crt": cert }, /lacks tls.crt or tls.key/],
    ["has the key of another", { "tls.crt": cert, "tls.key": makeCertificate().key }, /cannot be used/],
    ["is no certificate", { "tls.crt": "x", "tls.key": key }, /cannot be used/],
  ])("falls back to the self-signed certificate where the Secret %s", (_case, data, message) => {
    const { hosts, warnings } = modelOf([{ tls }], { secrets: [aSecret("cert", data)] });
    expect(hosts[0]?.tls).toEqual({ certificate: undefined });
    expect(warnings[0]?.message).toMatch(message);
  });
});

function makeCertificate(): { cert: string; key: string } {
  const directory = mkdtempSync(join(tmpdir(), "certificate-"));
  const [key, cert] = [join(directory, "key"), join(directory, "crt")];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=face.test"];
  execFileSync("openssl", ["req", "-x509", ...kind, "-keyout", key, "-out", cert], { stdio: "ignore" });
  const pair = { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") };
  rmSync(directory, { recursive: true });
  return pair;
}
