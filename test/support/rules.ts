/** Policies as pure functions: resources as the engine shows them, and what a policy has to say. */
import { kinds } from "../../policy/kinds";
import type { Unknown } from "../../policy/plain";
import { Findings, type Resource, type Rule } from "../../policy/rule";

export function aResource(type: string, name: string, props: object, stack = "dev"): Resource {
  return { urn: `urn:pulumi:${stack}::facefusion::${type}::${name}`, type, name, props, madeFrom: {} };
}

/** A schedule of a node group, whose Auto Scaling group has no name yet. */
export function aSchedule(name: string, group: Resource, props: object): Resource {
  const own = { recurrence: "0 19 * * 1-5", minSize: 0, ...props };
  return { ...aResource(kinds.schedule, name, own), madeFrom: { autoscalingGroupName: [group.urn] } };
}

export function messagesOf(
  rule: Rule,
  resources: readonly Resource[],
  { config = {}, stackConfig = {} }: { config?: object; stackConfig?: Record<string, unknown> } = {},
): { messages: string[]; unknowns: readonly Unknown[] } {
  const findings = new Findings();
  const context = { config, stackConfig: (key: string) => stackConfig[key] };
  if ("types" in rule) {
    for (const resource of resources) if (rule.types.includes(resource.type)) rule.check(resource, findings, context);
  } else rule.checkStack(resources, findings, context);
  return { messages: findings.violations.map(({ message }) => message), unknowns: findings.unknowns };
}
