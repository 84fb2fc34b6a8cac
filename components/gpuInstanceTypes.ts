/**
 * The NVIDIA instance types that the node groups may use: one row per type, everything else looks up here.
 *
 * Sources: what EC2's DescribeInstanceTypes answers, as Karpenter's instance type reference lists it (August 2026: GPUs,
 * memory of a GPU, vCPUs, memory, local NVMe, EFA), and AWS's notice that asked everybody to leave P3 by 20 December
 * 2025; since May 2026 the API no longer describes p3.*, so those rows are from the instance type pages of before.
 */
export interface GpuInstanceType {
  /** Family as configuration names it, such as `p4d`. */
  readonly family: string;
  readonly gpu: string;
  readonly generation: GpuGeneration;
  readonly gpus: number;
  /** Memory of one GPU that programs see, in GiB, rounded down: less than the product's name says. */
  readonly gpuMemoryGiB: number;
  readonly vcpus: number;
  readonly memoryGiB: number;
  /** Whether the type has Elastic Fabric Adapters. Nothing here uses them: a Pod's GPUs are all on one node. */
  readonly efa: boolean;
  /** Size of the NVMe disks that come with the machine, in GB, all together; 0 where it has none. */
  readonly instanceStoreGB: number;
  /** Date (ISO 8601) from which AWS no longer offers the type, where it has been announced. */
  readonly retired?: string;
}

/** What matters of a GPU's architecture: which drivers can still drive it. */
export interface Generation {
  /** The last branch of NVIDIA's driver that supports it; left out where the newest one does. */
  readonly lastDriver?: number;
}

export type GpuGeneration = "volta" | "turing" | "ampere" | "ada";

export const gpuGenerations: Readonly<Record<GpuGeneration, Generation>> = {
  // NVIDIA ended it with R580, which has long-term support until June 2028; R595 does not drive P3 (amazon-eks-ami,
  // doc/usage/g7-ami.md). NVIDIA's open kernel modules never did: node images load the proprietary ones.
  volta: { lastDriver: 580 },
  turing: {},
  ampere: {},
  ada: {},
};

const v100 = { gpu: "V100", generation: "volta", retired: "2025-12-20" } as const;
const a100 = { gpu: "A100", generation: "ampere", efa: true } as const;
const t4 = { family: "g4dn", gpu: "T4", generation: "turing", gpuMemoryGiB: 16 } as const;
const a10g = { family: "g5", gpu: "A10G", generation: "ampere", gpuMemoryGiB: 22 } as const;
const l4 = { family: "g6", gpu: "L4", generation: "ada", gpuMemoryGiB: 22 } as const;
const l40s = { family: "g6e", gpu: "L40S", generation: "ada", gpuMemoryGiB: 44 } as const;

const p3 = { ...v100, family: "p3", gpuMemoryGiB: 16, efa: false, instanceStoreGB: 0 } as const;
const p4 = { ...a100, gpus: 8, vcpus: 96, memoryGiB: 1152, instanceStoreGB: 8000 } as const;

