/**
 * What the Cluster Autoscaler has to know of a node before there is one, so that it can scale a group up from zero.
 *
 * It finds the group by itself: EKS tags the Auto Scaling group of a managed node group for discovery. Labels and taints
 * it asks EKS for (eks:DescribeNodegroup), and an error there leaves it with what the Auto Scaling group is tagged with:
 * without labels it would never scale up, without GPUs neither, and without the taint for the wrong Pods.
 *
 * Source: kubernetes/autoscaler, cluster-autoscaler/cloudprovider/aws/README.md and aws_manager.go.
 */
import { gpuTaint } from "./labels";

export interface HintedNode {
  labels: Record<string, string>;
  /** Value of the taint for GPU nodes. */
  taint: string;
  gpus: number;
}

export interface AutoscalerHints {
  /** Tags of the node group, which EKS tells when it is asked. */
  ofGroup: Record<string, string>;
  /** Tags of its Auto Scaling group, each with a name for the resource that sets it. */
  ofAutoscalingGroup: { name: string; key: string; value: string }[];
}

const prefix = "k8s.io/cluster-autoscaler/node-template";

export function autoscalerHints({ labels, taint, gpus }: HintedNode): AutoscalerHints {
  // The autoscaler's list of instance types may be older than the type.
  const resource = { key: `${prefix}/resources/nvidia.com/gpu`, value: String(gpus) };
  return {
    ofGroup: { [resource.key]: resource.value },
    ofAutoscalingGroup: [
      ...Object.entries(labels).map(([label, value]) => ({
        name: label.split("/").at(-1) ?? label,
        key: `${prefix}/label/${label}`,
        value,
      })),
      { name: "taint", key: `${prefix}/taint/${gpuTaint}`, value: `${taint}:NoSchedule` },
      { name: "gpus", ...resource },
    ],
  };
}
