/**
 * Done when the nodes of a group offer their GPUs: what needs GPUs comes after it, and a driver or a device plugin that
 * fails shows here, by name, rather than in Pods that stay pending.
 *
 * EKS calls a group ready when its nodes are, and a node is ready minutes before its GPUs are there to be asked for. So a
 * Job asks for one. It runs when the group is made, and again when another group takes its place.
 */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Color } from "./colors";
import { gpuToleration } from "./labels";
import { restrictedContainer, restrictedPod } from "./podSecurity";

export interface GpuReadyArgs {
  namespace: pulumi.Input<string>;
  nodeGroupName: pulumi.Input<string>;
  /** Nodes that the group starts with. With none there is nothing to wait for. */
  nodes: number;
  color: Color;
  /** As the node group's. */
  pool?: string | undefined;
  /** Any image that has `true`; it runs for no longer than that. */
  image?: string | undefined;
}

/** Small, and from a registry that asks for no account and has no limit inside AWS. */
const defaultImage = "public.ecr.aws/docker/library/busybox:1.37.0";

/** Seconds until a GPU has to be there: a large machine boots for minutes, and drivers load at the first boot. */
const deadlineSeconds = 1800;

export class GpuReady extends pulumi.ComponentResource {
  constructor(name: string, args: GpuReadyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:GpuReady", name, {}, opts);
    if (args.nodes > 0)
      new k8s.batch.v1.Job(
        `${name}-job`,
        {
          metadata: {
            namespace: args.namespace,
            labels: { "app.kubernetes.io/component": "gpu-ready" },
            // One that has failed is run again by the next update.
            annotations: { "pulumi.com/replaceUnready": "true" },
          },
          spec: jobSpec(args),
        },
        {
          parent: this,
          customTimeouts: { create: `${deadlineSeconds + 60}s`, update: `${deadlineSeconds + 60}s` },
          // Another image proves nothing new, and a colour at work may have no GPU to spare for it.
          ignoreChanges: ["spec.template.spec.containers[0].image"],
        },
      );
    this.registerOutputs();
  }
}

function jobSpec({ nodeGroupName, color, pool, image = defaultImage }: GpuReadyArgs): k8s.types.input.batch.v1.JobSpec {
  return {
    activeDeadlineSeconds: deadlineSeconds,
    backoffLimit: 2,
    template: {
      spec: {
        restartPolicy: "Never",
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        // The label is EKS's own.
        nodeSelector: { "eks.amazonaws.com/nodegroup": nodeGroupName },
        tolerations: [gpuToleration(color, pool)],
        securityContext: restrictedPod,
        containers: [
          {
            name: "gpu",
            image,
            command: ["true"],
            resources: {
              requests: { cpu: "10m", memory: "16Mi", "nvidia.com/gpu": "1" },
              limits: { memory: "64Mi", "nvidia.com/gpu": "1" },
            },
            securityContext: restrictedContainer,
          },
        ],
      },
    },
  };
}
