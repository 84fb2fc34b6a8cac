/** What AWS would refuse fails the preview: the real engine asks the recorder, which checks against AWS's own models. */
import { mkdirSync, rmSync } from "node:fs";
import * as aws from "@pulumi/aws";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation";
import { expect, it } from "vitest";
import { engineEnvironment, fileBackend } from "../../sandbox/engine";
import { at } from "../../sandbox/layout";
import { layout } from "../support/engine";

/** What a person sees of the preview of a program with a mistake in it. */
async function failedPreview(program: () => void): Promise<string> {
  const state = at(layout, "projects", "mistakes");
  rmSync(state, { recursive: true, force: true });
  mkdirSync(state, { recursive: true });
  const stack = await LocalWorkspace.createOrSelectStack(
    {
      stackName: "mistakes",
      projectName: "mistakes",
      program: () => {
        program();
        return Promise.resolve();
      },
    },
    {
      pulumiCommand: await PulumiCommand.get({ root: layout.directory }),
      envVars: { ...engineEnvironment(layout), PULUMI_BACKEND_URL: fileBackend(state), AWS_REGION: "eu-west-1" },
    },
  );
  let output = "";
  await expect(stack.preview({ color: "never", onOutput: (text) => (output += text) })).rejects.toThrow();
  return output;
}

// One at a time: the engine stops at the first resource with a fault.
it.each<[string, () => void, RegExp[]]>([
  [
    "a node group with an image that EKS does not know, and more nodes than it may have",
    () => {
      new aws.eks.NodeGroup("gpu-blue", {
        clusterName: "prod",
        nodeRoleArn: "arn:aws:iam::123456789012:role/nodes",
        subnetIds: ["subnet-0a"],
        amiType: "AL2023_X86_64_NVIDIA",
        scalingConfig: { minSize: 0, desiredSize: 3, maxSize: 2 },
      });
    },
    [
      /NodeGroup resource 'gpu-blue': property amiType .*"AL2023_X86_64_NVIDIA" is not accepted; AWS takes .*AL2023_x86_64_NVIDIA/,
      /NodeGroup resource 'gpu-blue': property scalingConfig.maxSize .*2 is not accepted; AWS takes no less than desiredSize, 3/,
    ],
  ],
  [
    "a schedule at an hour and in a time zone that do not exist",
    () => {
      new aws.autoscaling.Schedule("gpu-blue-off-peak", {
        autoscalingGroupName: "nodes",
        scheduledActionName: "off-peak",
        minSize: 0,
        recurrence: "0 25 * * MON-FRI",
        timeZone: "Europe/Berln",
      });
    },
    [
      /Schedule resource 'gpu-blue-off-peak': property recurrence .*"0 25 \* \* MON-FRI" has "25" as its hour; AWS takes 0 to 23/,
      /Schedule resource 'gpu-blue-off-peak': property timeZone .*"Europe\/Berln" is no time zone; AWS takes a name of the IANA/,
    ],
  ],
  [
    "a policy with a mistake, beside what is not known yet",
    () => {
      const role = new aws.iam.Role("models", {
        assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "pods.eks.amazonaws.com" }),
      });
      new aws.iam.RolePolicy("models-read", {
        role: role.id,
        policy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3.GetObject", Resource: role.arn }] },
      });
    },
    [
      /RolePolicy resource 'models-read': property policy .*has a Statement \(number 1\) that has the Action "s3.GetObject"; AWS takes one such as s3:GetObject/,
    ],
  ],
])("%s is refused by name, with the value and what AWS takes", async (_mistake, program, messages) => {
  const output = await failedPreview(program);
  for (const message of messages) expect(output).toMatch(message);
});
