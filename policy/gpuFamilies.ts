/** GPUs are dear, and each generation has its own driver: a family is used on purpose or not at all. */
import { standardFamilies } from "../components/gpuInstanceTypes";
import { familyOf, hasGpus, kinds } from "./kinds";
import { gpuPresentLabel } from "../components/labels";
import { items, part, shown } from "./plain";
import type { Context, ResourceRule } from "./rule";

export const gpuFamilies: ResourceRule = {
  name: "gpu-instance-families",
  description: "GPU nodes are of a P3 or P4 family, or of one that is allowed on purpose.",
  configSchema: {
    properties: {
      allowedInstanceFamilies: {
        type: "array",
        items: { type: "string" },
        description: "Families besides P3 and P4. Where it is set, the stack's own list does not count.",
      },
    },
  },
  types: [kinds.nodeGroup, kinds.launchTemplate],
  check({ type, name, props }, findings, context) {
    const { allowed, remedy } = allowedFamilies(context);
    const isGpu = part(props, "labels", gpuPresentLabel) !== undefined;
    const types = type === kinds.nodeGroup ? items(part(props, "instanceTypes")) : [part(props, "instanceType")];
    for (const instanceType of findings.known(types)) {
      if (typeof instanceType !== "string" || !(isGpu || hasGpus(instanceType))) continue;
      if (allowed.includes(familyOf(instanceType))) continue;
      findings.violation(
        `${name}: instance type ${instanceType} is of family ${familyOf(instanceType)}; allowed: ${allowed.join(", ")}. ` +
          `Take a type of one of those, or allow the family on purpose: ${remedy}.`,
      );
    }
  },
};

/** Whoever runs the pack has the last word; where they say nothing, it is the stack that says what is on purpose. */
function allowedFamilies({ config, stackConfig }: Context): { allowed: readonly string[]; remedy: string } {
  const own = part(config, "allowedInstanceFamilies");
  const more = items(own ?? stackConfig("facefusion:allowedInstanceFamilies")).map(shown);
  return {
    allowed: [...standardFamilies, ...more],
    remedy:
      own === undefined
        ? "facefusion:allowedInstanceFamilies in the stack's file"
        : "allowedInstanceFamilies in the pack's configuration",
  };
}
