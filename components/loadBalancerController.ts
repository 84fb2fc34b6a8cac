/** The AWS Load Balancer Controller, which makes a Network Load Balancer for a Service that asks for one. */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { PodIdentity } from "./podIdentity";
import { loadBalancerPolicy } from "./policies/loadBalancerController";

/** kubernetes-sigs/aws-load-balancer-controller, helm/: chart 3.5.0 is application v3.5.0 (August 2026). */
const chart = {
  chart: "aws-load-balancer-controller",
  version: "3.5.0",
  repositoryOpts: { repo: "https://aws.github.io/eks-charts" },
};

const home = { namespace: "kube-system", serviceAccount: "aws-load-balancer-controller" };

export interface LoadBalancerControllerArgs {
  clusterName: pulumi.Input<string>;
  /** Given, not asked of the metadata service: that answers no Pod where its hop limit is 1. */
  vpcId: pulumi.Input<string>;
  region: pulumi.Input<string>;
}

export class LoadBalancerController extends pulumi.ComponentResource {
  constructor(name: string, args: LoadBalancerControllerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:LoadBalancerController", name, {}, opts);
    const { clusterName, vpcId, region } = args;
    const identity = new PodIdentity(
      `${name}-identity`,
      { clusterName, ...home, policy: loadBalancerPolicy(args) },
      { parent: this },
    );
    new k8s.helm.v3.Release(
      `${name}-release`,
      {
        ...chart,
        name: "aws-load-balancer-controller",
        namespace: home.namespace,
        atomic: true,
        values: {
          clusterName,
          vpcId,
          region,
          serviceAccount: { name: home.serviceAccount },
          // One works and one waits; the chart keeps them on different nodes, and off GPU nodes by tolerating no taint.
          replicaCount: 2,
          podDisruptionBudget: { maxUnavailable: 1 },
          resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "512Mi" } },
          ...noWebhookInTheWay,
          ...networkLoadBalancersAlone,
        },
      },
      // Not just the role: a Pod from before the association has no credentials.
      { parent: this, dependsOn: identity.association },
    );
    this.registerOutputs();
  }
}

/**
 * By default the chart has the API server ask the controller about every Ingress and every new Service in the cluster, and
 * refuse them while it does not answer: a switch or a rollback would then fail because a controller for load balancers is
 * down. Neither is needed: no Ingress here is of its class, and a Service that wants it says so.
 */
const noWebhookInTheWay = {
  webhookConfig: { disableIngressValidation: true },
  enableServiceMutatorWebhook: false,
  // The webhooks' own certificate stays the same from one upgrade to the next; running Pods would not notice a new one.
  keepTLSSecret: true,
};

/** What its role has no permission for. */
const networkLoadBalancersAlone = {
  createIngressClassResource: false,
  ingressClassParams: { create: false },
  enableShield: false,
  enableWaf: false,
  enableWafv2: false,
};
