/** What the components on AWS need, from what the configuration says. */
import type { CiRolesArgs } from "../components/ciRoles";
import type { ClusterArgs } from "../components/cluster";
import type { EksPlatformArgs } from "../components/eksPlatform";
import { gpuAmis } from "../components/gpuAmi";
import { deregistrationSeconds } from "../components/networkLoadBalancer";
import type { Settings } from "../settings";
import { gpuInstanceTypesOf, nodePools } from "./nodePools";

export function clusterArgs(settings: Settings): ClusterArgs {
  const { cluster } = settings;
  return cluster.kind === "create" ? { ...cluster, gpuInstanceTypes: gpuInstanceTypesOf(settings) } : cluster;
}

export function platformArgs(settings: Settings): Pick<EksPlatformArgs, "controllers" | "pools"> {
  const { cluster, schedule, certManager } = settings;
  const pools = nodePools(settings);
  const amis = pools.flatMap(({ groups }) => [groups.blue.ami, groups.green.ami]);
  const ownControllers = cluster.kind === "create" || (cluster.kind === "adopt" && cluster.controllers);
  return {
    pools: pools.map((pool) => ({ ...pool, hours: schedule })),
    controllers: ownControllers
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
