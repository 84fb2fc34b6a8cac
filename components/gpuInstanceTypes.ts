/**
 * The NVIDIA instance types that the node groups may use: one row per type, everything else looks up here.
 *
 * Sources: AWS EC2 accelerated computing instance types (GPU, memory, vCPU and EFA columns), and AWS's notice that
 * asked users to leave P3 by 20 December 2025; since May 2026 the EC2 API no longer describes p3.*.
 */
export interface GpuInstanceType {
  /** Family as configuration names it, such as `p4d`. */
  readonly family: string;
  readonly gpu: string;
  readonly gpus: number;
  /** Memory of one GPU, in GiB. */
  readonly gpuMemoryGiB: number;
  readonly vcpus: number;
  readonly memoryGiB: number;
  readonly efa: boolean;
  /** Date (ISO 8601) from which AWS no longer offers the type, where it has been announced. */
  readonly retired?: string;
  /** True where the driver must be NVIDIA's proprietary one (Volta: the open kernel modules exclude it). */
  readonly proprietaryDriver?: boolean;
}

const p3 = { family: "p3", gpu: "V100", retired: "2025-12-20", proprietaryDriver: true, efa: false } as const;

export const gpuInstanceTypes: Readonly<Record<string, GpuInstanceType>> = {
  "p3.2xlarge": { ...p3, gpus: 1, gpuMemoryGiB: 16, vcpus: 8, memoryGiB: 61 },
  "p3.8xlarge": { ...p3, gpus: 4, gpuMemoryGiB: 16, vcpus: 32, memoryGiB: 244 },
  "p3.16xlarge": { ...p3, gpus: 8, gpuMemoryGiB: 16, vcpus: 64, memoryGiB: 488 },
  "p3dn.24xlarge": { ...p3, family: "p3dn", gpus: 8, gpuMemoryGiB: 32, vcpus: 96, memoryGiB: 768, efa: true },
  "p4d.24xlarge": { family: "p4d", gpu: "A100", gpus: 8, gpuMemoryGiB: 40, vcpus: 96, memoryGiB: 1152, efa: true },
  "p4de.24xlarge": { family: "p4de", gpu: "A100", gpus: 8, gpuMemoryGiB: 80, vcpus: 96, memoryGiB: 1152, efa: true },
  "g4dn.xlarge": { family: "g4dn", gpu: "T4", gpus: 1, gpuMemoryGiB: 16, vcpus: 4, memoryGiB: 16, efa: false },
  "g4dn.2xlarge": { family: "g4dn", gpu: "T4", gpus: 1, gpuMemoryGiB: 16, vcpus: 8, memoryGiB: 32, efa: false },
  "g4dn.12xlarge": { family: "g4dn", gpu: "T4", gpus: 4, gpuMemoryGiB: 16, vcpus: 48, memoryGiB: 192, efa: false },
  "g5.xlarge": { family: "g5", gpu: "A10G", gpus: 1, gpuMemoryGiB: 24, vcpus: 4, memoryGiB: 16, efa: false },
  "g5.2xlarge": { family: "g5", gpu: "A10G", gpus: 1, gpuMemoryGiB: 24, vcpus: 8, memoryGiB: 32, efa: false },
  "g5.12xlarge": { family: "g5", gpu: "A10G", gpus: 4, gpuMemoryGiB: 24, vcpus: 48, memoryGiB: 192, efa: false },
  "g5.48xlarge": { family: "g5", gpu: "A10G", gpus: 8, gpuMemoryGiB: 24, vcpus: 192, memoryGiB: 768, efa: true },
  "g6.xlarge": { family: "g6", gpu: "L4", gpus: 1, gpuMemoryGiB: 24, vcpus: 4, memoryGiB: 16, efa: false },
  "g6.2xlarge": { family: "g6", gpu: "L4", gpus: 1, gpuMemoryGiB: 24, vcpus: 8, memoryGiB: 32, efa: false },
  "g6.12xlarge": { family: "g6", gpu: "L4", gpus: 4, gpuMemoryGiB: 24, vcpus: 48, memoryGiB: 192, efa: false },
  "g6.48xlarge": { family: "g6", gpu: "L4", gpus: 8, gpuMemoryGiB: 24, vcpus: 192, memoryGiB: 768, efa: true },
  "g6e.xlarge": { family: "g6e", gpu: "L40S", gpus: 1, gpuMemoryGiB: 48, vcpus: 4, memoryGiB: 32, efa: false },
  "g6e.2xlarge": { family: "g6e", gpu: "L40S", gpus: 1, gpuMemoryGiB: 48, vcpus: 8, memoryGiB: 64, efa: false },
  "g6e.12xlarge": { family: "g6e", gpu: "L40S", gpus: 4, gpuMemoryGiB: 48, vcpus: 48, memoryGiB: 384, efa: true },
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
