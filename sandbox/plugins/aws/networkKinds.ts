/** The part of the table that is about machines and their network. Its source is that of the whole. */
import { arn, type Kinds } from "./kind";

export const networkKinds: Kinds = {
  "aws:ec2/launchTemplate:LaunchTemplate": {
    computed: [...arn, "latestVersion"],
    forceNew: ["name", "namePrefix"],
    moves: ["latestVersion"],
    autoname: { property: "name", maxLength: 128 },
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    computed: [...arn, "ownerId"],
    forceNew: ["description", "name", "namePrefix", "vpcId"],
    autoname: { property: "name", maxLength: 255 },
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
    computed: [...arn, "securityGroupRuleId"],
    forceNew: ["securityGroupId"],
  },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
    computed: [...arn, "securityGroupRuleId"],
    forceNew: ["securityGroupId"],
  },
  "aws:ec2/vpc:Vpc": {
    computed: [...arn, "defaultRouteTableId", "defaultSecurityGroupId", "mainRouteTableId", "ownerId"],
    forceNew: ["cidrBlock"],
  },
  "aws:ec2/subnet:Subnet": {
    computed: [...arn, "ownerId"],
    forceNew: ["availabilityZone", "availabilityZoneId", "cidrBlock", "vpcId"],
  },
  "aws:ec2/tag:Tag": { computed: [], forceNew: ["key", "resourceId"] },
  "aws:ec2/internetGateway:InternetGateway": { computed: [...arn, "ownerId"], forceNew: [] },
  "aws:ec2/eip:Eip": {
    computed: [
      ...arn,
      "allocationId",
      "associationId",
      "carrierIp",
      "customerOwnedIp",
      "privateDns",
      "privateIp",
      "ptrRecord",
      "publicDns",
      "publicIp",
    ],
    forceNew: ["address", "domain", "ipamPoolId", "networkBorderGroup", "publicIpv4Pool"],
  },
  "aws:ec2/natGateway:NatGateway": {
    computed: ["associationId", "networkInterfaceId", "publicIp", "routeTableId", "tagsAll"],
    forceNew: [
      "allocationId",
      "availabilityMode",
      "connectivityType",
      "privateIp",
      "secondaryPrivateIpAddressCount",
      "subnetId",
      "vpcId",
    ],
  },
  "aws:ec2/routeTable:RouteTable": { computed: [...arn, "ownerId"], forceNew: ["vpcId"] },
  "aws:ec2/route:Route": {
    computed: ["instanceId", "instanceOwnerId", "origin", "state"],
    forceNew: ["destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId", "routeTableId"],
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": { computed: [], forceNew: ["gatewayId", "subnetId"] },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    computed: [
      ...arn,
      "cidrBlocks",
      "dnsEntries",
      "networkInterfaceIds",
      "ownerId",
      "prefixListId",
      "requesterManaged",
      "state",
    ],
    forceNew: [
      "resourceConfigurationArn",
      "serviceName",
      "serviceNetworkArn",
      "serviceRegion",
      "vpcEndpointType",
      "vpcId",
    ],
  },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    computed: [...arn, "description", "name", "namePrefix", "ownerId"],
    forceNew: ["vpcId"],
  },
  "aws:ec2/flowLog:FlowLog": {
    computed: arn,
    // Only its tags can change.
    forceNew: [
      "deliverCrossAccountRole",
      "destinationOptions",
      "eniId",
      "iamRoleArn",
      "logDestination",
      "logDestinationType",
      "logFormat",
      "maxAggregationInterval",
      "regionalNatGatewayId",
      "subnetId",
      "trafficType",
      "transitGatewayAttachmentId",
      "transitGatewayId",
      "vpcId",
    ],
  },
};
