/** The version of Kubernetes of a cluster goes up and never back. */
import * as pulumi from "@pulumi/pulumi";
import { at } from "./values";

/**
 * Refuses an update to an older version, on a preview too. AWS takes a cluster whose version runs out to the next one by
 * itself; the update after that would ask for the old one again, whatever it is about.
 */
export function neverBack(name: string): pulumi.ResourceHook {
  return new pulumi.ResourceHook(
    `${name}-never-back`,
    ({ oldOutputs, newInputs }) => {
      const [runs, asked] = [minorOf(oldOutputs), minorOf(newInputs)];
      if (runs === undefined || asked === undefined || asked >= runs) return;
      throw new Error(
        `cluster.version: the cluster runs 1.${runs} by now, and 1.${asked} is asked for; accepted: 1.${runs} or later`,
      );
    },
    { onDryRun: true },
  );
}

function minorOf(cluster: unknown): number | undefined {
  const version = at(cluster, ["version"]);
  const minor = typeof version === "string" ? /^1\.(\d+)$/.exec(version)?.[1] : undefined;
  return minor === undefined ? undefined : Number(minor);
}
