/** The controllers that an EKS cluster needs for the services here: load balancers, nodes on demand, GPUs, certificates. */
import * as pulumi from "@pulumi/pulumi";
import { CertManager, type CertManagerArgs } from "./certManager";
import { ClusterAutoscaler, type ClusterAutoscalerArgs } from "./clusterAutoscaler";
import { GpuDevicePlugin } from "./gpuDevicePlugin";
import { LoadBalancerController, type LoadBalancerControllerArgs } from "./loadBalancerController";

export interface EksControllersArgs extends LoadBalancerControllerArgs, ClusterAutoscalerArgs {
  /** Whether nodes run an image without NVIDIA's device plugin: AL2023 lacks it, Bottlerocket has it. */
  devicePlugin: boolean;
  /** Left out: certificates come from elsewhere. */
  certManager?: Pick<CertManagerArgs, "email" | "hostedZoneId"> | undefined;
}

export class EksControllers extends pulumi.ComponentResource {
  /**
   * What has to come after these, and go before them: a load balancer whose controller has gone first is never removed,
   * and an Ingress that asks for a certificate gets none.
   */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: EksControllersArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:EksControllers", name, {}, opts);
    const { clusterName, region, vpcId, kubernetesVersion, longestGraceSeconds } = args;
    const parent = { parent: this };

    const loadBalancers = new LoadBalancerController(`${name}-load-balancers`, { clusterName, vpcId, region }, parent);
    new ClusterAutoscaler(
      `${name}-autoscaler`,
      { clusterName, region, kubernetesVersion, longestGraceSeconds },
      parent,
    );
    if (args.devicePlugin) new GpuDevicePlugin(`${name}-gpu-device-plugin`, parent);
    const certManagers = args.certManager
      ? [new CertManager(`${name}-cert-manager`, { clusterName, region, ...args.certManager }, parent)]
      : [];

    this.ready = [loadBalancers, ...certManagers];
    this.registerOutputs();
  }
}
