/**
 * The live colour does not change under its users: an update that would alter its Pods is refused, on a preview too,
 * with the way to do it right.
 *
 * A colour that has never been whole, and none of whose Pods are available, serves nobody; putting that right is not
 * refused. One that has been whole may be back in a moment.
 */
import diff from "microdiff";
import * as pulumi from "@pulumi/pulumi";
import { other, type Color } from "./colors";
import { at } from "./values";

/** Changes that an error names; where there are more, it says how many. */
const named = 5;

/** Hooks for the Deployment of the live colour. */
export function liveColorHooks(stackName: string, service: string, color: Color): pulumi.ResourceHookBinding {
  const refuse = new pulumi.ResourceHook(
    `${stackName}-stays`,
    ({ oldInputs, newInputs, oldOutputs }) => {
      const problem = liveTemplateProblem(service, color, { oldInputs, newInputs, oldOutputs });
      if (problem !== undefined) throw new Error(problem);
    },
    { onDryRun: true },
  );
  return { beforeUpdate: [refuse] };
}

/** What is wrong with an update of the live colour's Deployment, in words; undefined where nothing is. */
export function liveTemplateProblem(
  service: string,
  color: Color,
  deployment: { oldInputs: unknown; newInputs: unknown; oldOutputs: unknown },
): string | undefined {
  if (servesNobody(deployment.oldOutputs)) return undefined;
  const template = ["spec", "template"];
  const [before, after] = [at(deployment.oldInputs, template), at(deployment.newInputs, template)];
  const changes = diff({ template: before }, { template: after }).map((change) => {
    const from: unknown = change.type === "CREATE" ? undefined : change.oldValue;
    const to: unknown = change.type === "REMOVE" ? undefined : change.value;
    return `  ${change.path.slice(1).join(".")}: ${show(from)} -> ${show(to)}`;
  });
  if (changes.length === 0) return undefined;
  const idle = other(color);
  return [
    `${service}: liveColor says ${color}, and the Pods of ${color} would change under its users:`,
    ...changes.slice(0, named),
    ...(changes.length > named ? [`  and ${changes.length - named} more`] : []),
    `A colour changes only while it is idle. Put the change on ${idle} (services.${service}.${idle}) and, once ${idle} is ` +
      `ready, make it live. Where ${color} is idle still, and this update was to change it and make it live at once: do one ` +
      "after the other. README.md tells how to change what both colours share.",
  ].join("\n");
}

function servesNobody(deployment: unknown): boolean {
  const conditions = at(deployment, ["status", "conditions"]);
  const reasons = (Array.isArray(conditions) ? conditions : []).map((condition) => at(condition, ["reason"]));
  const available = Number(at(deployment, ["status", "availableReplicas"]) ?? 0);
  return available === 0 && !reasons.includes("NewReplicaSetAvailable");
}

function show(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
