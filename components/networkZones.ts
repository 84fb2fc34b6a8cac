/** Which zones of the region a new network spreads over. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { offering } from "./offeredZones";

/**
 * Names of as many zones as asked for: those that offer the instance types first.
 *
 * @throws RunError where the region has too few zones.
 */
export function networkZones(
  instanceTypes: string[],
  count: number,
  opts: pulumi.InvokeOptions,
): pulumi.Output<string[]> {
  const region = aws.getAvailabilityZonesOutput(
    {
      // Not local zones, which have to be opted in to.
      filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
      // EKS puts no control plane there (user guide, "View Amazon EKS networking requirements for VPC and subnets").
      excludeZoneIds: ["use1-az3", "usw1-az2", "cac1-az3"],
    },
    opts,
  );
  // One that is offered nowhere is its node group's to refuse, when that is made: a network that is there stays.
  const offers = instanceTypes.map((type) => offering([type], opts).apply(({ zones }) => zones));
  return pulumi.all([region, pulumi.all(offers)]).apply(([found, offered]) => chooseZones(found, offered, count));
}

/** For each type the best of its zones, then whatever offers most. `offered` has the zones of one type after the other. */
export function chooseZones(
  { region, names }: { region: string; names: readonly string[] },
  offered: readonly (readonly string[])[],
  count: number,
): string[] {
  if (names.length < count)
    throw new pulumi.RunError(`${region} has ${names.length} zones for a cluster, and ${count} are asked for`);
  const types = (zone: string) => offered.filter((offering) => offering.includes(zone)).length;
  const bestFirst = [...names].sort((a, b) => types(b) - types(a) || (a < b ? -1 : 1));
  const needed = offered.flatMap((offering) => bestFirst.find((zone) => offering.includes(zone)) ?? []);
  return [...new Set([...needed, ...bestFirst])].slice(0, count);
}
