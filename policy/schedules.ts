/** A GPU that nobody uses at night costs as much as one that somebody uses: outside production, it goes. */
import { isGpuNodeGroup, schedulesOf, sizeAfter } from "./kinds";
import { items, part, shown } from "./plain";
import type { Findings, Resource, StackRule } from "./rule";

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
  checkStack(resources, findings, { config }) {
    const exempt = items(part(config, "exemptStacks") ?? ["prod"]);
    for (const group of resources.filter(isGpuNodeGroup)) {
      if (exempt.includes(stackOf(group.urn))) continue;
      const own = schedulesOf(group, resources);
      const maxSize = part(group.props, "scalingConfig", "maxSize");
      if (own.some((schedule) => scalesDown(schedule, maxSize, findings))) continue;
      findings.violation(
        `${group.name}: ${problemOf(own, maxSize)}. ` +
          `Set facefusion:schedule, or give the group an aws.autoscaling.Schedule with recurrence and a desiredCapacity below maxSize.`,
        group.urn,
      );
    }
  },
};

function problemOf(schedules: readonly Resource[], maxSize: unknown): string {
  if (schedules.length === 0) return "no schedule is for its Auto Scaling group";
  return `none of its schedules leaves fewer than ${shown(maxSize)} nodes again and again (${schedules.map(describe).join("; ")})`;
}

/** `dev` of `urn:pulumi:dev::facefusion::…`. */
function stackOf(urn: string): string | undefined {
  return urn.split("::")[0]?.split(":")[2];
}

/**
 * A live colour of one node has nothing to spare, so one node is few enough. What cannot be known yet may still scale
 * down.
 */
function scalesDown(schedule: Resource, maxSize: unknown, findings: Findings): boolean {
  const decisive = [part(schedule.props, "recurrence"), sizeAfter(schedule), maxSize];
  if (findings.known(decisive).length < decisive.length) return true;
  const [recurrence, size] = decisive;
  if (recurrence === undefined || typeof size !== "number" || size < 0) return false;
  return size <= 1 || (typeof maxSize === "number" && size < maxSize);
}

function describe(schedule: Resource): string {
  return `${schedule.name}: ${shown(sizeAfter(schedule))} nodes, recurrence ${shown(part(schedule.props, "recurrence"))}`;
}
