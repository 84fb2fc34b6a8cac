/** What docs/aws.md says of prices and of the example stacks, held against the tables and the files that it is taken from. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { systemDiskGiB } from "../../components/systemNodeGroup";
import { hoursPerMonth } from "../../cost/hours";
import { nodesInUse } from "../../cost/nodesInUse";
import { fixedPrices, instancePrice } from "../../cost/prices";
import { readStackSettings } from "../../release/cost/read";

const page = readFileSync("docs/aws.md", "utf8");

/** The cells of a table's rows, without its heading. */
function rowsBelow(heading: RegExp): string[][] {
  const [, table = ""] = page.split(heading);
  const [rows = ""] = table.split("\n\n");
  return rows
    .split("\n")
    .slice(2)
    .map((row) => row.split("|").map((cell) => cell.trim()));
}

it("the page on AWS has the prices of the price table", () => {
  const region = "eu-west-1";
  const prices = fixedPrices[region];
  if (prices === undefined) throw new Error(`no prices for ${region}`);
  const month = (usdPerHour: number) => (usdPerHour * hoursPerMonth).toFixed(2);
  const machine = (type: string, digits: number) =>
    ((instancePrice(region, type)?.usd ?? NaN) * hoursPerMonth).toLocaleString("en-US", {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
  const address = month(prices.publicAddressHour.usd);
  const expected = [
    `${month(prices.natGatewayHour.usd + prices.publicAddressHour.usd)} each, and traffic by use`,
    `${month(prices.controlPlaneHour.usd)} (${month(prices.extendedControlPlaneHour.usd)} in extended support)`,
    `${prices.keyMonth.usd.toFixed(2)} each`,
    `${machine("m7i.large", 2)} a m7i.large, ${(prices.diskGiBMonth.usd * systemDiskGiB).toFixed(2)} its disk`,
    `${month(prices.loadBalancerHour.usd)}, ${address} an address, and traffic by use`,
    `${machine("g5.xlarge", 0)} a g5.xlarge, ${machine("p4d.24xlarge", 0)} a p4d.24xlarge, and disk`,
  ];
  const written = rowsBelow(/\n\| Resource .*/).flatMap(([, , , cost = ""]) => (/\d\.\d|,\d/.test(cost) ? [cost] : []));
  expect(page).toContain(`USD a month in \`${region}\``);
  expect(written).toEqual(expected);
});

it.each(["dev", "prod"])("the page on AWS has the sizes that stack %s is configured with", (stack) => {
  const { settings } = readStackSettings(".", stack);
  const { cluster, gpuNodes } = settings;
  if (cluster.kind !== "create" || cluster.network.kind !== "create" || gpuNodes === undefined)
    throw new Error("the page says that it makes its cluster, its network and its nodes");
  const { network, systemNodes, version } = cluster;
  const nodes = nodesInUse(settings).map(({ color, instanceType, peakNodes, offPeakNodes }) => {
    const atNight = offPeakNodes === 0 ? ", none at night" : `, from ${offPeakNodes} at night`;
    const sizes = `${peakNodes} to ${gpuNodes[color].maxSize}${offPeakNodes < peakNodes ? atNight : ""}`;
    return `${instanceType}, ${sizes}`;
  });
  const gateways = network.natGateways === "one" ? "one NAT gateway" : "a NAT gateway in each";
  const expected = [
    `a VPC, ${network.zones} zones, ${gateways}`,
    `EKS ${version}, ${systemNodes.minSize} to ${systemNodes.maxSize} system nodes`,
    ...nodes,
  ];
  const rows = rowsBelow(/\n\|\s+\| `dev` .*/);
  expect(rows.map((cells) => cells[stack === "dev" ? 2 : 3]).slice(0, 4)).toEqual(expected);
});
