/** A GPU that nobody uses at night costs as much as one that somebody uses: outside production, it goes. */
import { isGpuNodeGroup, schedulesOf } from "./kinds";
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
        `${group.name}: ${own.length === 0 ? "no aws.autoscaling.Schedule is for its Auto Scaling group" : `none of its schedules (${own.map(describe).join("; ")}) leaves fewer than ${shown(maxSize)} nodes again and again`}. ` +
          `Set facefusion:schedule, or add a Schedule with recurrence and a desiredCapacity below maxSize for resources[0].autoscalingGroups[0].name of the node group.`,
        group.urn,
      );
    }
  },
};

/** `dev` of `urn:pulumi:dev::facefusion::…`. */
function stackOf(urn: string): string | undefined {
  return urn.split("::")[0]?.split(":")[2];
}

/**
 * A live colour of one node has nothing to spare, so one node is few enough. What cannot be known yet may still scale
 * down.
 */
function scalesDown({ props }: Resource, maxSize: unknown, findings: Findings): boolean {
  const decisive = [part(props, "recurrence"), part(props, "desiredCapacity"), maxSize];
  if (findings.known(decisive).length < decisive.length) return true;
  const [recurrence, desired] = decisive;
  if (recurrence === undefined || typeof desired !== "number" || desired < 0) return false;
  return desired <= 1 || (typeof maxSize === "number" && desired < maxSize);
}

function describe({ name, props }: Resource): string {
  return `${name}: desiredCapacity ${shown(part(props, "desiredCapacity"))}, recurrence ${shown(part(props, "recurrence"))}`;
}
