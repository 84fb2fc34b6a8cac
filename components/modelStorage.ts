/** Where the models are kept on AWS, made here or not, and the driver that mounts them on an EKS cluster. */
import * as pulumi from "@pulumi/pulumi";
import type { Eks } from "./cluster";
import { ModelBucket } from "./modelBucket";
import { ModelDrivers, type ModelDriversArgs } from "./modelDrivers";
import { ModelFileSystem } from "./modelFileSystem";

/** A place for models; `create` and a missing `fileSystemId` ask for one. */
export type ModelPlace =
  | { kind: "s3"; bucket: string; region: string; prefix: string; create: boolean; keyArn?: string | undefined }
  | { kind: "efs"; fileSystemId?: string | undefined };

export interface ModelStorageArgs {
  eks: Eks;
  place: ModelPlace;
  /** How many zones the cluster's subnets are in. */
  zones: number;
  /** Whether the driver is installed; false where somebody else has. */
  driver: boolean;
}

export class ModelStorage extends pulumi.ComponentResource {
  /** For a bucket that is made here. */
  readonly bucketArn: pulumi.Output<string> | undefined;
  /** For a file system that is made here. */
  readonly fileSystemId: pulumi.Output<string> | undefined;
  /** What has to be there before a Pod that mounts models, and go after it. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: ModelStorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:ModelStorage", name, {}, opts);
    const { eks, place, zones } = args;
    const parent = { parent: this };
    const bucket = place.kind === "s3" && place.create ? new ModelBucket(name, place, parent) : undefined;
    this.bucketArn = bucket?.arn;
    if (place.kind === "efs" && place.fileSystemId === undefined) {
      const { vpcId, subnets, securityGroupId: clientSecurityGroupId } = eks;
      this.fileSystemId = new ModelFileSystem(
        name,
        { vpcId, subnets, zones, clientSecurityGroupId },
        parent,
      ).fileSystemId;
    }
    const source: ModelDriversArgs["source"] =
      place.kind === "efs"
        ? { kind: "efs" }
        : {
            kind: "s3",
            prefix: place.prefix,
            bucketArn: bucket?.arn ?? `arn:aws:s3:::${place.bucket}`,
            keyArn: bucket?.keyArn ?? place.keyArn,
          };
    // It runs on nodes, and comes after what these need.
    this.ready = args.driver
      ? new ModelDrivers(
          `${name}-driver`,
          { clusterName: eks.clusterName, source },
          { parent: this, dependsOn: eks.ready },
        ).ready
      : [];
    this.registerOutputs();
  }
}
