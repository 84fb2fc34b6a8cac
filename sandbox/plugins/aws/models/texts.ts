/** What AWS takes and its models do not say, by the place of the value: service, shape and member. */
import { isIPv4 } from "node:net";
import { imageExpiryFault } from "./imageExpiry";
import { policyFault } from "./policies";
import { cronFault, timeZoneFault } from "./schedules";

/** @returns What is wrong, as it follows the value in a sentence. */
type Check = (text: string) => string | undefined;

export const texts: Readonly<Record<string, Check>> = {
  "autoscaling.PutScheduledUpdateGroupActionType.Recurrence": cronFault,
  "autoscaling.PutScheduledUpdateGroupActionType.TimeZone": timeZoneFault,

  "eks.CreateNodegroupRequest.nodeRole": arnFault,

  "iam.CreateRoleRequest.AssumeRolePolicyDocument": policyFault("trust", 2_048),
  "iam.CreatePolicyRequest.PolicyDocument": policyFault("identity", 6_144),
  "iam.PutRolePolicyRequest.PolicyDocument": policyFault("identity", 10_240),
  "eks.CreatePodIdentityAssociationRequest.policy": policyFault("identity"),
  "ec2.CreateVpcEndpointRequest.PolicyDocument": policyFault("resource"),
  "ecr.SetRepositoryPolicyRequest.policyText": policyFault("resource"),
  "efs.PutFileSystemPolicyRequest.Policy": policyFault("resource"),
  "kms.CreateKeyRequest.Policy": policyFault("resource"),
  "s3.PutBucketPolicyRequest.Policy": policyFault("resource"),
  "ecr.PutLifecyclePolicyRequest.lifecyclePolicyText": imageExpiryFault,

  "ec2.CreateVpcRequest.CidrBlock": cidrFault,
  "ec2.CreateSubnetRequest.CidrBlock": cidrFault,
  "ec2.CreateRouteRequest.DestinationCidrBlock": cidrFault,
  "ec2.IpRange.CidrIp": cidrFault,

  "kms.CreateAliasRequest.AliasName": (text) =>
    text.startsWith("alias/") ? undefined : "is not accepted; AWS takes what starts with alias/",

  // The model has the numbers of another time.
  "kms.ScheduleKeyDeletionRequest.PendingWindowInDays": (text) =>
    Number(text) >= 7 && Number(text) <= 30 ? undefined : "is not accepted; AWS takes 7 to 30",

  // The values are in the documentation of PutRetentionPolicy.
  "logs.PutRetentionPolicyRequest.retentionInDays": oneOf(
    // 0 is the provider's way to say that nothing expires.
    [0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653].map(
      String,
    ),
  ),
  // docs.aws.amazon.com/AmazonS3, General purpose bucket naming rules.
  "s3.CreateBucketRequest.Bucket": (text) =>
    /^(?!xn--|sthree-|.*\.\.|.*-s3alias$|\d+(\.\d+){3}$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text)
      ? undefined
      : "is no name of a bucket; AWS takes 3 to 63 lower-case letters, digits, dots and hyphens, neither of the last at an end",
};

/** @param place Service, shape and member: `iam.CreateRoleRequest.AssumeRolePolicyDocument`. */
export function textCheck(place: string): Check | undefined {
  // Of most of these AWS's models say only that they are texts.
  return texts[place] ?? (/Arn$/i.test(place) ? arnFault : undefined);
}

function arnFault(text: string): string | undefined {
  return /^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+/s.test(text)
    ? undefined
    : "is no ARN; AWS takes one such as arn:aws:iam::123456789012:role/nodes";
}

function cidrFault(text: string): string | undefined {
  const [address = "", prefix = "", ...more] = text.split("/");
  return isIPv4(address) && /^(\d|[12]\d|3[0-2])$/.test(prefix) && more.length === 0
    ? undefined
    : "is no range of addresses; AWS takes one such as 10.0.0.0/16";
}

function oneOf(accepted: readonly string[]): Check {
  return (text) => (accepted.includes(text) ? undefined : `is not accepted; AWS takes ${accepted.join(", ")}`);
}
