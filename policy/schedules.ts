/** A GPU that nobody uses at night costs as much as one that somebody uses: outside production, it goes. */
import { colorLabel, poolLabel } from "../components/labels";
import { isGpuNodeGroup, schedulesOf, sizeAfter } from "./kinds";
import { items, part, shown } from "./plain";
import type { Context, Findings, Resource, StackRule } from "./rule";

export const schedules: StackRule = {
  name: "gpu-scale-down-schedule",
  description: "Outside production, every GPU node group is scaled down on a schedule.",
  configSchema: {
    properties: {
      exemptStacks: {
        type: "array",
        items: { type: "string" },
        description: "Stacks that may keep their GPU nodes all the time.",
        default: ["prod"],
      },
    },
  },
  checkStack(resources, findings, { config, stackConfig }) {
    const exempt = items(part(config, "exemptStacks") ?? ["prod"]);
    for (const group of resources.filter(isGpuNodeGroup)) {
      if (exempt.includes(stackOf(group.urn))) continue;
      const own = schedulesOf(group, resources);
      const few = liveServices(group, stackConfig);
      if (scalesDown(group, own, few, findings)) continue;
      findings.violation(
        `${group.name}: ${problemOf(own, few)}. ` +
          `Set facefusion:schedule, with standbyReplicas and offPeakReplicas that need fewer nodes than replicas, ` +
          `or give the group an aws.autoscaling.Schedule with recurrence and a lower desiredCapacity.`,
        group.urn,
      );
    }
  },
};

function problemOf(schedules: readonly Resource[], few: number): string {
  if (schedules.length === 0) return "no schedule is for its Auto Scaling group";
  const enough = few === 0 ? "" : ` and more than ${few}, one for each service that is live on it`;
  return `off-peak has as many nodes as peak${enough} (${schedules.map(describe).join("; ")})`;
}

/** `dev` of `urn:pulumi:dev::facefusion::…`. */
function stackOf(urn: string): string | undefined {
  return urn.split("::")[0]?.split(":")[2];
}

/**
 * Whether the fewest nodes that schedules leave again and again are fewer than the most, or as few as can be. A single
 * schedule is held against what the group starts with. What cannot be known yet may still scale down.
 */
function scalesDown(group: Resource, schedules: readonly Resource[], few: number, findings: Findings): boolean {
  const starts = part(group.props, "scalingConfig", "desiredSize");
  const decisive = [starts, ...schedules.flatMap((each) => [part(each.props, "recurrence"), sizeAfter(each)])];
  if (findings.known(decisive).length < decisive.length) return true;
  const sizes = schedules
    .filter(({ props }) => part(props, "recurrence") !== undefined)
    .map(sizeAfter)
    .filter((size) => typeof size === "number")
    .filter((size) => size >= 0);
  if (sizes.length === 0) return false;
  const offPeak = Math.min(...sizes);
  const peak = Math.max(...sizes, sizes.length === 1 && typeof starts === "number" ? starts : 0);
  return offPeak < peak || offPeak <= few;
}

/** Services whose users are on a group's nodes. Each keeps one Pod at least, and that may need a node of its own. */
function liveServices({ props }: Resource, stackConfig: Context["stackConfig"]): number {
  const [color, pool] = [part(props, "labels", colorLabel), part(props, "labels", poolLabel)];
  const services = Object.entries(stackConfig("facefusion:services") ?? {});
  return services.filter(([name, service]) => {
    const ownPool = part(service, "gpuNodes") === undefined ? undefined : name;
    const liveColor = part(service, "liveColor") ?? stackConfig("facefusion:liveColor");
    return ownPool === pool && liveColor === color;
  }).length;
}

function describe(schedule: Resource): string {
  return `${schedule.name}: ${shown(sizeAfter(schedule))} nodes, recurrence ${shown(part(schedule.props, "recurrence"))}`;
}
