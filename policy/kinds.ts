/** The types of resources that policies look at, and what several of them ask of a resource. */
import { gpuInstanceTypes } from "../components/gpuInstanceTypes";
import { gpuPresentLabel } from "../components/labels";
import { items, part } from "./plain";
import { refersTo, type Resource } from "./rule";

export const kinds = {
  nodeGroup: "aws:eks/nodeGroup:NodeGroup",
  launchTemplate: "aws:ec2/launchTemplate:LaunchTemplate",
  schedule: "aws:autoscaling/schedule:Schedule",
  cluster: "aws:eks/cluster:Cluster",
  natGateway: "aws:ec2/natGateway:NatGateway",
  address: "aws:ec2/eip:Eip",
  key: "aws:kms/key:Key",
  fileSystem: "aws:efs/fileSystem:FileSystem",
  repository: "aws:ecr/repository:Repository",
  bucket: "aws:s3/bucket:Bucket",
  bucketAccess: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  bucketEncryption: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  service: "kubernetes:core/v1:Service",
  ingress: "kubernetes:networking.k8s.io/v1:Ingress",
} as const;

/** Family of an instance type: `p4d` of `p4d.24xlarge`. */
export function familyOf(instanceType: string): string {
  return instanceType.split(".")[0] ?? instanceType;
}

/** EC2's families with GPUs are p and g with a number, and gr6, whose memory is larger. */
export function hasGpus(instanceType: string): boolean {
  return instanceType in gpuInstanceTypes || /^(p|g|gr)\d/.test(instanceType);
}

/** Whether a node group's nodes have GPUs, by their type or by what the group says of itself. */
export function isGpuNodeGroup({ type, props }: Resource): boolean {
  if (type !== kinds.nodeGroup) return false;
  const types = items(part(props, "instanceTypes")).filter((each) => typeof each === "string");
  return types.some(hasGpus) || part(props, "labels", gpuPresentLabel) !== undefined;
}

/** The schedules of a node group's Auto Scaling group, whose name is not known before it is there. */
export function schedulesOf(group: Resource, resources: readonly Resource[]): Resource[] {
  const name = part(group.props, "resources", 0, "autoscalingGroups", 0, "name");
  return resources.filter(
    (each) =>
      each.type === kinds.schedule &&
      refersTo(each, "autoscalingGroupName", part(each.props, "autoscalingGroupName"), group, name),
  );
}

/**
 * The nodes that a schedule leaves: as many as it says or, where it leaves that number alone (-1), as few as the cluster
 * autoscaler may go down to.
 */
export function sizeAfter({ props }: Resource): unknown {
  const desired = part(props, "desiredCapacity");
  return typeof desired === "number" && desired < 0 ? part(props, "minSize") : desired;
}
