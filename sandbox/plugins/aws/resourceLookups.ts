/** Recorded answers to what somebody else has made, or AWS publishes, and a program asks for by its name. */
import { secret } from "../shared/values";
import { textOf } from "./arguments";
import { policyDocument } from "./policyDocument";
import { account, arn, partition, sha256, vpcId, type Lookup } from "./recorded";

export const resourceLookups: Readonly<Record<string, Lookup>> = {
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

function repositoryUrl(name: string, region: string): string {
  return `${account}.dkr.ecr.${region}.amazonaws.com/${name}`;
}
