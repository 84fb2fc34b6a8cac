/**
 * Instances by the hour and region: USD, on demand, Linux, shared tenancy. One row per type, a column per region; a type
 * without a region's price is not to be had there (Ireland has no g6, g6e and p4de), or nobody has read it.
 */
import type { SourceName } from "./prices";

type ByRegion = Readonly<Record<string, number>>;

interface Table {
  /** Where a region's column comes from. */
  readonly sources: Readonly<Record<string, SourceName>>;
  readonly usdPerHour: Readonly<Record<string, ByRegion>>;
}

/**
 * P4d and P4de are as since AWS's cut of June 2025: p4d.24xlarge was 32.77 in us-east-1. P3 is what AWS still lists, though
 * nodes of it are no longer to be had.
 */
const gpu = {
  "p3.2xlarge": { "us-east-1": 3.06, "eu-west-1": 3.305, "eu-central-1": 3.823 },
  "p3.8xlarge": { "us-east-1": 12.24, "eu-west-1": 13.22, "eu-central-1": 15.292 },
  "p3.16xlarge": { "us-east-1": 24.48, "eu-west-1": 26.44, "eu-central-1": 30.584 },
  "p3dn.24xlarge": { "us-east-1": 31.212, "eu-west-1": 33.711 },
  "p4d.24xlarge": { "us-east-1": 21.957642, "eu-west-1": 23.71569, "eu-central-1": 27.43298 },
  "p4de.24xlarge": { "us-east-1": 27.44705, "eu-central-1": 34.29122 },
  "g4dn.xlarge": { "us-east-1": 0.526, "eu-west-1": 0.587, "eu-central-1": 0.658 },
  "g4dn.2xlarge": { "us-east-1": 0.752, "eu-west-1": 0.838, "eu-central-1": 0.94 },
  "g4dn.4xlarge": { "us-east-1": 1.204, "eu-west-1": 1.342, "eu-central-1": 1.505 },
  "g4dn.8xlarge": { "us-east-1": 2.176, "eu-west-1": 2.426, "eu-central-1": 2.72 },
  "g4dn.12xlarge": { "us-east-1": 3.912, "eu-west-1": 4.362, "eu-central-1": 4.89 },
  "g4dn.16xlarge": { "us-east-1": 4.352, "eu-west-1": 4.853, "eu-central-1": 5.44 },
  "g4dn.metal": { "us-east-1": 7.824, "eu-west-1": 8.724, "eu-central-1": 9.78 },
  "g5.xlarge": { "us-east-1": 1.006, "eu-west-1": 1.123, "eu-central-1": 1.258 },
  "g5.2xlarge": { "us-east-1": 1.212, "eu-west-1": 1.35296, "eu-central-1": 1.5156 },
  "g5.4xlarge": { "us-east-1": 1.624, "eu-west-1": 1.81287, "eu-central-1": 2.03081 },
  "g5.8xlarge": { "us-east-1": 2.448, "eu-west-1": 2.73271, "eu-central-1": 3.06122 },
  "g5.12xlarge": { "us-east-1": 5.672, "eu-west-1": 6.33167, "eu-central-1": 7.09282 },
  "g5.16xlarge": { "us-east-1": 4.096, "eu-west-1": 4.57237, "eu-central-1": 5.12204 },
  "g5.24xlarge": { "us-east-1": 8.144, "eu-west-1": 9.09117, "eu-central-1": 10.18405 },
  "g5.48xlarge": { "us-east-1": 16.288, "eu-west-1": 18.18233, "eu-central-1": 20.3681 },
  "g6.xlarge": { "us-east-1": 0.8048, "eu-central-1": 1.0064 },
  "g6.2xlarge": { "us-east-1": 0.9776, "eu-central-1": 1.22249 },
  "g6.4xlarge": { "us-east-1": 1.3232, "eu-central-1": 1.65466 },
  "g6.8xlarge": { "us-east-1": 2.0144, "eu-central-1": 2.519 },
  "g6.12xlarge": { "us-east-1": 4.6016, "eu-central-1": 5.75429 },
  "g6.16xlarge": { "us-east-1": 3.3968, "eu-central-1": 4.24769 },
  "g6.24xlarge": { "us-east-1": 6.6752, "eu-central-1": 8.34732 },
  "g6.48xlarge": { "us-east-1": 13.3504, "eu-central-1": 16.69464 },
  "g6e.xlarge": { "us-east-1": 1.861, "eu-central-1": 2.327 },
  "g6e.2xlarge": { "us-east-1": 2.24208, "eu-central-1": 2.8035 },
  "g6e.4xlarge": { "us-east-1": 3.00424, "eu-central-1": 3.75651 },
  "g6e.8xlarge": { "us-east-1": 4.52856, "eu-central-1": 5.66252 },
  "g6e.12xlarge": { "us-east-1": 10.49264, "eu-central-1": 13.12002 },
  "g6e.16xlarge": { "us-east-1": 7.57719, "eu-central-1": 9.47454 },
  "g6e.24xlarge": { "us-east-1": 15.06559, "eu-central-1": 18.83806 },
  "g6e.48xlarge": { "us-east-1": 30.13118, "eu-central-1": 37.67612 },
};

/** For the controllers' nodes. Europe's m7i.xlarge to 4xlarge are m7i.large by vCPU, as m7i.8xlarge, which was read, is. */
const cpu = {
  "m6i.large": { "us-east-1": 0.096, "eu-west-1": 0.107, "eu-central-1": 0.115 },
  "m6i.xlarge": { "us-east-1": 0.192, "eu-west-1": 0.214, "eu-central-1": 0.23 },
  "m7i-flex.large": { "us-east-1": 0.09576, "eu-west-1": 0.10673, "eu-central-1": 0.11471 },
  "m7i.large": { "us-east-1": 0.1008, "eu-west-1": 0.11235, "eu-central-1": 0.12075 },
  "m7i.xlarge": { "us-east-1": 0.2016, "eu-west-1": 0.2247, "eu-central-1": 0.2415 },
  "m7i.2xlarge": { "us-east-1": 0.4032, "eu-west-1": 0.4494, "eu-central-1": 0.483 },
  "m7i.4xlarge": { "us-east-1": 0.8064, "eu-west-1": 0.8988, "eu-central-1": 0.966 },
  "m7i.8xlarge": { "us-east-1": 1.6128, "eu-west-1": 1.7976, "eu-central-1": 1.932 },
};

export const instancePrices: readonly Table[] = [
  { sources: { "us-east-1": "karpenter", "eu-west-1": "vantage", "eu-central-1": "vantage" }, usdPerHour: gpu },
  { sources: { "us-east-1": "karpenter", "eu-west-1": "skypilot", "eu-central-1": "skypilot" }, usdPerHour: cpu },
];
