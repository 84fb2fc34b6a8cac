/**
 * The Cluster Autoscaler: a node for each Pod that finds none, and no node that nothing needs, within each group's limits.
 *
 * Which group grows is never its choice: a Pod of a colour tolerates that colour's nodes alone, and no other Pod tolerates
 * a GPU node. So there is nothing to say about expanders.
 */
import type * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { PodIdentity } from "./podIdentity";

/** kubernetes/autoscaler, cluster-autoscaler/charts: chart 9.59.0 (August 2026). */
const chart = {
  chart: "cluster-autoscaler",
  version: "9.59.0",
  repositoryOpts: { repo: "https://kubernetes.github.io/autoscaler" },
};

/** Its minor is to be the cluster's: it runs the scheduler's own code to tell what would fit where. */
const patches: Readonly<Record<string, string>> = { "1.35": "v1.35.1", "1.36": "v1.36.1" };

const home = { namespace: "kube-system", serviceAccount: "cluster-autoscaler" };

export interface ClusterAutoscalerArgs {
  clusterName: pulumi.Input<string>;
  region: pulumi.Input<string>;
  /** The cluster's Kubernetes version, such as `1.35`. */
  kubernetesVersion: pulumi.Input<string>;
  /** The longest terminationGracePeriodSeconds of any Pod: how long a node that is to go waits for the jobs it has. */
  longestGraceSeconds: number;
}

export class ClusterAutoscaler extends pulumi.ComponentResource {
  constructor(name: string, args: ClusterAutoscalerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:ClusterAutoscaler", name, {}, opts);
    const { clusterName, region } = args;
    const identity = new PodIdentity(
      `${name}-identity`,
      { clusterName, ...home, policy: autoscalerPolicy(args) },
      { parent: this },
    );
    new k8s.helm.v3.Release(
      `${name}-release`,
      {
        ...chart,
        name: "cluster-autoscaler",
        namespace: home.namespace,
        atomic: true,
        values: {
          cloudProvider: "aws",
          awsRegion: region,
          // EKS puts the two tags that this looks for on the Auto Scaling group of every managed node group.
          autoDiscovery: { clusterName },
          image: { tag: pulumi.output(args.kubernetesVersion).apply(imageTag) },
          fullnameOverride: "cluster-autoscaler",
          rbac: { serviceAccount: { name: home.serviceAccount } },
          extraArgs: flags(args.longestGraceSeconds),
          ...twoReplicas,
          ...unprivileged,
        },
      },
      // Not just the role: a Pod from before the association has no credentials.
      { parent: this, dependsOn: identity.association },
    );
    this.registerOutputs();
  }
}

/** Every minor has had a first release; later patches are in the table. */
function imageTag(kubernetesVersion: string): string {
  return patches[kubernetesVersion] ?? `v${kubernetesVersion}.0`;
}

/** On top of the chart's own; what is left out is meant to be the program's default. */
function flags(longestGraceSeconds: number): Record<string, string | number | boolean> {
  return {
    // Blue and green look alike to it, and each has the size that its own Pods need.
    "balance-similar-node-groups": false,
    // All Pods here have an emptyDir; with the default no node that NGINX was ever on would go.
    "skip-nodes-with-local-storage": false,
    // The default of 600 ends jobs that are still running after ten minutes.
    "max-graceful-termination-sec": longestGraceSeconds,
    // By default a node goes when less than half of its GPUs are asked for, its Pods moved elsewhere. Here it goes when none
    // is: loading models again costs more than the node does, and nobody's warm Pod is taken for the sake of tidiness.
    "scale-down-gpu-utilization-threshold": 0.01,
    // What an idle GPU node costs before it goes; said here since the cost page counts on it.
    "scale-down-unneeded-time": "10m",
  };
}

const twoReplicas = {
  replicaCount: 2,
  podDisruptionBudget: { maxUnavailable: 1 },
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: "kubernetes.io/hostname",
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: { "app.kubernetes.io/instance": "cluster-autoscaler" } },
    },
  ],
  resources: { requests: { cpu: "100m", memory: "600Mi" }, limits: { memory: "1Gi" } },
};

const unprivileged = {
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 65534,
    runAsGroup: 65534,
    seccompProfile: { type: "RuntimeDefault" },
  },
  containerSecurityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  },
};

/**
 * kubernetes/autoscaler, cluster-autoscaler/cloudprovider/aws/README.md, with its writes kept to this cluster's groups: EKS
 * puts the tag `eks:cluster-name` on each managed group's Auto Scaling group, where the autoscaler itself looks for it.
 */
function autoscalerPolicy({
  clusterName,
  region,
}: Pick<ClusterAutoscalerArgs, "clusterName" | "region">): aws.iam.PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: [
          "autoscaling:DescribeAutoScalingGroups",
          "autoscaling:DescribeAutoScalingInstances",
          "autoscaling:DescribeLaunchConfigurations",
          "autoscaling:DescribeScalingActivities",
          "ec2:DescribeImages",
          "ec2:DescribeInstanceTypes",
          "ec2:DescribeLaunchTemplateVersions",
          "ec2:GetInstanceTypesFromInstanceRequirements",
        ],
        Resource: "*",
      },
      {
        // Labels and taints of a group that has no node to look at.
        Effect: "Allow",
        Action: "eks:DescribeNodegroup",
        Resource: pulumi.interpolate`arn:aws:eks:${region}:*:nodegroup/${clusterName}/*/*`,
      },
      {
        Effect: "Allow",
        Action: ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
        Resource: "*",
        Condition: { StringEquals: { "aws:ResourceTag/eks:cluster-name": clusterName } },
      },
    ],
  };
}
