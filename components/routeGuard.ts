/**
 * Users are not sent to a colour that lacks Pods, or that has not passed its verification: an update that would move the
 * route there is refused.
 *
 * What the engine scales, rolls or verifies in the same update it waits for. This is for Pods that were lost since, whose
 * Deployment does not change, so that nothing waits for it; and for an update that leaves the verification out.
 */
import * as pulumi from "@pulumi/pulumi";
import type { Color } from "./colors";
import { at } from "./values";

export interface RouteGuardArgs {
  service: string;
  /** The colour that users are sent to. */
  liveColor: Color;
  /** Pods that it must have. */
  replicas: number;
  /** Pods of it that are available; undefined where a preview cannot know. */
  availableReplicas: pulumi.Input<number | undefined>;
  /** Whether its verification has succeeded; undefined where a preview cannot know. */
  verified: pulumi.Input<boolean | undefined>;
}

/** What is known of the live colour. */
export type LiveState = Pick<RouteGuardArgs, "service" | "liveColor" | "replicas"> & {
  availableReplicas?: number | undefined;
  verified?: boolean | undefined;
};

/** Where an Ingress of one rule names its Service. */
export const ingressBackend = ["spec", "rules", "0", "http", "paths", "0", "backend", "service", "name"] as const;

/** Where a Service names the colour. */
export const serviceColor = ["spec", "selector", "color"] as const;

/**
 * Hooks for a resource that leads users to a colour.
 *
 * @param field Where that resource names the colour: other changes are not a switch.
 */
export function routeHooks(name: string, field: readonly string[], args: RouteGuardArgs): pulumi.ResourceHookBinding {
  const { service, liveColor, replicas } = args;
  let live: LiveState = { service, liveColor, replicas };
  // The route comes after the live colour's stack and gate, so this is known by then, but for what a preview cannot know.
  pulumi.output(args.availableReplicas).apply((availableReplicas) => (live = { ...live, availableReplicas }));
  pulumi.output(args.verified).apply((verified) => (live = { ...live, verified }));
  const refuse = new pulumi.ResourceHook(
    `${name}-may-move`,
    ({ oldInputs, newInputs }) => {
      const problem = switchProblem(live, field, { oldInputs, newInputs });
      if (problem !== undefined) throw new Error(problem);
    },
    { onDryRun: true },
  );
  return { beforeUpdate: [refuse] };
}

/** Why an update may not move the route, in words; undefined where it may, or does not move it. */
export function switchProblem(
  { service, liveColor, replicas, availableReplicas, verified }: LiveState,
  field: readonly string[],
  { oldInputs, newInputs }: { oldInputs: unknown; newInputs: unknown },
): string | undefined {
  if (at(oldInputs, field) === at(newInputs, field)) return undefined;
  const stays = "so it does not go live; the route stays as it is.";
  const namespace = at(newInputs, ["metadata", "namespace"]);
  const kubectl = typeof namespace === "string" ? `kubectl --namespace ${namespace}` : "kubectl";
  if (verified === false)
    return `${service}: the verification of ${liveColor} has not succeeded, ${stays} Its report: ${kubectl} get configmap ${service}-${liveColor}-verification -o yaml`;
  if (availableReplicas === undefined || availableReplicas >= replicas) return undefined;
  return (
    `${service}: ${liveColor} has ${availableReplicas} of ${replicas} Pods available, ${stays} See what is wrong ` +
    `with them (${kubectl} describe deployment ${service}-${liveColor}), and try again.`
  );
}
