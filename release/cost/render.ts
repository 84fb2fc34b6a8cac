/** The monthly cost of a stack as a table for people. */
import type { FixedCost } from "../../cost/fixed";
import type { NodesCost } from "../../cost/monthly";
import type { StackCost } from "../../cost/stackCost";
import { percent, usd } from "../../cost/money";
import { colorName } from "../render/colors";
import { table } from "../render/table";

export function renderCost(stack: string, cost: StackCost | undefined): string {
  if (cost === undefined) return `stack ${stack}: it has no GPU nodes of its own, so there is nothing to price.`;
  const { hours, region, alwaysOn, scheduled } = cost;
  const rows = [
    ...cost.nodes.map(nodesRow),
    ...cost.fixed.map(fixedRow),
    ["total", "", "", "", amount(alwaysOn), amount(scheduled)],
  ];
  return [
    `stack ${stack}, ${region}, USD a month; GPU nodes ${hours.peak.toFixed(0)} h at peak, ${hours.offPeak.toFixed(0)} h off-peak`,
    "",
    table(["PART", "TYPE", "PEAK", "OFF-PEAK", "ALWAYS ON", "BY SCHEDULE"], rows, "  "),
    "",
    `The schedule saves ${usd(cost.saving)} a month, ${percent(cost.savingPercent)}.`,
    ...cost.missing.map((what) => `NOT COUNTED, so that it costs more than this: ${what}.`),
    ...cost.notes,
    "Prices:",
    ...cost.sources.map(
      ({ date, from, verified, parts }) =>
        `  ${date}  ${parts.join(", ")}: ${from}${verified ? "" : " (NOT VERIFIED)"}`,
    ),
  ].join("\n");
}

function nodesRow({ service, color, instanceType, capacity, ...nodes }: NodesCost): string[] {
  return [
    `${colorName(color)}${service === null ? "" : ` of ${service}`}`,
    `${instanceType}${capacity === "onDemand" ? "" : `, ${capacity}`}`,
    String(nodes.peakNodes),
    String(nodes.offPeakNodes),
    amount(nodes.alwaysOn),
    amount(nodes.scheduled),
  ];
}

function fixedRow({ what, count, monthly }: FixedCost): string[] {
  return [what, "", String(count), String(count), amount(monthly), amount(monthly)];
}

function amount(value: number | null): string {
  return value === null ? "unknown" : usd(value);
}
