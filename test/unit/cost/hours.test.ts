import { expect, it } from "vitest";
import { monthlyHours, monthlyNodeHours } from "../../../cost/hours";
import { officeHours } from "../../support/costs";

it("weekdays from 7 to 20 are 65 of a week's 168 hours", () => {
  const { peak, offPeak } = monthlyHours(officeHours);
  expect(peak).toBeCloseTo((730 * 65) / 168, 9);
  expect(offPeak).toBeCloseTo((730 * 103) / 168, 9);
});

it("half hours count, and a day that is named twice counts once", () => {
  const { peak } = monthlyHours({ days: ["mon", "mon"], from: "08:30", until: "19:45" });
  expect(peak).toBeCloseTo((730 * 11.25) / 168, 9);
});

it("nodes are at peak for half an hour more before, and after: 70 hours of the same week", () => {
  const { peak, offPeak } = monthlyNodeHours(officeHours);
  expect(peak).toBeCloseTo((730 * 70) / 168, 9);
  expect(offPeak).toBeCloseTo((730 * 98) / 168, 9);
});

it("there are no more hours than a week has", () => {
  const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
  expect(monthlyNodeHours({ days, from: "00:00", until: "23:59" })).toEqual({ peak: 730, offPeak: 0 });
});

it("without a schedule the whole month is peak", () => {
  expect(monthlyHours(undefined)).toEqual({ peak: 730, offPeak: 0 });
});
