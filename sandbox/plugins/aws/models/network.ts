/** The requests of EC2. */
import { byPrefix, type Call, type Mappings } from "./mapping";

const tags = { tags: "TagSpecifications[].Tags" };

/** One rule of a security group, a resource of its own. */
const rule = (operation: string): Call => ({
  service: "ec2",
  operation,
  into: "IpPermissions[]",
  names: {
    ...tags,
    cidrIpv4: "IpPermissions[].IpRanges[].CidrIp",
    cidrIpv6: "IpPermissions[].Ipv6Ranges[].CidrIpv6",
    description: "IpPermissions[].IpRanges[].Description",
    prefixListId: "IpPermissions[].PrefixListIds[].PrefixListId",
    referencedSecurityGroupId: "IpPermissions[].UserIdGroupPairs[].GroupId",
    securityGroupId: "GroupId",
  },
});

/** The rules inside a security group. */
const rules: readonly [Call, Call] = [
  { service: "ec2", operation: "AuthorizeSecurityGroupIngress", names: { ingress: "IpPermissions" } },
  { service: "ec2", operation: "AuthorizeSecurityGroupEgress", names: { egress: "IpPermissions" }, given: ["GroupId"] },
];

/** An input that a request of its own sets: what making the network does not take. */
const attributes = (operation: string, id: string, names: readonly string[]): Call => ({
  service: "ec2",
  operation,
  names: Object.fromEntries(names.map((name) => [name, `${name.charAt(0).toUpperCase()}${name.slice(1)}.Value`])),
  given: [id],
});

export const network: Mappings = {
  "aws:ec2/launchTemplate:LaunchTemplate": {
    calls: [
      {
        service: "ec2",
        operation: "CreateLaunchTemplate",
        into: "LaunchTemplateData",
        names: {
          ...tags,
          name: "LaunchTemplateName",
          description: "VersionDescription",
          securityGroupNames: "LaunchTemplateData.SecurityGroups",
          vpcSecurityGroupIds: "LaunchTemplateData.SecurityGroupIds",
        },
        given: ["LaunchTemplateName", "LaunchTemplateData"],
      },
      { service: "ec2", operation: "ModifyLaunchTemplate", names: { defaultVersion: "DefaultVersion" } },
    ],
    own: { ...byPrefix, updateDefaultVersion: "it says which request to make" },
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    calls: [
      {
        service: "ec2",
        operation: "CreateSecurityGroup",
        names: { ...tags, name: "GroupName" },
        given: ["Description", "GroupName"],
      },
      ...rules,
    ],
    own: { ...byPrefix, revokeRulesOnDelete: "it says how to delete" },
  },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    calls: [
      { service: "ec2", operation: "CreateTags", names: { tags: "Tags" }, given: ["Resources", "Tags"] },
      ...rules,
      {
        service: "ec2",
        operation: "CreateSecurityGroup",
        names: { vpcId: "VpcId" },
        given: ["Description", "GroupName"],
      },
    ],
    own: { revokeRulesOnDelete: "it says how to delete" },
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": { calls: [rule("AuthorizeSecurityGroupIngress")] },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": { calls: [rule("AuthorizeSecurityGroupEgress")] },
  "aws:ec2/vpc:Vpc": {
    calls: [
      {
        service: "ec2",
        operation: "CreateVpc",
        names: { ...tags, assignGeneratedIpv6CidrBlock: "AmazonProvidedIpv6CidrBlock" },
      },
      attributes("ModifyVpcAttribute", "VpcId", [
        "enableDnsHostnames",
        "enableDnsSupport",
        "enableNetworkAddressUsageMetrics",
      ]),
    ],
  },
  "aws:ec2/subnet:Subnet": {
    calls: [
      { service: "ec2", operation: "CreateSubnet", names: tags },
      attributes("ModifySubnetAttribute", "SubnetId", [
        "assignIpv6AddressOnCreation",
        "enableDns64",
        "enableResourceNameDnsARecordOnLaunch",
        "mapCustomerOwnedIpOnLaunch",
        "mapPublicIpOnLaunch",
      ]),
      {
        service: "ec2",
        operation: "ModifySubnetAttribute",
        names: {
          customerOwnedIpv4Pool: "CustomerOwnedIpv4Pool",
          enableLniAtDeviceIndex: "EnableLniAtDeviceIndex",
          enableResourceNameDnsAaaaRecordOnLaunch: "EnableResourceNameDnsAAAARecordOnLaunch.Value",
          privateDnsHostnameTypeOnLaunch: "PrivateDnsHostnameTypeOnLaunch",
        },
        given: ["SubnetId"],
      },
    ],
  },
  "aws:ec2/tag:Tag": {
    calls: [
      {
        service: "ec2",
        operation: "CreateTags",
        names: { resourceId: "Resources[]", key: "Tags[].Key", value: "Tags[].Value" },
      },
    ],
  },
  "aws:ec2/internetGateway:InternetGateway": {
    calls: [
      { service: "ec2", operation: "CreateInternetGateway", names: tags },
      { service: "ec2", operation: "AttachInternetGateway", names: { vpcId: "VpcId" }, given: ["InternetGatewayId"] },
    ],
  },
  "aws:ec2/eip:Eip": {
    calls: [
      { service: "ec2", operation: "AllocateAddress", names: tags },
      {
        service: "ec2",
        operation: "AssociateAddress",
        names: {
          associateWithPrivateIp: "PrivateIpAddress",
          instance: "InstanceId",
          networkInterface: "NetworkInterfaceId",
        },
      },
    ],
  },
  "aws:ec2/natGateway:NatGateway": {
    calls: [{ service: "ec2", operation: "CreateNatGateway", names: { ...tags, privateIp: "PrivateIpAddress" } }],
  },
  "aws:ec2/routeTable:RouteTable": {
    calls: [
      { service: "ec2", operation: "CreateRouteTable", names: tags },
      { service: "ec2", operation: "CreateRoute", names: { routes: "[]" } },
      {
        service: "ec2",
        operation: "EnableVgwRoutePropagation",
        names: { propagatingVgws: "[].GatewayId" },
        given: ["RouteTableId"],
      },
    ],
  },
  "aws:ec2/route:Route": {
    calls: [
      { service: "ec2", operation: "CreateRoute", names: { egressOnlyGatewayId: "EgressOnlyInternetGatewayId" } },
    ],
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    calls: [{ service: "ec2", operation: "AssociateRouteTable" }],
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    calls: [{ service: "ec2", operation: "CreateVpcEndpoint", names: { ...tags, policy: "PolicyDocument" } }],
    own: { autoAccept: "it says which request to make" },
  },
  "aws:ec2/flowLog:FlowLog": {
    calls: [
      {
        service: "ec2",
        operation: "CreateFlowLogs",
        names: {
          ...tags,
          iamRoleArn: "DeliverLogsPermissionArn",
          ...Object.fromEntries(
            [
              "eniId",
              "regionalNatGatewayId",
              "subnetId",
              "transitGatewayAttachmentId",
              "transitGatewayId",
              "vpcId",
            ].map((input) => [input, "ResourceIds[]"]),
          ),
        },
        given: ["ResourceType"],
      },
    ],
  },
};
