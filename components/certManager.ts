/**
 * cert-manager, and a ClusterIssuer that gets certificates from Let's Encrypt. It proves that a host is ours by DNS alone:
 * proving it by HTTP needs an Ingress for that host, which the guard would refuse and which would take the route's requests.
 */
import type * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { PodIdentity } from "./podIdentity";

const chart = {
  chart: "cert-manager",
  version: "v1.21.2",
  repositoryOpts: { repo: "https://charts.jetstack.io" },
};

const home = { namespace: "cert-manager", serviceAccount: "cert-manager" };

export interface CertManagerArgs {
  clusterName: pulumi.Input<string>;
  region: pulumi.Input<string>;
  /** Where Let's Encrypt writes to about the account. */
  email: string;
  /** The public Route 53 zone that all hosts are in, such as `Z0123456789ABCDEFGHIJ`. */
  hostedZoneId: string;
}

export class CertManager extends pulumi.ComponentResource {
  /** Name of the ClusterIssuer, known once it has its account. */
  readonly issuer: pulumi.Output<string>;

  constructor(name: string, args: CertManagerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:CertManager", name, {}, opts);
    const { clusterName, region, email, hostedZoneId } = args;
    const identity = new PodIdentity(
      `${name}-identity`,
      { clusterName, ...home, policy: dnsPolicy(hostedZoneId) },
      { parent: this },
    );
    const release = new k8s.helm.v3.Release(
      `${name}-release`,
      {
        ...chart,
        name: "cert-manager",
        namespace: home.namespace,
        createNamespace: true,
        atomic: true,
        values: {
          // The chart keeps them when it goes, or every certificate would go with it.
          crds: { enabled: true },
          serviceAccount: { name: home.serviceAccount },
          replicaCount: 2,
          podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
          resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
          // While it is away no Ingress can be refused, but no certificate can be asked for either.
          webhook: { replicaCount: 2, podDisruptionBudget: { enabled: true, maxUnavailable: 1 } },
        },
      },
      // Not just the role: a Pod from before the association has no credentials.
      { parent: this, dependsOn: identity.association },
    );
    const issuer = new k8s.apiextensions.CustomResource(
      `${name}-issuer`,
      {
        apiVersion: "cert-manager.io/v1",
        kind: "ClusterIssuer",
        metadata: {
          name: "letsencrypt",
          // Ready when the account is: a wrong address shows in this update, not when the first certificate is due.
          annotations: { "pulumi.com/waitFor": "condition=Ready" },
        },
        spec: {
          acme: {
            server: "https://acme-v02.api.letsencrypt.org/directory",
            email,
            privateKeySecretRef: { name: "letsencrypt-account" },
            solvers: [{ dns01: { route53: { region, hostedZoneID: hostedZoneId } } }],
          },
        },
      },
      // The kind exists, and its webhook answers, only when the release is done.
      { parent: this, dependsOn: release },
    );
    this.issuer = issuer.metadata.name;
    this.registerOutputs({ issuer: this.issuer });
  }
}

/**
 * cert-manager's own policy for Route 53 (its docs, configuration/acme/dns01/route53), kept to one zone and to the records
 * that a challenge is made of.
 */
function dnsPolicy(hostedZoneId: string): aws.iam.PolicyDocument {
  const zone = `arn:aws:route53:::hostedzone/${hostedZoneId}`;
  return {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: "route53:GetChange", Resource: "arn:aws:route53:::change/*" },
      { Effect: "Allow", Action: "route53:ListResourceRecordSets", Resource: zone },
      {
        Effect: "Allow",
        Action: "route53:ChangeResourceRecordSets",
        Resource: zone,
        Condition: {
          "ForAllValues:StringEquals": { "route53:ChangeResourceRecordSetsRecordTypes": ["TXT"] },
          "ForAllValues:StringLike": {
            "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["_acme-challenge.*"],
          },
        },
      },
    ],
  };
}
