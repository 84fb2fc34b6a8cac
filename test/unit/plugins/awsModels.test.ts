import { beforeAll, describe, expect, it } from "vitest";
import { layouts } from "../../../sandbox/layout";
import { checkBy } from "../../../sandbox/plugins/aws/models/check";
import { readModels, type Models } from "../../../sandbox/plugins/aws/models/model";
import { ensureModels } from "../../../sandbox/plugins/aws/models/obtain";
import { secret, unknown, type Values } from "../../../sandbox/plugins/shared/values";

let models: Models;

beforeAll(async () => {
  models = readModels(await ensureModels(layouts.test.cacheDir));
}, 120_000);

/** What is wrong, as `property: reason`. */
function faults(type: string, inputs: Values): string[] {
  return checkBy(models)(type, inputs).map(({ property, reason }) => `${property}: ${reason}`);
}

const nodeGroup = "aws:eks/nodeGroup:NodeGroup";
const schedule = "aws:autoscaling/schedule:Schedule";
const nodes = {
  clusterName: "prod",
  nodeRoleArn: "arn:aws:iam::123456789012:role/nodes",
  subnetIds: ["subnet-0a"],
  amiType: "AL2023_x86_64_NVIDIA",
  capacityType: "SPOT",
  instanceTypes: ["p4d.24xlarge"],
  scalingConfig: { minSize: 0, desiredSize: 1, maxSize: 2 },
  taints: [{ key: "nvidia.com/gpu", value: "true", effect: "NO_SCHEDULE" }],
  tags: { "facefusion:color": "blue" },
};

describe("inputs that AWS takes pass", () => {
  const allow = (more: object) =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:GetObject", ...more }] });

  it.each<[string, Values]>([
    [nodeGroup, nodes],
    [
      "aws:eks/cluster:Cluster",
      {
        name: "prod",
        roleArn: "arn:aws:iam::123456789012:role/cluster",
        vpcConfig: { subnetIds: ["subnet-0a"], publicAccessCidrs: ["192.0.2.0/24"] },
        enabledClusterLogTypes: ["api", "audit"],
        encryptionConfig: { provider: { keyArn: "arn:aws:kms:eu-west-1:123456789012:key/1" }, resources: ["secrets"] },
      },
    ],
    ["aws:iam/role:Role", { name: "blue", assumeRolePolicy: allow({ Principal: { Service: "ec2.amazonaws.com" } }) }],
    [
      "aws:iam/policy:Policy",
      { name: "models", policy: { Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }] } },
    ],
    [
      "aws:ec2/launchTemplate:LaunchTemplate",
      {
        metadataOptions: { httpTokens: "required" },
        blockDeviceMappings: [
          { deviceName: "/dev/xvda", ebs: { encrypted: "true", volumeType: "gp3", volumeSize: 100 } },
        ],
        tagSpecifications: [{ resourceType: "instance", tags: { Name: "blue" } }],
      },
    ],
    [
      schedule,
      {
        autoscalingGroupName: "blue",
        scheduledActionName: "night",
        recurrence: "0 20 * * MON-FRI",
        timeZone: "Europe/Berlin",
        minSize: 0,
        maxSize: -1,
      },
    ],
    [
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      { bucket: "models", rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }] },
    ],
    ["aws:ecr/repository:Repository", { name: "team/facefusion", imageTagMutability: "IMMUTABLE" }],
    [
      "aws:budgets/budget:Budget",
      {
        name: "prod",
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitAmount: "100.0",
        limitUnit: "USD",
        notifications: [
          {
            comparisonOperator: "GREATER_THAN",
            notificationType: "FORECASTED",
            threshold: 100,
            thresholdType: "PERCENTAGE",
            subscriberEmailAddresses: ["team@example.com"],
          },
        ],
      },
    ],
    ["aws:cloudwatch/logGroup:LogGroup", { name: "/aws/eks/prod/cluster", retentionInDays: 90 }],
  ])("%s", (type, inputs) => {
    expect(faults(type, inputs)).toEqual([]);
  });

  it("as do those that are not known yet, and secrets", () => {
    const inputs = { ...nodes, amiType: unknown, capacityType: secret("SPOT"), taints: unknown, nodeRoleArn: unknown };
    expect(faults(nodeGroup, inputs)).toEqual([]);
  });
});

