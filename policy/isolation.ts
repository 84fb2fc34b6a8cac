/** A colour that is being tested must not take a GPU, a disk or a node's memory from the one that serves. */
import { colors, type Color } from "../components/colors";
import { colorLabel, gpuTaint, gpuTaintValue, poolLabel } from "../components/labels";
import { isGpuNodeGroup, kinds } from "./kinds";
import { podKinds, podOf, type Pod } from "./pods";
import { items, part, shown } from "./plain";
import type { Findings, Resource, ResourceRule } from "./rule";

export const isolation: ResourceRule = {
  name: "colors-share-no-nodes",
  description: "Each GPU node group belongs to one colour, and each colour's Pods run on its own nodes alone.",
  types: [kinds.nodeGroup, ...podKinds],
  check(resource, findings) {
    if (isGpuNodeGroup(resource)) checkNodes(resource, findings);
    else if (resource.type !== kinds.nodeGroup) checkPods(resource, findings);
  },
};

/** The label that EKS gives the nodes of a group: whoever selects it is on nodes of one colour, too. */
const groupLabel = "eks.amazonaws.com/nodegroup";

/** The label draws the colour's Pods, and the taint keeps every other off. */
function checkNodes({ name, props }: Resource, findings: Findings): void {
  const [color, pool] = [part(props, "labels", colorLabel), part(props, "labels", poolLabel)];
  const labelled = `${name}: label ${colorLabel} is ${shown(color)}. Label the nodes ${colors.join(" or ")}.`;
  findings.demand(color, isColor, labelled);

  const taints = items(part(props, "taints"));
  const own = findings.known(taints).filter((taint) => part(taint, "key") === gpuTaint);
  if (own.length === 0 && taints.length === findings.known(taints).length)
    findings.violation(
      `${name}: taint ${gpuTaint} is not set. Taint the nodes with ${gpuTaint}=${shown(color)}, effect NO_SCHEDULE.`,
    );
  for (const taint of own) {
    const [value, effect] = [part(taint, "value"), part(taint, "effect")];
    if (findings.known([value, effect, color, pool]).length < 4 || !isColor(color)) continue;
    const expected = taintValue(color, pool);
    if (value === expected && (effect === "NO_SCHEDULE" || effect === "NO_EXECUTE")) continue;
    findings.violation(
      `${name}: taint ${gpuTaint} has value ${shown(value)} and effect ${shown(effect)}, and the nodes are ${expected}. ` +
        `Give it the value ${expected} and the effect NO_SCHEDULE.`,
    );
  }
}

function checkPods(resource: Resource, findings: Findings): void {
  const pod = podOf(resource);
  const { name } = resource;
  const own = part(pod.labels, colorLabel);
  if (own === undefined && !asksForGpus(pod)) return;

  const [selected, pool, group] = [colorLabel, poolLabel, groupLabel].map((key) => part(pod.spec, "nodeSelector", key));
  if (findings.known([own, selected, pool]).length < 3) return;
  const isOnOneGroup = own === undefined && group !== undefined;
  if (!isOnOneGroup && (!isColor(selected) || (own !== undefined && selected !== own)))
    findings.violation(
      `${name}: nodeSelector ${colorLabel} is ${shown(selected)}, and the Pods' label is ${shown(own)}. ` +
        `Select the nodes of the Pods' own colour, ${colors.join(" or ")}.`,
    );
  for (const toleration of findings.known(items(part(pod.spec, "tolerations")))) {
    const [key, operator, value] = ["key", "operator", "value"].map((each) => part(toleration, each));
    // Without a key, and with Exists, it is for every taint.
    if (key !== undefined && key !== gpuTaint) continue;
    const isOfOneColor = isColor(selected) ? value === taintValue(selected, pool) : isOnOneGroup;
    if (operator !== "Exists" && isOfOneColor) continue;
    findings.violation(
      `${name}: the toleration of ${gpuTaint} is for ${operator === "Exists" ? "every colour" : shown(value)}, and nodeSelector ${colorLabel} is ${shown(selected)}. ` +
        `Tolerate ${gpuTaint}, operator Equal, with the value that the colour's nodes have.`,
    );
  }
}

function isColor(value: unknown): value is Color {
  return colors.some((color) => color === value);
}

function taintValue(color: Color, pool: unknown): string {
  return gpuTaintValue(color, typeof pool === "string" ? pool : undefined);
}

function asksForGpus({ containers }: Pod): boolean {
  return containers.some((container) => part(container, "resources", "limits", "nvidia.com/gpu") !== undefined);
}
