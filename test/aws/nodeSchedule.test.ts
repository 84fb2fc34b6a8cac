/** The schedule of a group as Auto Scaling keeps it, in a real server of its interface. */
import { randomBytes } from "node:crypto";
import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  DescribeScheduledActionsCommand,
  PutScheduledUpdateGroupActionCommand,
} from "@aws-sdk/client-auto-scaling";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { NodeSchedule } from "../../components/nodeSchedule";
import { record } from "../support/mocks";

const client = new AutoScalingClient({ region: "eu-west-1" });
const group = `gpu-blue-${randomBytes(4).toString("hex")}`;

beforeAll(async () => {
  const launch = { LaunchConfigurationName: group, ImageId: "ami-12c6146b", InstanceType: "g5.xlarge" };
  await client.send(new CreateLaunchConfigurationCommand(launch));
  const sizes = { MinSize: 1, MaxSize: 4, DesiredCapacity: 2 };
  const where = { AvailabilityZones: ["eu-west-1a"] };
  const names = { AutoScalingGroupName: group, LaunchConfigurationName: group };
  await client.send(new CreateAutoScalingGroupCommand({ ...names, ...sizes, ...where }));
});

const inputsSchema = z.object({
  autoscalingGroupName: z.string(),
  scheduledActionName: z.string(),
  recurrence: z.string(),
  timeZone: z.string(),
  minSize: z.number(),
  maxSize: z.number(),
  desiredCapacity: z.number(),
});

/** As the provider asks for it: a size of -1 is left out, which leaves the group's own as it is. */
function requestOf(inputs: unknown) {
  const given = inputsSchema.parse(inputs);
  const { autoscalingGroupName, scheduledActionName, recurrence, timeZone, minSize, maxSize, desiredCapacity } = given;
  return new PutScheduledUpdateGroupActionCommand({
    AutoScalingGroupName: autoscalingGroupName,
    ScheduledActionName: scheduledActionName,
    Recurrence: recurrence,
    TimeZone: timeZone,
    MinSize: minSize,
    MaxSize: maxSize,
    ...(desiredCapacity !== -1 && { DesiredCapacity: desiredCapacity }),
  });
}

describe("the schedule of a group", () => {
  it("is two actions, by the clock of the time zone, of which the morning's leaves the desired size alone", async () => {
    const hours = { timeZone: "Europe/Berlin", days: ["mon", "fri"] as const, from: "07:00", until: "20:00" };
    const sizes = {
      peak: { minSize: 3, desiredSize: "unchanged" as const, maxSize: 4 },
      offPeak: { minSize: 0, desiredSize: 0, maxSize: 4 },
    };
    const { graph } = await record(() => new NodeSchedule("night", { autoscalingGroupName: group, hours, sizes }));
    for (const { inputs } of graph.all("Schedule")) await client.send(requestOf(inputs));

    const { ScheduledUpdateGroupActions: kept = [] } = await client.send(
      new DescribeScheduledActionsCommand({ AutoScalingGroupName: group }),
    );
    const action = (name: string) => kept.find(({ ScheduledActionName }) => ScheduledActionName === name);
    expect(kept).toHaveLength(2);
    const common = { TimeZone: "Europe/Berlin", MaxSize: 4 };
    expect(action("peak")).toMatchObject({ ...common, Recurrence: "30 6 * * 1,5", MinSize: 3 });
    expect(action("peak")?.DesiredCapacity).toBeUndefined();
    expect(action("off-peak")).toMatchObject({
      ...common,
      Recurrence: "30 20 * * 1,5",
      MinSize: 0,
      DesiredCapacity: 0,
    });
  });
});
