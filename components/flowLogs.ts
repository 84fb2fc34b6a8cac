/** A record of the connections that a VPC refused, for whoever asks later what did not get through. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ownName } from "./ownName";

export interface FlowLogsArgs {
  vpcId: pulumi.Input<string>;
  /** In days; a number that CloudWatch knows. */
  retentionDays: number;
  keyArn: pulumi.Input<string>;
}

export class FlowLogs extends pulumi.ComponentResource {
  constructor(name: string, args: FlowLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:FlowLogs", name, {}, opts);
    const group = new aws.cloudwatch.LogGroup(
      `${name}-group`,
      { name: flowLogGroup(), retentionInDays: args.retentionDays, kmsKeyId: args.keyArn },
      { parent: this },
    );
    const role = deliveryRole(name, group, this);
    new aws.ec2.FlowLog(
      `${name}-log`,
      {
        vpcId: args.vpcId,
        // What was let through is far more, and says little.
        trafficType: "REJECT",
        logDestinationType: "cloud-watch-logs",
        logDestination: group.arn,
        iamRoleArn: role.arn,
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}

/** The name of the log group, which the key for it has to know. */
export function flowLogGroup(): string {
  return `/aws/vpc/${ownName()}/flow-logs`;
}

/** As the VPC user guide has it, "IAM role for publishing flow logs to CloudWatch Logs", for this one log group. */
function deliveryRole(name: string, group: aws.cloudwatch.LogGroup, parent: FlowLogs): aws.iam.Role {
  const { accountId } = aws.getCallerIdentityOutput({}, { parent });
  const role = new aws.iam.Role(
    `${name}-role`,
    {
      assumeRolePolicy: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "vpc-flow-logs.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: { StringEquals: { "aws:SourceAccount": accountId } },
          },
        ],
      },
    },
    { parent },
  );
  new aws.iam.RolePolicy(
    `${name}-policy`,
    {
      role: role.id,
      policy: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
            Resource: pulumi.interpolate`${group.arn}:*`,
          },
          // Lists groups by the start of their name, and so takes none.
          { Effect: "Allow", Action: "logs:DescribeLogGroups", Resource: "*" },
        ],
      },
    },
    { parent: role },
  );
  return role;
}
