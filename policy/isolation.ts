/** A colour that is being tested must not take a GPU, a disk or a node's memory from the one that serves. */
import { colors } from "../components/colors";
import { colorLabel, gpuTaint } from "../components/labels";
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

function isColor(value: unknown): boolean {
  return colors.some((color) => color === value);
}

/** The label draws the colour's Pods, and the taint keeps every other off. */
function checkNodes({ name, props }: Resource, findings: Findings): void {
  const color = part(props, "labels", colorLabel);
  const labelled = `${name}: label ${colorLabel} is ${shown(color)}. Label the nodes ${colors.join(" or ")}.`;
  findings.demand(color, isColor, labelled);

  const taints = items(part(props, "taints"));
  const own = findings.known(taints).filter((taint) => part(taint, "key") === gpuTaint);
  if (own.length === 0 && taints.length === findings.known(taints).length) {
    findings.violation(
      `${name}: taint ${gpuTaint} is not set. Taint the nodes with ${gpuTaint}=${shown(color)}, effect NO_SCHEDULE.`,
    );
  }
  for (const taint of own) {
    const [value, effect] = [part(taint, "value"), part(taint, "effect")];
    const message =
      `${name}: taint ${gpuTaint} has value ${shown(value)} and effect ${shown(effect)}, and the label is ${colorLabel}=${shown(color)}. ` +
      `Give the taint the colour of the label, with effect NO_SCHEDULE.`;
    if (findings.known([value, effect, color]).length < 3) continue;
    if (value !== color || (effect !== "NO_SCHEDULE" && effect !== "NO_EXECUTE")) findings.violation(message);
  }
}

function checkPods(resource: Resource, findings: Findings): void {
  const pod = podOf(resource);
  const color = part(pod.labels, colorLabel);
  if (color === undefined && !asksForGpus(pod)) return;

  const selected = part(pod.spec, "nodeSelector", colorLabel);
  const [known] = findings.known([selected]);
  if (known === undefined && selected !== undefined) return;
  if (!isColor(selected) || (color !== undefined && selected !== color))
    findings.violation(
      `${resource.name}: nodeSelector ${colorLabel} is ${shown(selected)}, and the Pods' label is ${shown(color)}. ` +
        `Select the nodes of the Pods' own colour, ${colors.join(" or ")}.`,
    );
  for (const toleration of findings.known(items(part(pod.spec, "tolerations")))) {
    const [key, operator, value] = ["key", "operator", "value"].map((each) => part(toleration, each));
    if (key !== undefined && key !== gpuTaint) continue;
    if (operator === "Exists" || value !== selected)
      findings.violation(
        `${resource.name}: the toleration of ${gpuTaint} is for ${operator === "Exists" ? "every colour" : shown(value)}, and nodeSelector is ${shown(selected)}. ` +
          `Tolerate { key: ${gpuTaint}, operator: Equal, value: ${shown(selected)} }.`,
      );
  }
}

function asksForGpus({ containers }: Pod): boolean {
  return containers.some((container) => part(container, "resources", "limits", "nvidia.com/gpu") !== undefined);
}
