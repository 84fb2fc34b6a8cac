import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { ModelStore, type ModelSource, type ModelStoreArgs } from "../../../components/modelStore";
import { nfs } from "../../support/args";
import { at, type Graph, type Node } from "../../support/graph";
import { record, valueOf } from "../../support/mocks";

const sources = {
  s3: { kind: "s3", bucket: "models-of-ours", region: "eu-west-1", prefix: "models" },
  efs: { kind: "efs", fileSystemId: "fs-0a1b2c3d", path: "/models" },
  nfs,
  hostPath: { kind: "hostPath", path: "/srv/models" },
} as const satisfies Record<ModelSource["kind"], ModelSource>;
const all = Object.values(sources);

async function graphOf(change: Partial<ModelStoreArgs> = {}): Promise<Graph> {
  const args = { namespace: "inference", source: nfs, version: "v1", ...change };
  return (await record(() => new ModelStore("blue-models", args))).graph;
}

function only(graph: Graph, type: string): Node {
  const [found, another] = graph.all(type);
  if (found === undefined || another !== undefined) throw new Error(`not one ${type}`);
  return found;
}

async function volumeOf(change: Partial<ModelStoreArgs> = {}): Promise<unknown> {
  return only(await graphOf(change), "PersistentVolume").inputs;
}

describe.each(all)("a store of kind $kind", (source) => {
  it("is one volume and the one claim that may bind it", async () => {
    const graph = await graphOf({ source });
    expect(graph.toString().replaceAll(/-[0-9a-f]{10}$/gm, "-<hash>")).toBe(
      `
ModelStore blue-models
  PersistentVolume blue-models-volume-<hash>
  PersistentVolumeClaim blue-models-claim-<hash>
  RandomId blue-models-incarnation-<hash>
`.trim(),
    );
    const volume = only(graph, "PersistentVolume").inputs;
    const claim = only(graph, "PersistentVolumeClaim").inputs;
    expect(at(claim, "spec.volumeName")).toBe(at(volume, "metadata.name"));
    expect(at(volume, "spec.claimRef")).toEqual({ namespace: "inference", name: at(claim, "metadata.name") });
    expect(at(claim, "metadata.namespace")).toBe("inference");
    // No class on either side, or a provisioner would take the claim.
    expect([at(volume, "spec.storageClassName"), at(claim, "spec.storageClassName")]).toEqual(["", ""]);
  });

  it("can be read by many, in the mode that its driver mounts", async () => {
    const graph = await graphOf({ source });
    const modes = [source.kind === "efs" ? "ReadWriteMany" : "ReadOnlyMany"];
    expect(at(only(graph, "PersistentVolume").inputs, "spec.accessModes")).toEqual(modes);
    expect(at(only(graph, "PersistentVolumeClaim").inputs, "spec.accessModes")).toEqual(modes);
  });

  it("goes when the last job that reads it is done, however long that takes", async () => {
    const { customTimeouts } = only(await graphOf({ source }), "PersistentVolumeClaim");
    expect(customTimeouts.delete).toBe("24h");
  });

  it("keeps the models when the volume goes", async () => {
    expect(at(await volumeOf({ source }), "spec.persistentVolumeReclaimPolicy")).toBe("Retain");
  });

  it("tells its claim, and has another one whenever it shows something else", async () => {
    const made = async (version: string) => {
      const args = { namespace: "inference", source, version };
      const { graph, made } = await record(() => new ModelStore("blue-models", args));
      const claimName = await valueOf(made.claimName);
      expect(claimName).toBe("blue-models-0a1b2c3d");
      expect(graph.one("ModelStore", "blue-models").outputs).toEqual({ claimName });
      return graph.nodes.map(({ urn }) => urn);
    };
    const first = await made("v1");
    expect(await made("v1")).toEqual(first);
    // The component itself stays.
    expect((await made("v2")).filter((urn) => first.includes(urn))).toHaveLength(1);
  });

  it("has a volume of its own in each namespace, since volumes belong to the whole cluster", async () => {
    const volumes = [await volumeOf({ source }), await volumeOf({ source, namespace: "staging" })];
    const names = volumes.map((volume) => at(volume, "metadata.name"));
    expect(new Set(names).size).toBe(2);
  });
});

describe("the volume", () => {
  it("of S3 shows the version's prefix of the bucket, read-only, to Pods that are not root", async () => {
    const volume = await volumeOf({ source: sources.s3, version: "v2" });
    expect(at(volume, "spec.csi")).toEqual({
      driver: "s3.csi.aws.com",
      volumeHandle: at(volume, "metadata.name"),
      volumeAttributes: { bucketName: "models-of-ours", authenticationSource: "driver" },
    });
    expect(at(volume, "spec.mountOptions")).toEqual([
      "read-only",
      "allow-other",
      "region eu-west-1",
      "prefix models/v2/",
    ]);
  });

  it("of S3 keeps what was read on the node's disk, up to the size it is given", async () => {
    const volume = await volumeOf({ source: { ...sources.s3, cacheSizeGiB: 100 } });
    expect(at(volume, "spec.csi.volumeAttributes")).toMatchObject({
      cache: "emptyDir",
      cacheEmptyDirSizeLimit: "100Gi",
    });
    // Its medium is the disk: with another it would take the memory of the Pods.
    expect(at(volume, "spec.csi.volumeAttributes.cacheEmptyDirMedium")).toBeUndefined();
  });

  it("of S3 stays the same whoever makes the bucket", async () => {
    const names = await Promise.all(
      [sources.s3, { ...sources.s3, create: true }].map(
        async (source) => only(await graphOf({ source }), "PersistentVolume").name,
      ),
    );
    expect(new Set(names).size).toBe(1);
  });

  it("of EFS can be on a file system that is yet to be made", async () => {
    const source = (): ModelSource => ({ ...sources.efs, fileSystemId: pulumi.output("fs-0made") });
    const { graph } = await record(
      () => new ModelStore("blue-models", { namespace: "inference", source: source(), version: "v2" }),
    );
    expect(at(only(graph, "PersistentVolume").inputs, "spec.csi.volumeHandle")).toBe("fs-0made:/models/v2");
  });

  it("of EFS is the version's directory, read-only and encrypted on the way", async () => {
    const volume = await volumeOf({ source: sources.efs, version: "v2" });
    expect(at(volume, "spec.csi")).toEqual({
      driver: "efs.csi.aws.com",
      volumeHandle: "fs-0a1b2c3d:/models/v2",
      readOnly: true,
      volumeAttributes: { encryptInTransit: "true" },
    });
    expect(at(volume, "spec.mountOptions")).toContain("ro");
  });

  it("of NFS is the version's directory, read-only", async () => {
    const volume = await volumeOf({ source: sources.nfs, version: "v2" });
    expect(at(volume, "spec.nfs")).toEqual({ server: "nfs.example.com", path: "/models/v2", readOnly: true });
    expect(at(volume, "spec.mountOptions")).toContain("ro");
  });

  it("of a host path is a directory that must be there", async () => {
    const volume = await volumeOf({ source: sources.hostPath, version: "v2" });
    expect(at(volume, "spec.hostPath")).toEqual({ path: "/srv/models/v2", type: "Directory" });
  });
});
