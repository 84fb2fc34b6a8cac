/** Recorded answers to who and where one is: account, region, zones, networks, and what instances are offered there. */
import type { Values } from "../shared/values";
import { objectsIn, textOf, textsIn } from "./arguments";
import { account, arn, partition, vpcId, zones, type Lookup } from "./recorded";

/** By AWS's notice P3 was to be left by 20 December 2025. */
const retired = /^p3(dn)?\./;

/** One in each zone. */
const subnetIds = ["0", "1", "2"].map((last) => `subnet-0123456789abcdef${last}`);

export const placeLookups: Readonly<Record<string, Lookup>> = {
  "aws:index/getRegion:getRegion": (_args, region) => ({
    id: region,
    name: region,
    region,
    description: `${region} (recorded)`,
    endpoint: `ec2.${region}.recorded.invalid`,
  }),
  "aws:index/getCallerIdentity:getCallerIdentity": (_args, region) => ({
    id: account,
    accountId: account,
    arn: arn(region, "sts", "assumed-role/recorded/preview"),
    userId: "AROARECORDED:preview",
  }),
  "aws:index/getPartition:getPartition": (_args, region) => ({
    id: partition(region),
    partition: partition(region),
    dnsSuffix: region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com",
    reverseDnsPrefix: region.startsWith("cn-") ? "cn.com.amazonaws" : "com.amazonaws",
  }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": (_args, region) => ({
    id: region,
    region,
    names: zones(region),
    zoneIds: zones(region).map((_zone, index) => `rec1-az${index + 1}`),
    groupNames: [region],
  }),
  "aws:ec2/getSubnet:getSubnet": (args, region) => {
    const id = textOf(args, "id") ?? "subnet-0123456789abcdef0";
    return {
      id,
      region,
      vpcId,
      availabilityZone: zoneOf(id, region),
      arn: arn(region, "ec2", `subnet/${id}`),
      ownerId: account,
      state: "available",
    };
  },
  "aws:ec2/getSubnets:getSubnets": (_args, region) => ({ id: region, region, ids: subnetIds }),
  "aws:ec2/getVpc:getVpc": (args, region) => {
    const id = textOf(args, "id") ?? vpcId;
    return {
      id,
      region,
      arn: arn(region, "ec2", `vpc/${id}`),
      cidrBlock: "10.0.0.0/16",
      enableDnsHostnames: true,
      enableDnsSupport: true,
      instanceTenancy: "default",
      ownerId: account,
      state: "available",
    };
  },
  "aws:ec2/getInstanceTypes:getInstanceTypes": (args, region) => ({
    id: region,
    region,
    instanceTypes: filterValues(args, "instance-type"),
  }),
  // What a type has only AWS knows.
  "aws:ec2/getInstanceType:getInstanceType": (args, region) => ({
    id: textOf(args, "instanceType") ?? "recorded",
    region,
    currentGeneration: true,
    supportedArchitectures: ["x86_64"],
  }),
  // Where a type is offered only AWS knows: here, in every zone, but for what AWS has retired.
  "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": (args, region) => {
    const locationType = textOf(args, "locationType") ?? "region";
    const locations = locationType === "availability-zone" ? zones(region) : [region];
    const offered = filterValues(args, "instance-type").filter((type) => !retired.test(type));
    const offers = offered.flatMap((type) => locations.map((at) => ({ type, at })));
    return {
      id: region,
      region,
      instanceTypes: offers.map(({ type }) => type),
      locations: offers.map(({ at }) => at),
      locationTypes: offers.map(() => locationType),
    };
  },
};

/** One of the zones, by the last digit of the id. */
function zoneOf(id: string, region: string): string {
  return zones(region)[Number.parseInt(id.slice(-1), 16) % 3] ?? `${region}a`;
}

function filterValues(args: Values, filter: string): string[] {
  return objectsIn(args["filters"])
    .filter(({ name }) => name === filter)
    .flatMap(({ values }) => textsIn(values));
}
