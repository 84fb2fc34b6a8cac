/**
 * What the AWS Load Balancer Controller may do, from docs/install/iam_policy.json of its v3.5.0, made narrower: that one
 * asks whether a resource bears the tag of any cluster, this one whether it bears this cluster's; and it has nothing for
 * Application Load Balancers, certificates it would make, WAF or Shield, which components/loadBalancerController.ts turns off.
 */
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface LoadBalancerPolicyArgs {
  clusterName: pulumi.Input<string>;
  region: pulumi.Input<string>;
  vpcId: pulumi.Input<string>;
}

/** The tag that the controller puts on all it makes, with the cluster's name as its value. */
const clusterTag = "elbv2.k8s.aws/cluster";

/** Reads have no narrower form: most of these take no resource. */
const reads = [
  "ec2:DescribeAccountAttributes",
  "ec2:DescribeAddresses",
  "ec2:DescribeAvailabilityZones",
  "ec2:DescribeInstances",
  "ec2:DescribeInternetGateways",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeRouteTables",
  "ec2:DescribeSecurityGroups",
  "ec2:DescribeSubnets",
  "ec2:DescribeTags",
  "ec2:DescribeVpcPeeringConnections",
  "ec2:DescribeVpcs",
  "ec2:GetSecurityGroupsForVpc",
  "elasticloadbalancing:DescribeCapacityReservation",
  "elasticloadbalancing:DescribeListenerAttributes",
  "elasticloadbalancing:DescribeListenerCertificates",
  "elasticloadbalancing:DescribeListeners",
  "elasticloadbalancing:DescribeLoadBalancerAttributes",
  "elasticloadbalancing:DescribeLoadBalancers",
  "elasticloadbalancing:DescribeRules",
  "elasticloadbalancing:DescribeSSLPolicies",
  "elasticloadbalancing:DescribeTags",
  "elasticloadbalancing:DescribeTargetGroupAttributes",
  "elasticloadbalancing:DescribeTargetGroups",
  "elasticloadbalancing:DescribeTargetHealth",
  "elasticloadbalancing:DescribeTrustStores",
];

/** What makes a resource; each is tagged in the same call. */
const creations = ["CreateLoadBalancer", "CreateTargetGroup", "CreateListener"];

const changes = [
  "elasticloadbalancing:AddListenerCertificates",
  "elasticloadbalancing:DeleteListener",
  "elasticloadbalancing:DeleteLoadBalancer",
  "elasticloadbalancing:DeleteTargetGroup",
  "elasticloadbalancing:DeregisterTargets",
  "elasticloadbalancing:ModifyListener",
  "elasticloadbalancing:ModifyListenerAttributes",
  "elasticloadbalancing:ModifyLoadBalancerAttributes",
  "elasticloadbalancing:ModifyTargetGroup",
  "elasticloadbalancing:ModifyTargetGroupAttributes",
  "elasticloadbalancing:RegisterTargets",
  "elasticloadbalancing:RemoveListenerCertificates",
  "elasticloadbalancing:SetIpAddressType",
  "elasticloadbalancing:SetSecurityGroups",
  "elasticloadbalancing:SetSubnets",
];

export function loadBalancerPolicy({ clusterName, region, vpcId }: LoadBalancerPolicyArgs): aws.iam.PolicyDocument {
  const loadBalancing = pulumi.interpolate`arn:aws:elasticloadbalancing:${region}:*:*`;
  const securityGroups = pulumi.interpolate`arn:aws:ec2:${region}:*:security-group/*`;
  const vpc = pulumi.interpolate`arn:aws:ec2:${region}:*:vpc/${vpcId}`;
  const made = { [`aws:RequestTag/${clusterTag}`]: clusterName };
  const owned = { [`aws:ResourceTag/${clusterTag}`]: clusterName };
  // A later change of tags may not touch the one that says whose the resource is.
  const cannotBeHandedOn = { [`aws:RequestTag/${clusterTag}`]: "true" };
  return {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: reads, Resource: "*" },
      // For a listener's certificate.
      { Effect: "Allow", Action: ["acm:DescribeCertificate", "acm:ListCertificates"], Resource: "*" },
      {
        Effect: "Allow",
        Action: "iam:CreateServiceLinkedRole",
        Resource: "*",
        Condition: { StringEquals: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" } },
      },

      // Security groups: its own in front of load balancers, and rules in those of nodes, which bear no tag of its own.
      { Effect: "Allow", Action: "ec2:CreateSecurityGroup", Resource: [securityGroups, vpc] },
      {
        Effect: "Allow",
        Action: ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"],
        Resource: securityGroups,
        Condition: { ArnLike: { "ec2:Vpc": vpc } },
      },
      {
        Effect: "Allow",
        Action: "ec2:CreateTags",
        Resource: securityGroups,
        Condition: { StringEquals: { "ec2:CreateAction": "CreateSecurityGroup", ...made } },
      },
      {
        Effect: "Allow",
        Action: ["ec2:CreateTags", "ec2:DeleteTags"],
        Resource: securityGroups,
        Condition: { StringEquals: owned, Null: cannotBeHandedOn },
      },
      {
        Effect: "Allow",
        Action: "ec2:DeleteSecurityGroup",
        Resource: securityGroups,
        Condition: { StringEquals: owned },
      },

      // Load balancers, their listeners and their target groups.
      {
        Effect: "Allow",
        Action: creations.map((action) => `elasticloadbalancing:${action}`),
        Resource: loadBalancing,
        Condition: { StringEquals: made },
      },
      {
        Effect: "Allow",
        Action: "elasticloadbalancing:AddTags",
        Resource: loadBalancing,
        Condition: { StringEquals: { "elasticloadbalancing:CreateAction": creations, ...made } },
      },
      {
        Effect: "Allow",
        Action: ["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"],
        Resource: loadBalancing,
        Condition: { StringEquals: owned, Null: cannotBeHandedOn },
      },
      { Effect: "Allow", Action: changes, Resource: loadBalancing, Condition: { StringEquals: owned } },
    ],
  };
}
