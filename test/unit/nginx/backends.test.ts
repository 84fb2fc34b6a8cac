import { describe, expect, it } from "vitest";
import { resolveBackend } from "../../../sandbox/nginx/backends";
import { aService, aSlice } from "./objects";

const backend = { name: "face", port: { number: 80 } };

describe("a backend", () => {
  it("is the ready Pods by their address and target port, of all slices, sorted and each once", () => {
    const slices = [
      aSlice("face", { "10.244.0.9": true, "10.244.0.5": undefined, "10.244.0.7": false }),
      aSlice("face", { "10.244.1.2": true, "10.244.0.9": true }),
    ];
    expect(resolveBackend(backend, aService("face"), slices, false)).toEqual({
      servers: ["10.244.0.5:7860", "10.244.0.9:7860", "10.244.1.2:7860"],
    });
  });

  it("is found by the name of its port as well as by its number", () => {
    const slices = [aSlice("face", { "10.244.0.5": true })];
    const named = { name: "face", port: { name: "http" } };
    expect(resolveBackend(named, aService("face"), slices, false).servers).toEqual(["10.244.0.5:7860"]);
  });

  it("takes the target port of that port alone", () => {
    const service = aService("face", {
      ports: [
        { name: "metrics", port: 9090 },
        { name: "http", port: 80 },
      ],
    });
    const slice = {
      ...aSlice("face", { "10.244.0.5": true }),
      ports: [
        { name: "metrics", port: 9100 },
        { name: "http", port: 7860 },
      ],
    };
    expect(resolveBackend(backend, service, [slice], false).servers).toEqual(["10.244.0.5:7860"]);
  });

  it("matches a Service port without a name to the slice's port without one", () => {
    const service = aService("face", { ports: [{ port: 80 }] });
    const slice = { ...aSlice("face", { "10.244.0.5": true }), ports: [{ name: "", port: 8000 }] };
    expect(resolveBackend(backend, service, [slice], false).servers).toEqual(["10.244.0.5:8000"]);
  });

  it("writes IPv6 addresses in brackets", () => {
    expect(resolveBackend(backend, aService("face"), [aSlice("face", { "fd00::5": true })], false).servers).toEqual([
      "[fd00::5]:7860",
    ]);
  });

  it("is the Service's own address and port with use-cluster-ip, whatever its Pods do", () => {
    const none = resolveBackend(backend, aService("face"), [], true);
    const some = resolveBackend(backend, aService("face"), [aSlice("face", { "10.244.0.5": true })], true);
    expect(none).toEqual({ servers: ["10.96.0.11:80"] });
    expect(some).toEqual(none);
  });

  it("without a ready Pod has no servers, and no fault either", () => {
    expect(resolveBackend(backend, aService("face"), [aSlice("face", { "10.244.0.5": false })], false)).toEqual({
      servers: [],
    });
  });

  it.each([
    ["the Service is missing", undefined, false, "Service face does not exist"],
    ["the port is missing", aService("face", { ports: [{ port: 81 }] }), false, "Service face has no port 80"],
    ["the Service is headless", aService("face", { clusterIP: "None" }), true, "Service face has no cluster IP"],
    ["it is another name", aService("face", { type: "ExternalName" }), false, /ExternalName, which is not supported/],
  ])("says why it has no servers where %s", (_case, service, useClusterIp, problem) => {
    const result = resolveBackend(backend, service, [], useClusterIp);
    expect(result.servers).toEqual([]);
    expect(result.problem).toMatch(problem);
  });
});
