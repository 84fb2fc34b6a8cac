/**
 * One colour of one service: its Deployment on that colour's GPU nodes, its Service, its PodDisruptionBudget.
 *
 * The stack knows nothing of traffic: it is complete and reachable by its Service whether it is live or idle.
 */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Color } from "./colors";
import { selectorLabels, shortHash, stackName } from "./labels";
import { containerPort, podTemplate, type PodArgs } from "./podTemplate";
import { at } from "./values";

export interface InferenceStackArgs {
  namespace: pulumi.Input<string>;
  /** Name of the service, such as `facefusion`. */
  service: string;
  color: Color;
  /** The service's own nodes, by the name that their node group has as `pool`; left out, it shares the colour's. */
  pool?: string | undefined;
  /** Image with a tag of its own or a digest. The tag becomes the version that answers show. */
  image: string;
  replicas: number;
  pod: PodArgs;
  /** Environment of the container, besides COLOR, VERSION and PORT, which are the stack's own. */
  env: Record<string, string>;
  /** The read-only volume with this colour's models (see ModelStore). */
  modelClaimName: pulumi.Input<string>;
  /** True where the engine refuses to delete the Deployment and the Service. */
  protect?: boolean | undefined;
  /** Hooks for the Deployment, such as those that keep the live colour as it is (see liveColorGuard.ts). */
  deploymentHooks?: pulumi.ResourceHookBinding | undefined;
}

export class InferenceStack extends pulumi.ComponentResource {
  readonly color: Color;
  /** Name of the Service that leads to this colour's Pods, port 80. */
  readonly serviceName: pulumi.Output<string>;
  /** Name of the Deployment. */
  readonly deploymentName: pulumi.Output<string>;
  /** Pods that are available; undefined on a preview that would change them. */
  readonly availableReplicas: pulumi.Output<number | undefined>;
  /** Changes with everything that makes the Pods what they are, except their volume of models. */
  readonly templateHash: string;

  constructor(name: string, args: InferenceStackArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:InferenceStack", name, {}, opts);
    this.color = args.color;
    const { namespace } = args;
    const matchLabels = selectorLabels(args.service, args.color);
    const metadata = {
      name: stackName(args.service, args.color),
      namespace,
      labels: matchLabels,
      // What was changed by hand is put back, not left to whoever changed it.
      annotations: { "pulumi.com/patchForce": "true" },
    };
    const child = { parent: this };
    const kept = { ...child, protect: args.protect ?? false };

    // Its own values last: an answer that shows another colour than it comes from would make any check of a switch lie.
    const environment = {
      ...args.env,
      COLOR: args.color,
      VERSION: versionOf(args.image),
      PORT: String(containerPort),
    };
    const configChecksum = shortHash(environment);
    const configuration = new k8s.core.v1.ConfigMap(
      // Other content is another ConfigMap, to the engine as well: a Pod that restarts during a rollout keeps the one it was
      // made with, and after an update that was refused or has failed, going back finds the one that is still there.
      `${name}-config-${configChecksum}`,
      {
        metadata: { name: `${name}-config-${configChecksum}`, namespace, labels: matchLabels },
        data: environment,
        immutable: true,
      },
      child,
    );

    const template = {
      labels: matchLabels,
      color: args.color,
      pool: args.pool,
      image: args.image,
      pod: args.pod,
      configChecksum,
    };
    // The names say nothing that the rest does not.
    this.templateHash = shortHash(podTemplate({ ...template, configMapName: "", modelClaimName: "" }));

    // One Pod comes after the other, and Kubernetes' verdict on a Pod says why where the provider's only says that time is
    // up. The provider's own limit, 10 minutes, would give up on a model that takes long to load, or on a long job.
    const secondsPerPod = args.pod.startupTimeoutSeconds + args.pod.schedulingTimeoutSeconds;
    const rollout = `${secondsPerPod * Math.max(args.replicas, 1) + marginSeconds}s`;
    const customTimeouts = {
      create: rollout,
      update: rollout,
      delete: `${args.pod.terminationGracePeriodSeconds + marginSeconds}s`,
    };
    const deployment = new k8s.apps.v1.Deployment(
      `${name}-deployment`,
      {
        metadata,
        spec: {
          replicas: args.replicas,
          selector: { matchLabels },
          // Full capacity throughout a rollout: a new Pod is ready before an old one goes.
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
          progressDeadlineSeconds: secondsPerPod,
          template: podTemplate({
            ...template,
            configMapName: configuration.metadata.name,
            modelClaimName: args.modelClaimName,
          }),
        },
      },
      {
        ...kept,
        customTimeouts,
        ...(args.deploymentHooks && { hooks: args.deploymentHooks }),
      },
    );

    const service = new k8s.core.v1.Service(
      `${name}-service`,
      {
        metadata,
        spec: {
          selector: matchLabels,
          ports: [{ name: "http", port: 80, targetPort: "http", protocol: "TCP" }],
        },
      },
      // It is ready when its Pods are.
      { ...kept, customTimeouts },
    );

    new k8s.policy.v1.PodDisruptionBudget(
      `${name}-disruption-budget`,
      {
        metadata,
        spec: {
          selector: { matchLabels },
          maxUnavailable: 1,
          // A Pod that is not ready serves nobody; it must not block the drain of its node.
          unhealthyPodEvictionPolicy: "AlwaysAllow",
        },
      },
      child,
    );

    this.serviceName = service.metadata.name;
    this.deploymentName = deployment.metadata.name;
    this.availableReplicas = pulumi.all([deployment.metadata, deployment.status]).apply(availableReplicas);
    this.registerOutputs({ serviceName: this.serviceName, deploymentName: this.deploymentName });
  }
}

/** Undefined where the status is that of another generation: what a provider previews has the status from before. */
export function availableReplicas([metadata, status]: [unknown, unknown]): number | undefined {
  if (at(metadata, ["generation"]) !== at(status, ["observedGeneration"])) return undefined;
  // Kubernetes leaves the count out where it is none.
  return Number(at(status, ["availableReplicas"]) ?? 0);
}

/** What the provider waits beyond the time that Kubernetes has. */
const marginSeconds = 60;

/** What an image calls itself: its tag, else the start of its digest. */
export function versionOf(image: string): string {
  const [reference = "", digest] = image.split("@");
  const tag = /:([^:/]+)$/.exec(reference)?.[1];
  return tag ?? digest?.replace("sha256:", "").slice(0, 12) ?? image;
}