// A row to a line, so that sizes can be compared.
// prettier-ignore
export const gpuInstanceTypes: Readonly<Record<string, GpuInstanceType>> = {
  "p3.2xlarge":    { ...p3, gpus: 1, vcpus: 8, memoryGiB: 61 },
  "p3.8xlarge":    { ...p3, gpus: 4, vcpus: 32, memoryGiB: 244 },
  "p3.16xlarge":   { ...p3, gpus: 8, vcpus: 64, memoryGiB: 488 },
  "p3dn.24xlarge": { ...v100, family: "p3dn", gpus: 8, gpuMemoryGiB: 32, vcpus: 96, memoryGiB: 768, efa: true, instanceStoreGB: 1800 },

  "p4d.24xlarge":  { ...p4, family: "p4d", gpuMemoryGiB: 40 },
  "p4de.24xlarge": { ...p4, family: "p4de", gpuMemoryGiB: 80 },

  "g4dn.xlarge":   { ...t4, gpus: 1, vcpus: 4, memoryGiB: 16, efa: false, instanceStoreGB: 125 },
  "g4dn.2xlarge":  { ...t4, gpus: 1, vcpus: 8, memoryGiB: 32, efa: false, instanceStoreGB: 225 },
  "g4dn.4xlarge":  { ...t4, gpus: 1, vcpus: 16, memoryGiB: 64, efa: false, instanceStoreGB: 225 },
  "g4dn.8xlarge":  { ...t4, gpus: 1, vcpus: 32, memoryGiB: 128, efa: true, instanceStoreGB: 900 },
  "g4dn.12xlarge": { ...t4, gpus: 4, vcpus: 48, memoryGiB: 192, efa: true, instanceStoreGB: 900 },
  "g4dn.16xlarge": { ...t4, gpus: 1, vcpus: 64, memoryGiB: 256, efa: true, instanceStoreGB: 900 },
  "g4dn.metal":    { ...t4, gpus: 8, vcpus: 96, memoryGiB: 384, efa: true, instanceStoreGB: 1800 },

  "g5.xlarge":     { ...a10g, gpus: 1, vcpus: 4, memoryGiB: 16, efa: false, instanceStoreGB: 250 },
  "g5.2xlarge":    { ...a10g, gpus: 1, vcpus: 8, memoryGiB: 32, efa: false, instanceStoreGB: 450 },
  "g5.4xlarge":    { ...a10g, gpus: 1, vcpus: 16, memoryGiB: 64, efa: false, instanceStoreGB: 600 },
  "g5.8xlarge":    { ...a10g, gpus: 1, vcpus: 32, memoryGiB: 128, efa: true, instanceStoreGB: 900 },
  "g5.12xlarge":   { ...a10g, gpus: 4, vcpus: 48, memoryGiB: 192, efa: true, instanceStoreGB: 3800 },
  "g5.16xlarge":   { ...a10g, gpus: 1, vcpus: 64, memoryGiB: 256, efa: true, instanceStoreGB: 1900 },
  "g5.24xlarge":   { ...a10g, gpus: 4, vcpus: 96, memoryGiB: 384, efa: true, instanceStoreGB: 3800 },
  "g5.48xlarge":   { ...a10g, gpus: 8, vcpus: 192, memoryGiB: 768, efa: true, instanceStoreGB: 7600 },

  "g6.xlarge":     { ...l4, gpus: 1, vcpus: 4, memoryGiB: 16, efa: false, instanceStoreGB: 250 },
  "g6.2xlarge":    { ...l4, gpus: 1, vcpus: 8, memoryGiB: 32, efa: false, instanceStoreGB: 450 },
  "g6.4xlarge":    { ...l4, gpus: 1, vcpus: 16, memoryGiB: 64, efa: false, instanceStoreGB: 600 },
  "g6.8xlarge":    { ...l4, gpus: 1, vcpus: 32, memoryGiB: 128, efa: true, instanceStoreGB: 900 },
  "g6.12xlarge":   { ...l4, gpus: 4, vcpus: 48, memoryGiB: 192, efa: true, instanceStoreGB: 3760 },
  "g6.16xlarge":   { ...l4, gpus: 1, vcpus: 64, memoryGiB: 256, efa: true, instanceStoreGB: 1880 },
  "g6.24xlarge":   { ...l4, gpus: 4, vcpus: 96, memoryGiB: 384, efa: true, instanceStoreGB: 3760 },
  "g6.48xlarge":   { ...l4, gpus: 8, vcpus: 192, memoryGiB: 768, efa: true, instanceStoreGB: 7520 },

  "g6e.xlarge":    { ...l40s, gpus: 1, vcpus: 4, memoryGiB: 32, efa: false, instanceStoreGB: 250 },
  "g6e.2xlarge":   { ...l40s, gpus: 1, vcpus: 8, memoryGiB: 64, efa: false, instanceStoreGB: 450 },
  "g6e.4xlarge":   { ...l40s, gpus: 1, vcpus: 16, memoryGiB: 128, efa: false, instanceStoreGB: 600 },
  "g6e.8xlarge":   { ...l40s, gpus: 1, vcpus: 32, memoryGiB: 256, efa: true, instanceStoreGB: 900 },
  "g6e.12xlarge":  { ...l40s, gpus: 4, vcpus: 48, memoryGiB: 384, efa: true, instanceStoreGB: 3800 },
  "g6e.16xlarge":  { ...l40s, gpus: 1, vcpus: 64, memoryGiB: 512, efa: true, instanceStoreGB: 1900 },
  "g6e.24xlarge":  { ...l40s, gpus: 4, vcpus: 96, memoryGiB: 768, efa: true, instanceStoreGB: 3800 },
  "g6e.48xlarge":  { ...l40s, gpus: 8, vcpus: 192, memoryGiB: 1536, efa: true, instanceStoreGB: 7600 },
};

/** Families that need no permission: the ones the project is designed for. */
export const standardFamilies: readonly string[] = ["p3", "p3dn", "p4d", "p4de"];

/** Families that configuration may allow on purpose (`allowedInstanceFamilies`). */
export const optionalFamilies: readonly string[] = [
  ...new Set(Object.values(gpuInstanceTypes).map((type) => type.family)),
].filter((family) => !standardFamilies.includes(family));

/** The types of the given families, in table order. */
export function instanceTypesOf(families: readonly string[]): string[] {
  return Object.entries(gpuInstanceTypes)
    .filter(([, type]) => families.includes(type.family))
    .map(([name]) => name);
}

/** @throws Error for a type that is not in the table. */
export function gpuInstanceType(name: string): GpuInstanceType {
  const type = gpuInstanceTypes[name];
  if (type === undefined)
    throw new Error(`${name} is not in the table of GPU types, which has ${Object.keys(gpuInstanceTypes).join(", ")}`);
  return type;
}

/** A word on a type that AWS has retired, with its date; undefined for any other. */
export function retiredNote(instanceType: string): string | undefined {
  const retired = gpuInstanceTypes[instanceType]?.retired;
  return retired === undefined ? undefined : `AWS asked everybody to leave ${instanceType} by ${retired}.`;
}
