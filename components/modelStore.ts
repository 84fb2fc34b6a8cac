/**
 * The models of one colour as a read-only volume, from S3, EFS, NFS or a directory on the nodes.
 *
 * What the volume shows is part of its name, to the engine as well: another version of the models is another volume, made
 * before the old one goes. Pods of the old version keep theirs until the rollout has replaced them, and after an update
 * that was refused or has failed, going back finds the one that is still there.
 */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { shortHash } from "./labels";

/** Where models are kept. Each kind holds any number of versions side by side. */
export type ModelSource =
  | {
      kind: "s3";
      bucket: string;
      region: string;
      prefix: string;
      /** Keeps what was read on the node's disk, up to this size for each volume on it; not at all where left out. */
      cacheSizeGiB?: number | undefined;
    }
  | {
      kind: "efs";
      /** An output where the program makes the file system. */
      fileSystemId: pulumi.Input<string>;
      path: string;
    }
  | { kind: "nfs"; server: string; path: string }
  | { kind: "hostPath"; path: string };

export interface ModelStoreArgs {
  /** Namespace of the Pods that mount the volume. */
  namespace: pulumi.Input<string>;
  source: ModelSource;
  /** The version to show: a path below the source's own, such as `v1`. */
  version: string;
}

export class ModelStore extends pulumi.ComponentResource {
  /** Name of the claim that Pods mount, read-only. */
  readonly claimName: pulumi.Output<string>;

  constructor(name: string, args: ModelStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:ModelStore", name, {}, opts);
    const { namespace, source, version } = args;
    const shown = shortHash({ source: known(source), version });
    const claimName = pulumi.interpolate`${name}-${incarnation(`${name}-incarnation-${shown}`, this)}`;
    // A volume belongs to the whole cluster, where another namespace may have a service of the same name.
    const volumeName = pulumi.interpolate`${namespace}-${claimName}`;
    // Required by the API and ignored by every kind here: none of them enforces a size.
    const capacity = { storage: "1Ti" };
    // EFS's driver refuses to mount a volume that is not declared writable; what makes it read-only is the mount.
    const accessModes = [source.kind === "efs" ? "ReadWriteMany" : "ReadOnlyMany"];

    const volume = new k8s.core.v1.PersistentVolume(
      `${name}-volume-${shown}`,
      {
        metadata: { name: volumeName },
        spec: {
          ...volumeSource(volumeName, source, version),
          capacity,
          accessModes,
          storageClassName: "",
          persistentVolumeReclaimPolicy: "Retain",
          // Only this claim may bind: a volume waiting for its claim is otherwise anybody's.
          claimRef: { namespace, name: claimName },
        },
      },
      { parent: this },
    );

    const claim = new k8s.core.v1.PersistentVolumeClaim(
      `${name}-claim-${shown}`,
      {
        metadata: { name: claimName, namespace },
        spec: {
          accessModes,
          storageClassName: "",
          volumeName: volume.metadata.name,
          resources: { requests: capacity },
        },
      },
      // It goes when the last Pod that mounts it has gone, which finishes its jobs first: the longest grace there is.
      { parent: this, customTimeouts: { delete: "24h" } },
    );

    this.claimName = claim.metadata.name;
    this.registerOutputs({ claimName: this.claimName });
  }
}

/**
 * What tells a volume from another of the same content, in the cluster: an earlier one may still wait for its last Pod to
 * go when the same version comes back.
 */
function incarnation(name: string, parent: ModelStore): pulumi.Output<string> {
  return new random.RandomId(name, { byteLength: 4 }, { parent }).hex;
}

/** What of a source makes another volume, and can be part of a name. */
function known(source: ModelSource): object {
  if (source.kind === "s3") {
    // By name: a source that carries more, such as who makes the bucket, is still the same volume.
    const { kind, bucket, region, prefix, cacheSizeGiB } = source;
    return { kind, bucket, region, prefix, cacheSizeGiB };
  }
  // A file system that is yet to be made is the only one of its stack.
  return source.kind === "efs" && typeof source.fileSystemId !== "string"
    ? { ...source, fileSystemId: "made here" }
    : source;
}

/** The part of a PersistentVolume's spec that says where the bytes are. */
function volumeSource(
  handle: pulumi.Input<string>,
  source: ModelSource,
  version: string,
): Pick<k8s.types.input.core.v1.PersistentVolumeSpec, "csi" | "nfs" | "hostPath" | "mountOptions"> {
  switch (source.kind) {
    case "s3":
      return {
        csi: {
          driver: "s3.csi.aws.com",
          volumeHandle: handle,
          volumeAttributes: {
            bucketName: source.bucket,
            authenticationSource: "driver",
            ...cacheOnDisk(source.cacheSizeGiB),
          },
        },
        // Mountpoint shows files to the mounting user alone unless told otherwise; the Pods are not root.
        mountOptions: ["read-only", "allow-other", `region ${source.region}`, `prefix ${source.prefix}/${version}/`],
      };
    case "efs":
      return {
        csi: {
          driver: "efs.csi.aws.com",
          volumeHandle: pulumi.interpolate`${source.fileSystemId}:${source.path}/${version}`,
          readOnly: true,
          volumeAttributes: { encryptInTransit: "true" },
        },
        mountOptions: ["ro"],
      };
    case "nfs":
      return {
        nfs: { server: source.server, path: `${source.path}/${version}`, readOnly: true },
        mountOptions: ["ro", "nfsvers=4.1"],
      };
    case "hostPath":
      return { hostPath: { path: `${source.path}/${version}`, type: "Directory" } };
  }
}

/**
 * A cache of Mountpoint's driver from version 2 on (docs/CACHING.md): on the disk that kubelet has its Pods' files on, which
 * is the instance store where the nodes use theirs. Each volume on a node has one, shared by its Pods; it goes with them.
 */
function cacheOnDisk(sizeGiB: number | undefined): Record<string, string> {
  // Without a limit it would take the whole disk, and its Pod be evicted.
  return sizeGiB === undefined ? {} : { cache: "emptyDir", cacheEmptyDirSizeLimit: `${sizeGiB}Gi` };
}
