/** The options of the commands that act. */
import { InvalidArgumentError, Option } from "commander";
import { colors, type Color } from "../../components/colors";
import type { CommonOptions } from "../options";

export interface ActOptions extends CommonOptions {
  /** Milliseconds to wait for another update of the stack to end. */
  wait: number;
}

export function waitOption(): Option {
  return new Option("--wait <duration>", "how long to wait for another update of the stack to end, such as 90s or 10m")
    .argParser(durationIn)
    .default(600_000, "10m");
}

const unitMs = { s: 1000, m: 60_000, h: 3_600_000 };

/** `90s`, `10m`, `1h`, in milliseconds. */
export function durationIn(text: string): number {
  const parts = /^(?<count>\d+(\.\d+)?)(?<unit>[smh])$/.exec(text)?.groups;
  const unit = (["s", "m", "h"] as const).find((each) => each === parts?.["unit"]);
  if (parts === undefined || unit === undefined)
    throw new InvalidArgumentError("accepted: a number with s, m or h, such as 90s, 10m or 1h");
  return Number(parts["count"]) * unitMs[unit];
}

export function colorIn(text: string): Color {
  const color = colors.find((each) => each === text);
  if (color === undefined) throw new InvalidArgumentError(`accepted: ${colors.join(" or ")}`);
  return color;
}
