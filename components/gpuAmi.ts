/**
 * The node images that EKS builds for NVIDIA GPUs: one row per image, everything else looks up here.
 *
 * Amazon Linux 2 (`AL2_x86_64_GPU`) is not among them: AWS made the last one on 26 November 2025.
 */
import { gpuGenerations, gpuInstanceType } from "./gpuInstanceTypes";

export type GpuAmi = "al2023" | "bottlerocket";

interface GpuAmiRow {
  /** What EKS calls it. */
  readonly amiType: string;
  /**
   * The branches of NVIDIA's driver that it carries, by Kubernetes version. Where there are two, it picks the one for the
   * machine's GPUs when it boots.
   */
  readonly drivers: Readonly<Record<string, readonly number[]>>;
  /** Whether NVIDIA's device plugin is part of it; where not, the chart has to be on the cluster. */
  readonly hasDevicePlugin: boolean;
  /** The disk with images and caches. */
  readonly disk: "/dev/xvda" | "/dev/xvdb";
  /** What a release looks like. */
  readonly release: { readonly pattern: RegExp; readonly example: string };
  /** The public SSM parameter with the release that AWS recommends. */
  readonly releaseParameter: (kubernetesVersion: string) => string;
  /** User data that puts images, caches and logs on the disks of the machine. */
  readonly instanceStoreUserData: string;
}

/**
 * Sources for drivers: bottlerocket.dev, "GPU Driver Versions" of 1.68; awslabs/amazon-eks-ami#2819, since which Amazon
 * Linux carries the branch with long-term support (580) and the production branch (595). Both drive P3 (EKS user guide,
 * "Use EKS-optimized accelerated AMIs for GPU instances").
 */
export const gpuAmis: Readonly<Record<GpuAmi, GpuAmiRow>> = {
  al2023: {
    amiType: "AL2023_x86_64_NVIDIA",
    drivers: { "1.33": [580, 595], "1.34": [580, 595], "1.35": [580, 595], "1.36": [580, 595] },
    hasDevicePlugin: false,
    disk: "/dev/xvda",
    release: { pattern: /^\d+\.\d+\.\d+-\d{8}$/, example: "1.35.2-20260917" },
    releaseParameter: (version) =>
      `/aws/service/eks/optimized-ami/${version}/amazon-linux-2023/x86_64/nvidia/recommended/release_version`,
    // EKS adds what the node needs to join. Source: amazon-eks-ami, nodeadm/doc/api.md, LocalStorageOptions.
    instanceStoreUserData: `MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="NODE"

--NODE
Content-Type: application/node.eks.aws

---
apiVersion: node.eks.aws/v1alpha1
kind: NodeConfig
spec:
  instance:
    localStorage:
      strategy: RAID0

--NODE--
`,
  },
  bottlerocket: {
    amiType: "BOTTLEROCKET_x86_64_NVIDIA",
    drivers: { "1.33": [580], "1.34": [580], "1.35": [580], "1.36": [580] },
    hasDevicePlugin: true,
    disk: "/dev/xvdb",
    // Ends with a commit; a date is Amazon Linux's.
    release: { pattern: /^\d+\.\d+\.\d+-(?!20\d{6}$)[0-9a-f]{8}$/, example: "1.68.0-0a1b2c3d" },
    releaseParameter: (version) => `/aws/service/bottlerocket/aws-k8s-${version}-nvidia/x86_64/latest/image_version`,
    // Source: bottlerocket.dev, "Bootstrap Commands", Configure ephemeral disks.
    instanceStoreUserData: `[settings.bootstrap-commands.instance-store]
commands = [
  ["apiclient", "ephemeral-storage", "init"],
  ["apiclient", "ephemeral-storage", "bind", "--dirs", "/var/lib/containerd", "/var/lib/kubelet", "/var/log/pods"]
]
essential = true
mode = "always"
`,
  },
};

/** What is wrong with an image for a type of machine, in words; undefined where nothing is. */
export function amiFault(
  ami: GpuAmi,
  instanceType: string,
  kubernetesVersion: string,
  drivers: readonly number[] | undefined = gpuAmis[ami].drivers[kubernetesVersion],
): string | undefined {
  if (drivers === undefined) {
    const known = Object.keys(gpuAmis[ami].drivers).join(", ");
    return `there is no ${ami} image for Kubernetes ${kubernetesVersion} in the table, which has ${known}`;
  }
  const { gpu, generation } = gpuInstanceType(instanceType);
  const { lastDriver } = gpuGenerations[generation];
  if (lastDriver === undefined || drivers.some((driver) => driver <= lastDriver)) return undefined;
  return (
    `${ami} for Kubernetes ${kubernetesVersion} has NVIDIA's driver ${drivers.join(", ")}, and ${lastDriver} is the last ` +
    `for the ${gpu} of ${instanceType}: choose another ami, or another instanceType`
  );
}

/** The version of Kubernetes that a release is for, where its name says so: Bottlerocket names releases after its own. */
export function versionOfRelease(ami: GpuAmi, release: string): string | undefined {
  return ami === "al2023" ? /^\d+\.\d+/.exec(release)?.[0] : undefined;
}

/** How many minors nodes may be behind their cluster; they may not be ahead (Kubernetes, "Version Skew Policy"). */
const minorsBehind = 3;

/** What is wrong with a release that is asked for by name; undefined where nothing is. */
export function releaseFault(ami: GpuAmi, clusterVersion: string, release: string): string | undefined {
  const { pattern, example } = gpuAmis[ami].release;
  if (!pattern.test(release)) return `amiRelease: ${release} is no release of ${ami}, such as ${example}`;
  const version = versionOfRelease(ami, release);
  const behind = version === undefined ? 0 : minorOf(clusterVersion) - minorOf(version);
  if (behind >= 0 && behind <= minorsBehind) return undefined;
  return `amiRelease: ${release} is not for Kubernetes ${clusterVersion}, which the cluster runs, nor for one of the ${minorsBehind} minors before`;
}

function minorOf(version: string): number {
  return Number(version.split(".")[1]);
}
