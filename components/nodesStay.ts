/** The nodes that users are on are not replaced under them. */
import * as pulumi from "@pulumi/pulumi";
import { at } from "./values";

/** What has EKS replace the nodes of a group, one after the other, when it changes. */
const rolling = [["launchTemplate", "version"], ["releaseVersion"], ["version"]] as const;

/** Refuses an update that would replace the nodes of a colour that is live, on a preview too. */
export function nodesStay(name: string): pulumi.ResourceHook {
  return new pulumi.ResourceHook(
    `${name}-nodes-stay`,
    ({ oldInputs, newInputs }) => {
      const changed = rolling.filter((key) => at(oldInputs, key) !== at(newInputs, key));
      if (changed.length === 0) return;
      throw new Error(
        `${name}: users are on these nodes, and a change of ${changed.map((key) => key.join(".")).join(", ")} would replace ` +
          "them. Make the other colour live first; where both are, say so with protect: false",
      );
    },
    { onDryRun: true },
  );
}
