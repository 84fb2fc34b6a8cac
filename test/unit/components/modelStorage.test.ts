import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { describe, expect, it } from "vitest";
import { ModelStorage, type ModelStorageArgs } from "../../../components/modelStorage";
import { anEks } from "../../support/eks";
import type { Graph } from "../../support/graph";
import { record } from "../../support/mocks";

const bucket = { kind: "s3", bucket: "models", region: "eu-west-1", prefix: "models", create: true } as const;

async function graphOf(change: Partial<ModelStorageArgs> = {}): Promise<Graph> {
  const { graph } = await record(() => {
    const eks = anEks([new random.RandomId("before", { byteLength: 1 })], ["a", "b"]);
    const { ready } = new ModelStorage("models", { eks, place: bucket, zones: 2, driver: true, ...change });
    new pulumi.ComponentResource("test:index:Service", "service", {}, { dependsOn: ready });
  });
  return graph;
}

/** The text of what the driver may do. */
function policyOf(graph: Graph): string {
  return JSON.stringify(graph.all("RolePolicy").map(({ inputs }) => inputs));
}

describe("where the models are on AWS", () => {
  it("is a bucket that is made, with a driver that may read it", async () => {
    const graph = await graphOf();
    expect(graph.all("Bucket")).toHaveLength(1);
    expect(graph.all("FileSystem")).toEqual([]);
    expect(policyOf(graph)).toContain("kms:Decrypt");
    const addon = graph.one("Addon", "models-driver-s3");
    expect(graph.waitsFor(graph.one("Service", "service"), addon)).toBe(true);
    expect(graph.waitsFor(addon, graph.one("RandomId", "before"))).toBe(true);
  });

  it("is a bucket that is there already, which the driver may read", async () => {
    const graph = await graphOf({ place: { ...bucket, create: false } });
    expect(graph.all("Bucket")).toEqual([]);
    expect(policyOf(graph)).toContain("arn:aws:s3:::models/models/*");
    expect(policyOf(graph)).not.toContain("kms:Decrypt");
  });

  it("is a bucket that is there already, with a key of its own", async () => {
    const keyArn = "arn:aws:kms:eu-west-1:123456789012:key/0a";
    expect(policyOf(await graphOf({ place: { ...bucket, create: false, keyArn } }))).toContain(keyArn);
  });

  it("is a file system that is made, or one that is there already", async () => {
    const made = await graphOf({ place: { kind: "efs" } });
    expect(made.all("FileSystem")).toHaveLength(1);
    expect(made.all("MountTarget")).toHaveLength(2);
    const adopted = await graphOf({ place: { kind: "efs", fileSystemId: "fs-0a" } });
    expect(adopted.all("FileSystem")).toEqual([]);
    expect(adopted.all("Addon").map(({ name }) => name)).toEqual(["models-driver-efs"]);
  });

  it("has no driver from here where somebody else has installed it", async () => {
    expect((await graphOf({ driver: false })).all("Addon")).toEqual([]);
  });
});
