/** What a Kubernetes service account may do on AWS: a role of its own, by EKS Pod Identity. No keys, no OIDC provider. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface PodIdentityArgs {
  clusterName: pulumi.Input<string>;
  namespace: pulumi.Input<string>;
  /** The account need not exist yet: an association is by name. */
  serviceAccount: pulumi.Input<string>;
  /** All that its Pods may do; at most 10,240 characters without white space, which is what IAM takes inline. */
  policy: pulumi.Input<aws.iam.PolicyDocument>;
}

export class PodIdentity extends pulumi.ComponentResource {
  /**
   * Whatever makes Pods of the account comes after it: a Pod gets its credentials when it is admitted, so that one from
   * before the association runs without for as long as it lives.
   */
  readonly association: aws.eks.PodIdentityAssociation;

  constructor(name: string, args: PodIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:PodIdentity", name, {}, opts);
    const { clusterName, namespace, serviceAccount } = args;

    const role = new aws.iam.Role(`${name}-role`, { assumeRolePolicy: trustPolicy(args) }, { parent: this });
    const policy = new aws.iam.RolePolicy(`${name}-policy`, { role: role.id, policy: args.policy }, { parent: role });
    this.association = new aws.eks.PodIdentityAssociation(
      `${name}-association`,
      { clusterName, namespace, serviceAccount, roleArn: role.arn },
      // The role alone is not enough: a Pod that starts before its permissions are there may give up.
      { parent: this, dependsOn: policy },
    );

    this.registerOutputs({ association: this.association.associationId });
  }
}

/**
 * Lets EKS hand out the role to this one account of this one cluster; without the conditions any association in the AWS
 * account could. The tags are those of EKS's user guide, "Enable or disable session tags" (pod-id-abac).
 */
function trustPolicy({ clusterName, namespace, serviceAccount }: PodIdentityArgs): aws.iam.PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Condition: {
          StringEquals: {
            "aws:RequestTag/eks-cluster-name": clusterName,
            "aws:RequestTag/kubernetes-namespace": namespace,
            "aws:RequestTag/kubernetes-service-account": serviceAccount,
          },
        },
      },
    ],
  };
}
