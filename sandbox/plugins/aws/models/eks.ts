/** The requests of EKS. */
import type { Mappings } from "./mapping";

export const eks: Mappings = {
  "aws:eks/cluster:Cluster": {
    calls: [
      {
        service: "eks",
        operation: "CreateCluster",
        names: { enabledClusterLogTypes: "logging.clusterLogging[].types", vpcConfig: "resourcesVpcConfig" },
        given: ["name"],
      },
      {
        service: "eks",
        operation: "UpdateClusterVersion",
        names: { forceUpdateVersion: "force" },
        given: ["name", "version"],
      },
    ],
    own: { defaultAddonsToRemoves: "it says what to delete" },
  },
  "aws:eks/nodeGroup:NodeGroup": {
    calls: [
      {
        service: "eks",
        operation: "CreateNodegroup",
        names: { nodeRoleArn: "nodeRole", subnetIds: "subnets" },
        given: ["nodegroupName"],
      },
      {
        service: "eks",
        operation: "UpdateNodegroupVersion",
        names: { forceUpdateVersion: "force" },
        given: ["clusterName", "nodegroupName"],
      },
      // EKS's own model takes any text as a type, EC2's knows them all.
      {
        service: "ec2",
        operation: "RunInstances",
        names: { instanceTypes: "[].InstanceType" },
        given: ["MaxCount", "MinCount"],
      },
    ],
    own: { nodeGroupNamePrefix: "the provider makes the name from it" },
  },
  "aws:eks/addon:Addon": {
    calls: [
      { service: "eks", operation: "CreateAddon", names: { resolveConflictsOnCreate: "resolveConflicts" } },
      {
        service: "eks",
        operation: "UpdateAddon",
        names: { resolveConflictsOnUpdate: "resolveConflicts" },
        given: ["addonName", "clusterName"],
      },
      {
        service: "eks",
        operation: "DeleteAddon",
        names: { preserve: "preserve" },
        given: ["addonName", "clusterName"],
      },
    ],
  },
  "aws:eks/accessEntry:AccessEntry": { calls: [{ service: "eks", operation: "CreateAccessEntry" }] },
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {
    calls: [{ service: "eks", operation: "AssociateAccessPolicy" }],
  },
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": {
    calls: [{ service: "eks", operation: "CreatePodIdentityAssociation" }],
  },
};
