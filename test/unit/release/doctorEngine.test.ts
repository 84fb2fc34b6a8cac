import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { lockInFiles, pendingOperations, recordedLive } from "../../../release/doctor/engine";

const urn = (name: string) => `urn:pulumi:prod::facefusion::kubernetes:x/y:Z::${name}`;
const record = (name: string, spec: object, pending: { type: string; resource: { urn: string } }[] = []) => ({
  resources: [{ urn: urn("cluster") }, { urn: urn(name), outputs: { spec } }],
  pending_operations: pending,
});
const ingress = (backend: string) => ({ rules: [{ http: { paths: [{ backend: { service: { name: backend } } }] } }] });

describe("the live colour by the engine's own state", () => {
  it("is where the Ingress leads", () => {
    const state = record("facefusion-route-ingress", ingress("facefusion-green"));
    expect(recordedLive(state, "facefusion")).toBe("green");
    expect(recordedLive(state, "other")).toBeUndefined();
  });

  it("is what the live Service selects, with route: service", () => {
    const state = record("facefusion-route-live", { selector: { color: "green" } });
    expect(recordedLive(state, "facefusion")).toBe("green");
  });

  it("is not known where the state holds something else", () => {
    expect(recordedLive(record("facefusion-route-ingress", {}), "facefusion")).toBeUndefined();
  });
});

describe("what an engine left half done", () => {
  it("is told by the resources' names", () => {
    const state = record("x", {}, [{ type: "creating", resource: { urn: urn("facefusion-green-deployment") } }]);
    expect(pendingOperations(state)).toEqual(["creating facefusion-green-deployment"]);
  });
});

describe("the lock of a state in files", () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), "lock-"));
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  it("is told by who holds it", () => {
    const locks = path.join(directory, ".pulumi/locks/organization/facefusion/prod");
    mkdirSync(locks, { recursive: true });
    const lock = { pid: 4711, username: "alice", hostname: "laptop", timestamp: "2026-11-25T01:00:00Z" };
    writeFileSync(path.join(locks, "0.json.attrs"), "{}");
    writeFileSync(path.join(locks, "1.json"), JSON.stringify(lock));
    expect(lockInFiles(`file://${directory}`, "facefusion", "prod")).toBe(
      "alice@laptop (process 4711, since 2026-11-25T01:00:00Z)",
    );
    expect(lockInFiles(`file://${directory}`, "facefusion", "dev")).toBeUndefined();
  });
});
