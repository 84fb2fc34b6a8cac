/** What differs inside of requests: the structures, by service and shape, whose members Pulumi has under other names. */
import type { Names, Own } from "./mapping";

interface Structure {
  names?: Names;
  own?: Own;
  given?: readonly string[];
}

export const nested: Readonly<Record<string, Structure>> = {
  "budgets.CreateNotificationRequest": {
    names: {
      comparisonOperator: "Notification.ComparisonOperator",
      notificationType: "Notification.NotificationType",
      subscriberEmailAddresses: "Subscribers[].Address",
      subscriberSnsTopicArns: "Subscribers[].Address",
      threshold: "Notification.Threshold",
      thresholdType: "Notification.ThresholdType",
    },
    given: ["AccountId", "BudgetName"],
  },

  "cloudwatch.MetricDataQuery": { names: { metric: "MetricStat" } },
  "cloudwatch.MetricStat": {
    names: { dimensions: "Metric.Dimensions", metricName: "Metric.MetricName", namespace: "Metric.Namespace" },
  },

  "ec2.CreateRouteRequest": {
    names: {
      cidrBlock: "DestinationCidrBlock",
      egressOnlyGatewayId: "EgressOnlyInternetGatewayId",
      ipv6CidrBlock: "DestinationIpv6CidrBlock",
    },
    given: ["RouteTableId"],
  },
  "ec2.IpPermission": {
    names: {
      cidrBlocks: "IpRanges[].CidrIp",
      description: "IpRanges[].Description",
      ipv6CidrBlocks: "Ipv6Ranges[].CidrIpv6",
      prefixListIds: "PrefixListIds[].PrefixListId",
      protocol: "IpProtocol",
      securityGroups: "UserIdGroupPairs[].GroupId",
    },
    own: { self: "it stands for the group that is being made" },
  },
  "ec2.LaunchTemplateInstanceNetworkInterfaceSpecificationRequest": {
    names: {
      ipv4AddressCount: "SecondaryPrivateIpAddressCount",
      ipv4Addresses: "PrivateIpAddresses[].PrivateIpAddress",
      ipv4Prefixes: "Ipv4Prefixes[].Ipv4Prefix",
      ipv6Addresses: "Ipv6Addresses[].Ipv6Address",
      ipv6Prefixes: "Ipv6Prefixes[].Ipv6Prefix",
      securityGroups: "Groups",
    },
  },
  "ec2.LaunchTemplateInstanceSecondaryInterfaceSpecificationRequest": {
    names: { privateIpAddresses: "PrivateIpAddresses[].PrivateIpAddress" },
  },

  "efs.UpdateFileSystemProtectionRequest": {
    names: { replicationOverwrite: "ReplicationOverwriteProtection" },
    given: ["FileSystemId"],
  },

  "eks.KubernetesNetworkConfigRequest": { own: { serviceIpv6Cidr: "AWS decides it" } },
  "eks.RemoteAccessConfig": { names: { sourceSecurityGroupIds: "sourceSecurityGroups" } },
  "eks.VpcConfigRequest": { own: { clusterSecurityGroupId: "AWS decides it", vpcId: "AWS decides it" } },

  "iam.PutRolePolicyRequest": { names: { name: "PolicyName", policy: "PolicyDocument" }, given: ["RoleName"] },

  "s3.ServerSideEncryptionRule": { names: { blockedEncryptionTypes: "BlockedEncryptionTypes.EncryptionType" } },
};
