/** The EKS add-ons of a cluster, each at a version that is known to work with the cluster's Kubernetes version. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { gpuTaint } from "./labels";

/**
 * On every node, in the node's own network: without them a node has no Pod network, and its Pods no identity on AWS.
 *
 * The network plugin (vpc-cni) takes its permissions from the node's role rather than by Pod Identity: it crashes while
 * the agent is not there (aws/amazon-vpc-cni-k8s#3840), and a node would then be without network for as long as the
 * agent has a fault. The node template keeps that role from all other Pods.
 */
export const nodeAddons = ["vpc-cni", "kube-proxy", "eks-pod-identity-agent"] as const;

/**
 * In Pods of their own, which need a node to run on: without one EKS reports them as degraded, and an update waits. It is by
 * the monitoring agent that node repair hears of broken GPUs.
 */
export const podAddons = ["coredns", "metrics-server", "eks-node-monitoring-agent"] as const;

export type AddonName = (typeof nodeAddons)[number] | (typeof podAddons)[number];

/**
 * By Kubernetes version. What EKS offers at a time:
 * `aws eks describe-addon-versions --kubernetes-version 1.36 --query 'addons[].[addonName,addonVersions[0].addonVersion]'`
 *
 * Sources, all public records of running clusters, as no list of AWS's own goes beyond 1.33:
 * 1.35: the add-ons of a cluster on 1.35 that was then taken to 1.36, September 2026; metrics-server from a table of
 * pinned versions by Kubernetes version, confirmed by two others for 1.35.
 * 1.36: the versions that EKS chose by default for a 1.36 cluster with GPU nodes, September 2026 (compatibility matrix of
 * the EKS templates in awsome-distributed-ai); metrics-server as describe-addon-versions gave it for 1.36, October 2026.
 * The monitoring agent: from lists of clusters on 1.35 and 1.36 of the same months.
 */
export const addonVersions: Readonly<Record<string, Readonly<Record<AddonName, string>>>> = {
  "1.35": {
    "vpc-cni": "v1.22.4-eksbuild.3",
    "kube-proxy": "v1.35.3-eksbuild.21",
    "eks-pod-identity-agent": "v1.3.10-eksbuild.3",
    coredns: "v1.13.2-eksbuild.21",
    "metrics-server": "v0.9.0-eksbuild.5",
    "eks-node-monitoring-agent": "v1.7.0-eksbuild.1",
  },
  "1.36": {
    "vpc-cni": "v1.22.4-eksbuild.3",
    "kube-proxy": "v1.36.0-eksbuild.21",
    "eks-pod-identity-agent": "v1.3.10-eksbuild.3",
    coredns: "v1.14.3-eksbuild.16",
    "metrics-server": "v0.9.0-eksbuild.11",
    "eks-node-monitoring-agent": "v1.7.2-eksbuild.1",
  },
};

/**
 * What differs from EKS's own settings. The agent tolerates every taint; its part that reads the health of GPUs, which is
 * needed on GPU nodes alone, tolerates none unless told.
 */
const configuration: Partial<Record<AddonName, object>> = {
  "eks-node-monitoring-agent": {
    dcgmAgent: { tolerations: [{ key: gpuTaint, operator: "Exists", effect: "NoSchedule" }] },
  },
};

/** @throws Error for a version that is not in the table. */
export function addonsOf(kubernetesVersion: string): Readonly<Record<AddonName, string>> {
  const versions = addonVersions[kubernetesVersion];
  if (versions === undefined)
    throw new Error(
      `Kubernetes ${kubernetesVersion} is not in the table of add-ons, which has ${Object.keys(addonVersions).join(", ")}`,
    );
  return versions;
}

export interface EksAddonsArgs {
  clusterName: pulumi.Input<string>;
  /** A version of the table, such as `1.35`. */
  kubernetesVersion: string;
  addons: readonly AddonName[];
}

/** The given add-ons of one cluster. */
export function eksAddons(name: string, args: EksAddonsArgs, opts: pulumi.CustomResourceOptions): aws.eks.Addon[] {
  const versions = addonsOf(args.kubernetesVersion);
  return args.addons.map((addonName) => {
    const values = configuration[addonName];
    return new aws.eks.Addon(
      `${name}-${addonName}`,
      {
        clusterName: args.clusterName,
        addonName,
        addonVersion: versions[addonName],
        ...(values !== undefined && { configurationValues: JSON.stringify(values) }),
        resolveConflictsOnCreate: "OVERWRITE",
        // What somebody has changed on the cluster on purpose, such as the number of replicas, outlives an update.
        resolveConflictsOnUpdate: "PRESERVE",
      },
      opts,
    );
  });
}
