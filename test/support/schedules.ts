/** Schedules of a stack whose clock shows about noon, whenever a test runs. */
import { DateTime } from "luxon";

/** A time zone in which it is about noon now. */
const noonHere = (() => {
  const ahead = 12 - DateTime.utc().hour;
  // By POSIX, whose signs are the other way round.
  return ahead === 0 ? "Etc/GMT" : `Etc/GMT${ahead > 0 ? "-" : "+"}${Math.abs(ahead)}`;
})();

const everyDay = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

export const peakNow = { timeZone: noonHere, days: everyDay, from: "06:00", until: "20:00" };
export const peakAtNight = { ...peakNow, from: "01:00", until: "02:00" };