describe("an input that AWS would refuse is named, with what AWS takes", () => {
  it.each<[string, Values, RegExp]>([
    [
      "another value",
      { amiType: "AL2023_NVIDIA" },
      /^amiType: "AL2023_NVIDIA" is not accepted; AWS takes AL2_x86_64, .*NVIDIA/,
    ],
    ["another case", { capacityType: "spot" }, /^capacityType: "spot" is not accepted; AWS takes ON_DEMAND, SPOT/],
    [
      "a type of instance that EC2 does not know",
      { instanceTypes: ["p4d.24xl"] },
      /^instanceTypes\[0\]: "p4d.24xl" .* p4d.24xlarge/,
    ],
    [
      "a number out of range",
      { scalingConfig: { minSize: -1 } },
      /^scalingConfig.minSize: -1 is not accepted; AWS takes at least 0/,
    ],
    [
      "inside of a list",
      { taints: [{ key: "gpu", effect: "NoSchedule" }] },
      /^taints\[0\].effect: "NoSchedule" is not accepted/,
    ],
    [
      "too long a text",
      { taints: [{ key: "k".repeat(64) }] },
      /^taints\[0\].key: .* has 64 characters; AWS takes at most 63$/,
    ],
    ["too long a value of a tag", { tags: { team: "t".repeat(257) } }, /^tags\["team"\]: .*at most 256$/],
    [
      "no such setting",
      { updateConfig: { maxUnavailble: 1 } },
      /^updateConfig.maxUnavailble: AWS knows no such setting; it takes .*maxUnavailable/,
    ],
    ["a secret, which is not shown", { capacityType: secret("hidden") }, /^capacityType: the secret is not accepted/],
  ])("%s", (_fault, change, message) => {
    const [only, ...more] = faults(nodeGroup, { ...nodes, ...change });
    expect(only).toMatch(message);
    expect(more).toEqual([]);
  });

  it("a required input is missing", () => {
    expect(faults(nodeGroup, { ...nodes, nodeRoleArn: null })).toEqual([
      "nodeRoleArn: AWS requires it, and it is missing",
    ]);
  });

  it.each<[string, string, Values, RegExp]>([
    ["a name with a space", "aws:iam/role:Role", { name: "blue role" }, /^name: "blue role" .*matches \[\\w/],
    ["too long a name", "aws:iam/instanceProfile:InstanceProfile", { name: "r".repeat(129) }, /^name: .*at most 128$/],
    [
      "a nested option of a launch template",
      "aws:ec2/launchTemplate:LaunchTemplate",
      { metadataOptions: { httpTokens: "mandatory" } },
      /^metadataOptions.httpTokens: "mandatory" is not accepted; AWS takes optional, required$/,
    ],
    [
      "a recurrence",
      schedule,
      { recurrence: "0 25 * * *" },
      /^recurrence: "0 25 \* \* \*" has "25" as its hour; AWS takes 0 to 23/,
    ],
    ["a time zone", schedule, { timeZone: "Berlin" }, /^timeZone: "Berlin" is no time zone/],
    ["a policy that is no JSON", "aws:iam/rolePolicy:RolePolicy", { policy: "{" }, /^policy: { is no policy/],
    [
      "a policy that is an object",
      "aws:iam/policy:Policy",
      { policy: { Statement: [{ Effect: "allow" }] } },
      /^policy: .* has the Effect "allow"; AWS takes Allow or Deny$/,
    ],
    [
      "a policy of which not all is known",
      "aws:iam/rolePolicy:RolePolicy",
      { policy: { Statement: [{ Effect: "allow", Action: "s3:GetObject", Resource: unknown }] } },
      /^policy: .*"Resource":"…".* has the Effect "allow"/,
    ],
    [
      "what is no ARN",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      { role: "nodes", policyArn: "AmazonEKSWorkerNodePolicy" },
      /^policyArn: "AmazonEKSWorkerNodePolicy" is no ARN; AWS takes one such as arn:/,
    ],
    ["a role by its name", nodeGroup, { nodeRoleArn: "nodes" }, /^nodeRoleArn: "nodes" is no ARN/],
    ["a bucket's name", "aws:s3/bucket:Bucket", { bucket: "Models" }, /^bucket: "Models" is no name of a bucket/],
    ["a network", "aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0" }, /^cidrBlock: "10.0.0.0" is no range of addresses/],
    ["a retention", "aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 91 }, /^retentionInDays: 91 .* 60, 90, 120/],
    [
      "a key's last days",
      "aws:kms/key:Key",
      { deletionWindowInDays: 3 },
      /^deletionWindowInDays: 3 .* AWS takes 7 to 30$/,
    ],
    [
      "a rule inside of a group",
      "aws:ec2/securityGroup:SecurityGroup",
      { ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.0.0.0/8", "10.0.0.0/33"] }] },
      /^ingress\[0\].cidrBlocks\[1\]: "10.0.0.0\/33" is no range/,
    ],
  ])("%s", (_fault, type, inputs, message) => {
    expect(faults(type, inputs).filter((fault) => !fault.includes("missing"))[0]).toMatch(message);
  });
});

describe("inputs that are right one by one", () => {
  const sizes = { minSize: 1, desiredSize: 2, maxSize: 3 };
  const times = { autoscalingGroupName: "blue", scheduledActionName: "night" };

  it.each<[string, Values]>([
    [nodeGroup, { ...nodes, scalingConfig: { ...sizes, desiredSize: unknown, minSize: 3 } }],
    [nodeGroup, { ...nodes, launchTemplate: { id: "lt-0a", version: "1" }, updateConfig: { maxUnavailable: 1 } }],
    [schedule, { ...times, minSize: 4, desiredCapacity: -1, maxSize: 4 }],
  ])("pass where AWS takes them together: %s", (type, inputs) => {
    expect(faults(type, inputs)).toEqual([]);
  });

  it.each<[string, string, Values, string]>([
    [
      "more nodes than there may be",
      nodeGroup,
      { ...nodes, scalingConfig: { ...sizes, desiredSize: 4 } },
      "scalingConfig.maxSize: 3 is not accepted; AWS takes no less than desiredSize, 4",
    ],
    [
      "fewer than there must be",
      schedule,
      { ...times, minSize: 2, desiredCapacity: 1, maxSize: 4 },
      "desiredCapacity: 1 is not accepted; AWS takes no less than minSize, 2",
    ],
    [
      "a schedule that leaves the desired size as it is",
      schedule,
      { ...times, minSize: 2, desiredCapacity: -1, maxSize: 1 },
      "maxSize: 1 is not accepted; AWS takes no less than minSize, 2",
    ],
    [
      "a disk beside a launch template",
      nodeGroup,
      { ...nodes, launchTemplate: { id: "lt-0a", version: "1" }, diskSize: 100 },
      "diskSize: AWS takes it in the launch template alone where there is one",
    ],
    [
      "two ways to say one thing",
      nodeGroup,
      { ...nodes, updateConfig: { maxUnavailable: 1, maxUnavailablePercentage: 10 } },
      "updateConfig: has maxUnavailable and maxUnavailablePercentage; AWS takes one of them",
    ],
  ])("are refused together: %s", (_fault, type, inputs, message) => {
    expect(faults(type, inputs)).toEqual([message]);
  });
});
