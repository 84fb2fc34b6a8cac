/** What an IAM role or user is to a cluster's API server: an EKS access entry. Nothing is in aws-auth. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** What one IAM role or user may do. */
export interface Grant {
  principalArn: string;
  /** `admin` may do everything, `view` sees what namespaces hold, Secrets not; `none` may do what its groups may. */
  role: "admin" | "view" | "none";
  /** Kubernetes groups, for RBAC and the switch guard; EKS refuses the system's own (`system:…`). */
  groups: string[];
}

export interface ClusterAccessArgs extends Omit<Grant, "principalArn"> {
  clusterName: pulumi.Input<string>;
  principalArn: pulumi.Input<string>;
}

/** EKS's own policies, of its user guide, "Review access policy permissions". */
const policies = { admin: "AmazonEKSClusterAdminPolicy", view: "AmazonEKSViewPolicy", none: undefined } as const;

export class ClusterAccess extends pulumi.ComponentResource {
  constructor(name: string, args: ClusterAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:ClusterAccess", name, {}, opts);
    const entry = new aws.eks.AccessEntry(
      `${name}-entry`,
      {
        clusterName: args.clusterName,
        principalArn: args.principalArn,
        kubernetesGroups: args.groups,
        type: "STANDARD",
      },
      { parent: this },
    );
    const policy = policies[args.role];
    if (policy !== undefined) {
      new aws.eks.AccessPolicyAssociation(
        `${name}-policy`,
        {
          clusterName: args.clusterName,
          principalArn: entry.principalArn,
          policyArn: `arn:aws:eks::aws:cluster-access-policy/${policy}`,
          accessScope: { type: "cluster" },
        },
        // Not below the entry: what depends on a component waits for its children, and not for theirs.
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}
