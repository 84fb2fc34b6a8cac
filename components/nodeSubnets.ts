/** The subnets of a group of nodes: those whose zones offer its instance type. */
import * as pulumi from "@pulumi/pulumi";
import type { NodeSubnet } from "./network";
import { offering, type Offering } from "./offeredZones";

export interface NodeSubnets {
  ids: pulumi.Output<string[]>;
  /**
   * Refuses to make a group where no subnet will do, on a preview too. One that is there already is left alone: that AWS
   * no longer offers its type must not keep anybody from a rollback.
   */
  whereOffered: pulumi.ResourceHook;
}

/** @param zone The one zone to use, such as `eu-west-1a`. */
export function nodeSubnets(
  name: string,
  subnets: pulumi.Input<NodeSubnet[]>,
  instanceType: string,
  zone: string | undefined,
  parent: pulumi.Resource,
): NodeSubnets {
  const chosen = pulumi
    .all([subnets, offering([instanceType], { parent })])
    .apply(([all, offered]) => chooseSubnets(all, instanceType, offered, zone));
  // Settled before the group is registered, since its subnets are.
  let problem: string | undefined;
  const ids = chosen.apply((choice) => {
    problem = choice.problem;
    if (problem !== undefined) void pulumi.log.warn(`${name}: ${problem}`, parent);
    return choice.ids;
  });
  const whereOffered = new pulumi.ResourceHook(
    `${name}-offered`,
    () => {
      if (problem !== undefined) throw new Error(`${name}: ${problem}`);
    },
    { onDryRun: true },
  );
  return { ids, whereOffered };
}

/** The subnets to use; with a problem, in words, those that would be used if there were none. */
export function chooseSubnets(
  subnets: readonly NodeSubnet[],
  instanceType: string,
  { zones, problem }: Offering,
  zone?: string,
): { ids: string[]; problem?: string } {
  const wanted = zone === undefined ? subnets : subnets.filter((subnet) => subnet.zone === zone);
  const offered = wanted.filter((subnet) => zones.includes(subnet.zone));
  const idsOf = (some: readonly NodeSubnet[]) => some.map(({ id }) => id);
  const zonesOf = (some: readonly NodeSubnet[]) => [...new Set(some.map((subnet) => subnet.zone))].sort().join(", ");
  if (problem !== undefined) return { ids: idsOf(wanted), problem };
  if (wanted.length === 0)
    return {
      ids: idsOf(subnets),
      problem: `zone: no subnet is in ${zone ?? "any"}; there are subnets in ${zonesOf(subnets)}`,
    };
  if (offered.length === 0)
    return {
      ids: idsOf(wanted),
      problem: `${instanceType} is offered in ${zones.join(", ")}, and the subnets to use are in ${zonesOf(wanted)}`,
    };
  return { ids: idsOf(offered) };
}
