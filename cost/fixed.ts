/** What a stack pays for by the month besides GPU nodes, whether anybody uses it or not. */
import type { Settings } from "../settings";
import { systemDiskGiB } from "../components/systemNodeGroup";
import { hoursPerMonth } from "./hours";
import { fixedPrices, instancePrice, standardSupportEnds, type Price, type SourceName } from "./prices";

/** One kind of thing, and what all of them cost in a month, in USD; null where that is not known. */
export interface FixedCost {
  readonly what: string;
  readonly count: number;
  readonly monthly: number | null;
  readonly priceFrom: SourceName | null;
}

/**
 * @param settings Whoever made a cluster that is only adopted pays for it, and it is not in here.
 * @param date The day for which it is asked (ISO 8601): a Kubernetes version becomes dearer as it gets old.
 */
export function fixedCosts(settings: Settings, region: string, date: string): FixedCost[] {
  const { cluster, ingress } = settings;
  const prices = fixedPrices[region];
  const costs: FixedCost[] = [];
  const add = (what: string, count: number, price: Price | undefined, times: number) =>
    costs.push({
      what,
      count,
      monthly: price === undefined ? null : count * price.usd * times,
      priceFrom: price?.source ?? null,
    });

  if (cluster.kind === "create") {
    const { version, network, systemNodes } = cluster;
    const extended = date > (standardSupportEnds[version] ?? date);
    const hour = extended ? prices?.extendedControlPlaneHour : prices?.controlPlaneHour;
    add(`EKS ${version}${extended ? ", extended support" : ""}`, 1, hour, hoursPerMonth);
    add(
      `${systemNodes.instanceType} system nodes`,
      systemNodes.minSize,
      instancePrice(region, systemNodes.instanceType),
      hoursPerMonth,
    );
    add("system nodes' disks", systemNodes.minSize, prices?.diskGiBMonth, systemDiskGiB);
    if (network.kind === "create")
      add("NAT gateways", network.natGateways === "one" ? 1 : network.zones, prices?.natGatewayHour, hoursPerMonth);
  }
  if (ingress.kind === "install") add("Network Load Balancer", 1, prices?.loadBalancerHour, hoursPerMonth);
  const addresses = publicAddresses(settings);
  if (addresses > 0) add("public addresses", addresses, prices?.publicAddressHour, hoursPerMonth);
  const keys = keysOf(settings);
  if (keys > 0) add("KMS keys", keys, prices?.keyMonth, 1);
  return costs;
}

/** One for each NAT gateway, and one for the load balancer in each zone. */
function publicAddresses({ cluster, ingress }: Settings): number {
  if (cluster.kind === "kubeconfig") return 0;
  const network =
    cluster.kind === "create" ? cluster.network : { kind: "adopt" as const, subnetIds: cluster.subnetIds };
  const zones = network.kind === "create" ? network.zones : network.subnetIds.length;
  const natGateways = network.kind === "adopt" ? 0 : network.natGateways === "one" ? 1 : network.zones;
  return natGateways + (ingress.kind === "install" ? zones : 0);
}

/** One each for a cluster's Secrets, its logs, the models and the images, where they are made here. */
function keysOf({ cluster, modelStore, imageRepositories }: Settings): number {
  const ofModels =
    (modelStore.kind === "s3" && modelStore.create) ||
    (modelStore.kind === "efs" && modelStore.fileSystemId === undefined);
  return (cluster.kind === "create" ? 2 : 0) + (ofModels ? 1 : 0) + (imageRepositories.length > 0 ? 1 : 0);
}
