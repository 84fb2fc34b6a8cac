/**
 * What AWS asks, as data: USD, without taxes, discounts, savings plans and free tiers.
 *
 * AWS's price list cannot be asked without a network, so that the numbers are what others have read there, each with the
 * day and the place. A region or a type that is not in the tables has no price, which is not the same as costing nothing.
 */
import { instancePrices } from "./instancePrices";

/** Where a number comes from. */
export interface Source {
  /** The day on which it was read from AWS; where the source does not say, when the source was looked up (ISO 8601). */
  readonly date: string;
  readonly from: string;
  /** False where no reading of AWS's own list could be found: look it up before a decision hangs on it. */
  readonly verified: boolean;
}

export const sources = {
  karpenter: {
    date: "2026-07-20",
    from: "AWS price list, in aws/karpenter-provider-aws, pkg/providers/pricing/zz_generated.pricing_aws.go",
    verified: true,
  },
  vantage: {
    date: "2026-01-21",
    from: "instances.vantage.sh, in tsaol/aws-gpu, data/*_instances.js",
    verified: true,
  },
  skypilot: {
    date: "2026-11-25",
    from: "AWS price list, in skypilot-org/skypilot-catalog, catalogs/v8/aws/vms.csv (e385a0d)",
    verified: true,
  },
  eks: {
    date: "2026-03-31",
    from: "Amazon EKS pricing, aws.amazon.com/eks/pricing, as cited in public",
    verified: true,
  },
  priceList: { date: "2026-11-25", from: "AWS price list, answers for the usage type cited in public", verified: true },
  unverified: { date: "2026-11-25", from: "price tables in public that do not show AWS's answer", verified: false },
} as const satisfies Record<string, Source>;

export type SourceName = keyof typeof sources;

/** A price with where it comes from. */
export interface Price {
  readonly usd: number;
  readonly source: SourceName;
}

/** What a stack pays for in a region whether anybody uses it or not. */
export interface FixedPrices {
  readonly controlPlaneHour: Price;
  /** In place of the other, past the end of a Kubernetes version's standard support. */
  readonly extendedControlPlaneHour: Price;
  readonly natGatewayHour: Price;
  /** A Network Load Balancer, in however many zones, without what it carries. */
  readonly loadBalancerHour: Price;
  /** A public IPv4 address: every NAT gateway has one, and a load balancer has one in each zone. */
  readonly publicAddressHour: Price;
  /** A key of one's own in KMS, without its use; each of its first two rotations costs as much again. */
  readonly keyMonth: Price;
  /** gp3 with the throughput that is in its price. */
  readonly diskGiBMonth: Price;
}

const everywhere = {
  controlPlaneHour: { usd: 0.1, source: "eks" },
  extendedControlPlaneHour: { usd: 0.6, source: "eks" },
  publicAddressHour: { usd: 0.005, source: "priceList" },
  keyMonth: { usd: 1, source: "priceList" },
} as const;

export const fixedPrices: Readonly<Record<string, FixedPrices>> = {
  "us-east-1": {
    ...everywhere,
    natGatewayHour: { usd: 0.045, source: "priceList" },
    loadBalancerHour: { usd: 0.0225, source: "priceList" },
    diskGiBMonth: { usd: 0.08, source: "priceList" },
  },
  "eu-west-1": {
    ...everywhere,
    natGatewayHour: { usd: 0.048, source: "priceList" },
    loadBalancerHour: { usd: 0.0252, source: "unverified" },
    diskGiBMonth: { usd: 0.088, source: "priceList" },
  },
  "eu-central-1": {
    ...everywhere,
    natGatewayHour: { usd: 0.052, source: "unverified" },
    loadBalancerHour: { usd: 0.027, source: "unverified" },
    diskGiBMonth: { usd: 0.0952, source: "priceList" },
  },
};

/** An instance's price by the hour; undefined where the tables have none. */
export function instancePrice(region: string, type: string): Price | undefined {
  for (const { sources: columns, usdPerHour } of instancePrices) {
    const [usd, source] = [usdPerHour[type]?.[region], columns[region]];
    if (usd !== undefined && source !== undefined) return { usd, source };
  }
  return undefined;
}

/**
 * The day on which EKS's standard support of a Kubernetes version ends (Amazon EKS user guide, "Kubernetes versions"). A
 * version that is not here is taken to have it.
 */
export const standardSupportEnds: Readonly<Record<string, string>> = { "1.34": "2026-12-02", "1.35": "2027-03-27" };
