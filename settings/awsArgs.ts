/** What the components on AWS need, from what the configuration says. */
import type { CiRolesArgs } from "../components/ciRoles";
import type { ClusterArgs } from "../components/cluster";
import type { EksPlatformArgs } from "../components/eksPlatform";
import { gpuAmis } from "../components/gpuAmi";
import type { ImageRepositoriesArgs } from "../components/imageRepositories";
import type { ModelStorageArgs } from "../components/modelStorage";
import { deregistrationSeconds } from "../components/networkLoadBalancer";
import type { Settings } from "../settings";
import { ecrRepository, parseReference } from "./imageReference";
import { gpuInstanceTypesOf, nodePools } from "./nodePools";

export function clusterArgs(settings: Settings): ClusterArgs {
  const { cluster } = settings;
  return cluster.kind === "create" ? { ...cluster, gpuInstanceTypes: gpuInstanceTypesOf(settings) } : cluster;
}

/** Undefined where the models are on nothing of AWS. */
export function storageArgs({ cluster, modelStore }: Settings): Omit<ModelStorageArgs, "eks"> | undefined {
  if (cluster.kind === "kubeconfig" || (modelStore.kind !== "s3" && modelStore.kind !== "efs")) return undefined;
  const network =
    cluster.kind === "create" ? cluster.network : { kind: "adopt" as const, subnetIds: cluster.subnetIds };
  const zones = network.kind === "create" ? network.zones : network.subnetIds.length;
  return { place: modelStore, zones, driver: hasOwnControllers(cluster) };
}

/** Whether the program installs controllers, by charts. */
export function installsCharts({ cluster, ingress }: Settings): boolean {
  return ingress.kind === "install" || hasOwnControllers(cluster);
}

function hasOwnControllers(cluster: Settings["cluster"]): boolean {
  return cluster.kind === "create" || (cluster.kind === "adopt" && cluster.controllers);
}

export function platformArgs(settings: Settings): Pick<EksPlatformArgs, "controllers" | "pools"> {
  const { cluster, schedule, certManager, protect } = settings;
  const pools = nodePools(settings);
  const amis = pools.flatMap(({ groups }) => [groups.blue.ami, groups.green.ami]);
  return {
    pools: pools.map((pool) => ({ ...pool, hours: schedule, protect })),
    controllers: hasOwnControllers(cluster)
      ? {
          longestGraceSeconds: longestGraceSeconds(settings),
          devicePlugin: amis.some((ami) => !gpuAmis[ami].hasDevicePlugin),
          certManager,
        }
      : undefined,
  };
}

/** The longest that any Pod may take to stop: for so long the cluster autoscaler has to leave a node alone. */
function longestGraceSeconds({ services, ingress }: Settings): number {
  const ofServices = Object.values(services).map((service) => service.terminationGracePeriodSeconds);
  const ofNginx = ingress.kind === "install" ? ingress.drainSeconds + deregistrationSeconds : 0;
  return Math.max(ofNginx, ...ofServices);
}

/** A repository belongs to a service where only that one's images, and those that verify it, are pulled from it. */
export function repositoriesArgs({ imageRepositories, services }: Settings): ImageRepositoriesArgs {
  const pulled = Object.entries(services).flatMap(([service, { blue, green, verification }]) =>
    [blue, green, verification].map(({ image }) => ({ service, from: ecrRepository(parseReference(image))?.name })),
  );
  return {
    repositories: imageRepositories.map((repository) => {
      const [service, ...others] = new Set(
        pulled.filter(({ from }) => from === repository).map((each) => each.service),
      );
      return { repository, service: others.length === 0 ? service : undefined };
    }),
  };
}

/** The part of the pipelines' roles that is configuration; undefined where no pipeline is to have any. */
export function ciArgs({
  ci,
  guard,
}: Settings): Pick<CiRolesArgs, "github" | "gitlab" | "groups" | "state"> | undefined {
  if (ci === undefined) return undefined;
  const { github, gitlab, state } = ci;
  return {
    github,
    gitlab,
    groups: { preview: guard?.viewers ?? [], release: guard?.groups ?? [] },
    state: state && {
      bucketArn: `arn:aws:s3:::${state.bucket}`,
      keyArn: state.keyArn,
      secretsKeyArn: state.secretsKeyArn,
    },
  };
}
