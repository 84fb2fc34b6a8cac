import { describe, expect, it } from "vitest";
import { hoursFault, scheduleTimes, type PeakHours } from "../../../components/peakHours";

const week = ["mon", "tue", "wed", "thu", "fri"] as const;

function someHours(change: Partial<PeakHours> = {}): PeakHours {
  return { timeZone: "Europe/Berlin", days: week, from: "07:00", until: "20:00", ...change };
}

describe("the times at which nodes come and go", () => {
  it.each([
    ["half an hour around peak", someHours(), "30 6 * * 1,2,3,4,5", "30 20 * * 1,2,3,4,5"],
    ["on every day", someHours({ days: [...week, "sat", "sun"] }), "30 6 * * *", "30 20 * * *"],
    [
      "on the evening before, where peak begins with the day",
      someHours({ from: "00:10" }),
      "40 23 * * 0,1,2,3,4",
      undefined,
    ],
    [
      "on the morning after, where peak ends with the day",
      someHours({ until: "23:45" }),
      undefined,
      "15 0 * * 2,3,4,5,6",
    ],
    [
      "over the end of the week",
      someHours({ days: ["sun"], from: "00:00", until: "23:59" }),
      "30 23 * * 6",
      "29 0 * * 1",
    ],
  ])("are %s", (_when, hours, peak, offPeak) => {
    const times = scheduleTimes(hours);
    if (peak !== undefined) expect(times.peak).toBe(peak);
    if (offPeak !== undefined) expect(times.offPeak).toBe(offPeak);
  });
});

describe("hours", () => {
  it.each([
    ["weekdays", someHours()],
    ["a long day, with a night of more than an hour", someHours({ from: "00:31", until: "23:30" })],
    ["a whole day, where the next one has no peak", someHours({ days: ["mon", "wed"], from: "00:00", until: "23:59" })],
  ])("can be kept: %s", (_which, hours) => {
    expect(hoursFault(hours)).toBeUndefined();
  });

  it.each([
    [
      "a peak over midnight",
      someHours({ from: "20:00", until: "07:00" }),
      "from (20:00) must be earlier than until (07:00)",
    ],
    ["no peak at all", someHours({ from: "07:00", until: "07:00" }), "from (07:00) must be earlier"],
    [
      "a night so short that nodes would come before they go",
      someHours({ from: "00:30", until: "23:30" }),
      "60 minutes of off-peak from 23:30 to 00:30 are too few",
    ],
    [
      "the same at the end of the week",
      someHours({ days: ["sat", "sun"], from: "00:00", until: "23:30" }),
      "30 minutes",
    ],
  ])("cannot be kept: %s", (_which, hours, fault) => {
    expect(hoursFault(hours)).toContain(fault);
  });
});
