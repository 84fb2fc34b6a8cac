/** Tables without lines: columns that a person reads and `awk` splits. */
import Table from "cli-table3";
import { paint } from "./colors";

/** @param rows Cells may hold line breaks and terminal colours; widths are right all the same. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], indent = ""): string {
  const chars = Object.fromEntries(borders.map((name) => [name, ""]));
  const style = { head: [], border: [], "padding-left": 0, "padding-right": 0 };
  const drawn = new Table({ head: head.map((cell) => paint.dim(cell)), chars: { ...chars, middle: "  " }, style });
  drawn.push(...rows.map((row) => [...row]));
  return drawn
    .toString()
    .split("\n")
    .map((line) => `${indent}${line.trimEnd()}`)
    .join("\n");
}

const borders = [
  ...["top", "top-mid", "top-left", "top-right"],
  ...["bottom", "bottom-mid", "bottom-left", "bottom-right"],
  ...["left", "left-mid", "mid", "mid-mid", "right", "right-mid"],
];
