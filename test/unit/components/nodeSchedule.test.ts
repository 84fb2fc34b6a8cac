import { describe, expect, it } from "vitest";
import type { GroupSizes } from "../../../components/nodeNeeds";
import { NodeSchedule } from "../../../components/nodeSchedule";
import type { PeakHours } from "../../../components/peakHours";
import { record } from "../../support/mocks";

function someHours(change: Partial<PeakHours> = {}): PeakHours {
  return {
    timeZone: "Europe/Berlin",
    days: ["mon", "tue", "wed", "thu", "fri"],
    from: "07:00",
    until: "20:00",
    ...change,
  };
}

async function scheduleOf(sizes: { peak: GroupSizes; offPeak: GroupSizes }, hours = someHours()) {
  const { graph } = await record(() => new NodeSchedule("night", { autoscalingGroupName: "asg", hours, sizes }));
  return {
    peak: graph.one("Schedule", "night-peak").inputs,
    offPeak: graph.one("Schedule", "night-off-peak").inputs,
  };
}

describe("the schedule of a group", () => {
  it("sets all three sizes, before peak and after it, by the clock of the time zone", async () => {
    const { peak, offPeak } = await scheduleOf({
      peak: { minSize: 3, desiredSize: "unchanged", maxSize: 4 },
      offPeak: { minSize: 1, desiredSize: 1, maxSize: 4 },
    });
    const common = { autoscalingGroupName: "asg", timeZone: "Europe/Berlin", maxSize: 4 };
    // -1 is how the provider leaves a number as it is; left out, it would be set to zero.
    expect(peak).toEqual({
      ...common,
      scheduledActionName: "peak",
      recurrence: "30 6 * * 1,2,3,4,5",
      minSize: 3,
      desiredCapacity: -1,
    });
    expect(offPeak).toEqual({
      ...common,
      scheduledActionName: "off-peak",
      recurrence: "30 20 * * 1,2,3,4,5",
      minSize: 1,
      desiredCapacity: 1,
    });
  });

  it("is made anew when it changes: AWS refuses the start time of before, which would come along", async () => {
    const sizes = { minSize: 0, desiredSize: 0, maxSize: 2 };
    const hours = someHours();
    const { graph } = await record(
      () => new NodeSchedule("night", { autoscalingGroupName: "asg", hours, sizes: { peak: sizes, offPeak: sizes } }),
    );
    const { deleteBeforeReplace, replaceOnChanges } = graph.one("Schedule", "night-off-peak");
    // Of one name there is one.
    expect(deleteBeforeReplace).toBe(true);
    expect(replaceOnChanges).toEqual(["recurrence", "timeZone", "minSize", "desiredCapacity", "maxSize"]);
  });

  it("can have no node at night, which is a number like any other", async () => {
    const none = { minSize: 0, desiredSize: 0, maxSize: 2 };
    expect((await scheduleOf({ peak: none, offPeak: none })).offPeak).toMatchObject({ minSize: 0, desiredCapacity: 0 });
  });

  it("is refused where its hours cannot be kept", async () => {
    const sizes = { minSize: 0, desiredSize: 0, maxSize: 2 };
    await expect(
      scheduleOf({ peak: sizes, offPeak: sizes }, someHours({ from: "20:00", until: "07:00" })),
    ).rejects.toThrow("night: hours: from (20:00) must be earlier than until (07:00), on the same day");
  });
});
