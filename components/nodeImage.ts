/** The image of a group of GPU nodes: which release of it, and whether it can work on these machines. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { amiFault, gpuAmis, releaseFault, versionOfRelease, type GpuAmi } from "./gpuAmi";
import { at } from "./values";

export interface NodeImageArgs {
  ami: GpuAmi;
  /** Left out, the release that AWS recommends for the cluster's version. */
  amiRelease?: string | undefined;
  instanceType: string;
  /** Of the cluster, such as `1.35`. */
  kubernetesVersion: pulumi.Input<string>;
}

export interface NodeImage {
  /** The nodes' own version of Kubernetes, where their release says one; else it is the cluster's. */
  version: string | undefined;
  release: pulumi.Output<string>;
  /**
   * Refuses to make a group of nodes that cannot work, or to give one another release, on a preview too. One that stays
   * as it is is left alone: a cluster that somebody has taken to a version unknown here must not keep anybody from a
   * rollback.
   */
  fits: pulumi.ResourceHook;
}

export function nodeImage(name: string, args: NodeImageArgs, parent: pulumi.Resource): NodeImage {
  const { ami, amiRelease, instanceType } = args;
  const version = amiRelease === undefined ? undefined : versionOfRelease(ami, amiRelease);
  // Settled before the group is registered, since its release is.
  let problem: string | undefined;
  const release = pulumi.output(args.kubernetesVersion).apply((cluster) => {
    problem =
      (amiRelease === undefined ? undefined : releaseFault(ami, cluster, amiRelease)) ??
      amiFault(ami, instanceType, version ?? cluster);
    if (problem !== undefined) void pulumi.log.warn(`${name}: ${problem}`, parent);
    if (amiRelease !== undefined) return pulumi.output(amiRelease);
    // AWS would answer with an error where there is none, and every update would fail with it.
    if (problem !== undefined) return pulumi.output("none");
    // Public: as `value` it would be a secret.
    return aws.ssm.getParameterOutput({ name: gpuAmis[ami].releaseParameter(cluster) }, { parent }).insecureValue;
  });
  const fits = new pulumi.ResourceHook(
    `${name}-image-fits`,
    ({ oldInputs, newInputs }) => {
      const key = ["releaseVersion"];
      const stays = oldInputs !== undefined && at(oldInputs, key) === at(newInputs, key);
      if (problem !== undefined && !stays) throw new Error(`${name}: ${problem}`);
      const template = ["launchTemplate", "version"];
      if (amiRelease !== undefined && stays && at(oldInputs, template) !== at(newInputs, template))
        throw new Error(
          `${name}: amiRelease: with another launch template EKS takes its newest image as well, and never goes back to ` +
            `${amiRelease}: set the newest release in the same update, or leave amiRelease out`,
        );
    },
    { onDryRun: true },
  );
  return { version, release, fits };
}
