/** The requests of IAM and KMS. */
import { byPrefix, type Mappings } from "./mapping";

export const iam: Mappings = {
  "aws:iam/role:Role": {
    calls: [
      {
        service: "iam",
        operation: "CreateRole",
        names: { name: "RoleName", assumeRolePolicy: "AssumeRolePolicyDocument" },
        given: ["RoleName"],
      },
      { service: "iam", operation: "PutRolePolicy", names: { inlinePolicies: "[]" } },
      {
        service: "iam",
        operation: "AttachRolePolicy",
        names: { managedPolicyArns: "[].PolicyArn" },
        given: ["RoleName"],
      },
    ],
    own: { ...byPrefix, forceDetachPolicies: "it says how to delete" },
  },
  "aws:iam/rolePolicy:RolePolicy": {
    calls: [
      {
        service: "iam",
        operation: "PutRolePolicy",
        names: { name: "PolicyName", role: "RoleName", policy: "PolicyDocument" },
        given: ["PolicyName"],
      },
    ],
    own: byPrefix,
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    calls: [{ service: "iam", operation: "AttachRolePolicy", names: { role: "RoleName" } }],
  },
  "aws:iam/policy:Policy": {
    calls: [
      {
        service: "iam",
        operation: "CreatePolicy",
        names: { name: "PolicyName", policy: "PolicyDocument" },
        given: ["PolicyName"],
      },
    ],
    own: { ...byPrefix, delayAfterPolicyCreationInMs: "it says how long to wait" },
  },
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
    calls: [{ service: "iam", operation: "CreateOpenIDConnectProvider" }],
  },
  "aws:iam/instanceProfile:InstanceProfile": {
    calls: [
      {
        service: "iam",
        operation: "CreateInstanceProfile",
        names: { name: "InstanceProfileName" },
        given: ["InstanceProfileName"],
      },
      {
        service: "iam",
        operation: "AddRoleToInstanceProfile",
        names: { role: "RoleName" },
        given: ["InstanceProfileName"],
      },
    ],
    own: byPrefix,
  },

  "aws:kms/key:Key": {
    calls: [
      { service: "kms", operation: "CreateKey", names: { customerMasterKeySpec: "KeySpec" } },
      {
        service: "kms",
        operation: "EnableKeyRotation",
        names: { rotationPeriodInDays: "RotationPeriodInDays" },
        given: ["KeyId"],
      },
      {
        service: "kms",
        operation: "ScheduleKeyDeletion",
        names: { deletionWindowInDays: "PendingWindowInDays" },
        given: ["KeyId"],
      },
    ],
    own: { enableKeyRotation: "it says which request to make", isEnabled: "it says which request to make" },
  },
  "aws:kms/alias:Alias": {
    calls: [{ service: "kms", operation: "CreateAlias", names: { name: "AliasName" }, given: ["AliasName"] }],
    own: byPrefix,
  },
};
