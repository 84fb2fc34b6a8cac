/**
 * Recorded answers to the look-ups (invokes) that a program may make: right in shape, of no real account. Hosts end in
 * `recorded.invalid`, which no resolver knows, so that nothing can be reached by them.
 */
import { createHash } from "node:crypto";
import { secret, type Values } from "../shared/values";
import { objectsIn, textOf, textsIn } from "./arguments";
import { policyDocument } from "./policyDocument";

/** AWS's own example account. */
export const account = "123456789012";

const vpcId = "vpc-0123456789abcdef0";

/** By AWS's notice P3 was to be left by 20 December 2025. */
const retired = /^p3(dn)?\./;

/** One in each zone. */
const subnetIds = ["0", "1", "2"].map((last) => `subnet-0123456789abcdef${last}`);

type Lookup = (args: Values, region: string) => Values;

export const lookups: Readonly<Record<string, Lookup>> = {
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
  "aws:eks/getCluster:getCluster": (args, region) => {
    const name = textOf(args, "name") ?? "recorded";
    return {
      id: name,
      name,
      region,
      arn: arn(region, "eks", `cluster/${name}`),
      endpoint: `https://${name}.recorded.invalid`,
      certificateAuthorities: [{ data: Buffer.from("recorded").toString("base64") }],
      identities: [{ oidcs: [{ issuer: `https://oidc.recorded.invalid/id/${name}` }] }],
      roleArn: arn(region, "iam", "role/recorded-cluster"),
      accessConfigs: [{ authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false }],
      status: "ACTIVE",
      version: "1.35",
      platformVersion: "eks.1",
      createdAt: "2026-01-01T00:00:00Z",
      vpcConfig: {
        vpcId,
        clusterSecurityGroupId: "sg-0123456789abcdef0",
        endpointPrivateAccess: true,
        endpointPublicAccess: false,
        publicAccessCidrs: [],
        securityGroupIds: [],
        subnetIds: [],
      },
      tags: {},
    };
  },
  "aws:eks/getClusterAuth:getClusterAuth": (args, region) => ({
    id: textOf(args, "name") ?? "recorded",
    region,
    token: secret("recorded"),
  }),
  "aws:eks/getAddonVersion:getAddonVersion": (args, region) => ({
    id: textOf(args, "addonName") ?? "recorded",
    region,
    version: "v1.0.0-eksbuild.1",
  }),
  "aws:ecr/getRepository:getRepository": (args, region) => {
    const name = textOf(args, "name") ?? "recorded";
    return {
      id: name,
      region,
      arn: arn(region, "ecr", `repository/${name}`),
      registryId: account,
      repositoryUrl: repositoryUrl(name, region),
      imageTagMutability: "IMMUTABLE",
    };
  },
  // The digest is made from what was asked for: another tag is another image.
  "aws:ecr/getImage:getImage": (args, region) => {
    const name = textOf(args, "repositoryName") ?? "recorded";
    const tag = textOf(args, "imageTag") ?? "recorded";
    const digest = textOf(args, "imageDigest") ?? `sha256:${sha256(`${name}:${tag}`)}`;
    return {
      id: digest,
      region,
      registryId: account,
      imageDigest: digest,
      imageTags: [tag],
      imageUri: `${repositoryUrl(name, region)}@${digest}`,
      imagePushedAt: 0,
      imageSizeInBytes: 0,
    };
  },
  "aws:kms/getKey:getKey": (args, region) => {
    const id = "01234567-89ab-cdef-0123-456789abcdef";
    return { id, keyId: textOf(args, "keyId") ?? id, region, arn: arn(region, "kms", `key/${id}`), enabled: true };
  },
  "aws:s3/getBucket:getBucket": (args, region) => {
    const bucket = textOf(args, "bucket") ?? "recorded";
    return { id: bucket, region, bucketRegion: region, arn: `arn:${partition(region)}:s3:::${bucket}` };
  },
  "aws:efs/getFileSystem:getFileSystem": (args, region) => {
    const id = textOf(args, "fileSystemId") ?? "fs-0123456789abcdef0";
    return {
      id,
      fileSystemId: id,
      region,
      arn: arn(region, "elasticfilesystem", `file-system/${id}`),
      dnsName: `${id}.recorded.invalid`,
      encrypted: true,
    };
  },
  "aws:route53/getZone:getZone": (args, region) => {
    const zoneId = textOf(args, "zoneId") ?? "Z0123456789ABCDEFGHIJ";
    const name = textOf(args, "name") ?? "recorded.invalid";
    return { id: zoneId, zoneId, name, arn: `arn:${partition(region)}:route53:::hostedzone/${zoneId}` };
  },
  "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider": (args, region) => {
    const url = (textOf(args, "url") ?? "https://oidc.recorded.invalid").replace("https://", "");
    const provider = textOf(args, "arn") ?? arn(region, "iam", `oidc-provider/${url}`);
    return { id: provider, arn: provider, url, clientIdLists: ["sts.amazonaws.com"], thumbprintLists: [] };
  },
  "aws:iam/getRole:getRole": (args, region) => {
    const name = textOf(args, "name") ?? "recorded";
    return { id: name, name, arn: arn(region, "iam", `role/${name}`), path: "/", maxSessionDuration: 3600 };
  },
  "aws:ssm/getParameter:getParameter": (args, region) => {
    const name = textOf(args, "name") ?? "recorded";
    const value = parameterValue(name);
    return {
      id: name,
      name,
      region,
      arn: arn(region, "ssm", `parameter/${name.replace(/^\//, "")}`),
      type: "String",
      // Nothing here is a secret, and one would hide the whole answer from whoever reads the plan.
      value,
      insecureValue: value,
      version: 1,
    };
  },
  "aws:iam/getPolicyDocument:getPolicyDocument": (args) => {
    const json = JSON.stringify(policyDocument(args), null, 2);
    const minifiedJson = JSON.stringify(policyDocument(args));
    return { id: sha256(minifiedJson).slice(0, 10), json, minifiedJson };
  },
};

/** What AWS publishes under its own names, in the form in which it does. */
function parameterValue(name: string): string {
  const [, kubernetesVersion = "1.35"] = /\/(?:aws-k8s-)?(1\.\d+)[/-]/.exec(name) ?? [];
  if (name.endsWith("/release_version")) return `${kubernetesVersion}.0-20260101`;
  // Bottlerocket has versions of its own.
  if (name.endsWith("/image_version")) return "1.0.0-0123abcd";
  if (name.endsWith("/image_id")) return "ami-0123456789abcdef0";
  return "recorded";
}

function partition(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

function arn(region: string, service: string, resource: string): string {
  const global = service === "iam" || service === "sts";
  return `arn:${partition(region)}:${service}:${global ? "" : region}:${account}:${resource}`;
}

function zones(region: string): string[] {
  return ["a", "b", "c"].map((letter) => region + letter);
}

/** One of the zones, by the last digit of the id. */
function zoneOf(id: string, region: string): string {
  return zones(region)[Number.parseInt(id.slice(-1), 16) % 3] ?? `${region}a`;
}

function repositoryUrl(name: string, region: string): string {
  return `${account}.dkr.ecr.${region}.amazonaws.com/${name}`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function filterValues(args: Values, filter: string): string[] {
  return objectsIn(args["filters"])
    .filter(({ name }) => name === filter)
    .flatMap(({ values }) => textsIn(values));
}
