/**
 * One service in two colours: a complete stack for each, the gate that each must pass, the route that leads users to the
 * live one, and the preview that leads testers to the idle one.
 *
 * The order is the safety: the live colour is whole and verified before the route names it, and the colour that is idle
 * from now on may shrink or change only after the route has left it.
 */
import * as pulumi from "@pulumi/pulumi";
import { replicasFor, type CapacityArgs } from "./capacity";
import { certificateSecret } from "./certificates";
import { other, type Color, type PerColor } from "./colors";
import type { TrafficArgs } from "./ingressRules";
import { InferenceStack } from "./inferenceStack";
import { routeName, stackName } from "./labels";
import { liveColorHooks } from "./liveColorGuard";
import { ModelStore, type ModelSource } from "./modelStore";
import type { PodArgs } from "./podTemplate";
import { PreviewIngress } from "./previewIngress";
import { Route, type RouteKind } from "./route";
import { Verification, type ChecksArgs } from "./verification";

/** What is released: the parts of a service that differ from version to version. */
export interface ReleaseArgs {
  /** Image with a tag of its own or a digest. */
  image: string;
  /** Version of the models: a path below the model source's own. */
  models: string;
  /** Environment of the container. */
  env: Record<string, string>;
}

export interface BlueGreenServiceArgs {
  namespace: pulumi.Input<string>;
  /** The host that users call. */
  host: string;
  liveColor: Color;
  releases: PerColor<ReleaseArgs>;
  capacity: CapacityArgs;
  pod: PodArgs;
  /** The service's own nodes, by the name that their node groups have as `pool`; left out, it shares each colour's. */
  pool?: string | undefined;
  /**
   * What has to be there before a colour's Pods: their nodes, where this program makes them. Each colour waits for its own
   * alone, so that nothing which is broken on the idle colour's nodes keeps anybody from a rollback.
   */
  nodes?: PerColor<pulumi.Resource[]> | undefined;
  models: ModelSource;
  route: RouteKind;
  traffic: TrafficArgs;
  verification: VerificationSettings;
  /** True where the engine refuses to delete the service; removing it takes an update with false first. */
  protect?: boolean | undefined;
}

/** What a colour has to prove before it may go live. */
export interface VerificationSettings {
  /** The image that verifies. */
  image: string;
  checks: ChecksArgs;
  /** An emergency: the colour that has this image may go live unverified. */
  skip?: { image: string; reason: string } | undefined;
}

export class BlueGreenService extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;
  readonly previewUrl: pulumi.Output<string>;
  /**
   * What leads users to the live colour: what has to wait until they have moved depends on this, and not on the service. A
   * rollback leaves out the other colour, and the engine cannot read a state again in which anything depends on what is
   * yet to be made there.
   */
  readonly route: Route;
  readonly stacks: PerColor<InferenceStack>;
  /** The Job that verified each colour, or why none did. */
  readonly verifications: PerColor<pulumi.Output<string>>;

  /** @param name Name of the service, such as `facefusion`; its resources in Kubernetes are named after it. */
  constructor(name: string, args: BlueGreenServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:BlueGreenService", name, {}, opts);
    const { namespace, host, liveColor, traffic } = args;

    const live = colorStack(name, liveColor, args, this, []);
    const liveGate = gate(name, liveColor, args, live, this);
    this.route = new Route(
      `${name}-route`,
      {
        ...traffic,
        kind: args.route,
        namespace,
        service: name,
        host,
        liveColor,
        liveServiceName: live.serviceName,
        replicas: replicasFor(args.capacity, true),
        availableReplicas: live.availableReplicas,
        verified: liveGate.succeeded,
        protect: args.protect,
      },
      // Users may be sent to a colour only when its Deployment is complete, not just its Service, and when it is verified.
      { parent: this, dependsOn: [live, ...liveGate.passed] },
    );

    // After the route: what is idle from now on may still be what users were on until a moment ago.
    const idle = colorStack(name, other(liveColor), args, this, [this.route]);
    const preview = new PreviewIngress(
      `${name}-preview`,
      {
        ...traffic,
        kind: args.route,
        namespace,
        service: name,
        host,
        idleColor: other(liveColor),
        idleServiceName: idle.serviceName,
      },
      { parent: this, dependsOn: this.route },
    );

    const idleGate = gate(name, other(liveColor), args, idle, this);

    this.verifications =
      liveColor === "blue"
        ? { blue: liveGate.verdict, green: idleGate.verdict }
        : { blue: idleGate.verdict, green: liveGate.verdict };
    this.stacks = liveColor === "blue" ? { blue: live, green: idle } : { blue: idle, green: live };
    this.url = this.route.url;
    this.previewUrl = preview.url;
    this.registerOutputs({ url: this.url, previewUrl: this.previewUrl });
  }
}

/** The verification of a colour: what must have succeeded before users may be sent there, and what people are told. */
function gate(
  service: string,
  color: Color,
  args: BlueGreenServiceArgs,
  stack: InferenceStack,
  parent: BlueGreenService,
): { passed: pulumi.Resource[]; succeeded: pulumi.Input<boolean | undefined>; verdict: pulumi.Output<string> } {
  const { image, checks, skip } = args.verification;
  const release = args.releases[color];
  const { tls } = args.traffic;
  const skipped = skip?.image === release.image;
  // Nobody there to prove anything; before it may go live it has Pods again, and proves itself then.
  const hasPods = replicasFor(args.capacity, color === args.liveColor) > 0;
  const verification = new Verification(
    `${stackName(service, color)}-verification`,
    {
      namespace: args.namespace,
      service,
      color,
      pool: args.pool,
      image: release.image,
      subject: { template: stack.templateHash, models: { ...args.models, version: release.models } },
      checkImage: image,
      checks,
      certificate: tls && { host: args.host, secretName: certificateSecret(tls, routeName(service)) },
      run: !skipped && hasPods,
      schedulingTimeoutSeconds: args.pod.schedulingTimeoutSeconds,
    },
    { parent, dependsOn: stack },
  );
  const { jobName, succeeded } = verification;
  if (skipped)
    void pulumi.log.warn(`${service}: ${color} (${release.image}) may go live unverified: ${skip.reason}`, parent);
  const why = skipped ? `skipped: ${skip.reason}` : "none: it has no Pods";
  return { passed: jobName ? [verification] : [], succeeded, verdict: jobName ?? pulumi.output(why) };
}

/** One colour, with its own volume of models. */
function colorStack(
  service: string,
  color: Color,
  args: BlueGreenServiceArgs,
  parent: BlueGreenService,
  after: pulumi.Resource[],
): InferenceStack {
  const { namespace, pod } = args;
  const release = args.releases[color];
  const name = stackName(service, color);
  const store = new ModelStore(
    `${name}-models`,
    { namespace, source: args.models, version: release.models },
    // A new volume harms nobody, so it need not wait for what the stack waits for.
    { parent },
  );
  return new InferenceStack(
    name,
    {
      namespace,
      service,
      color,
      pool: args.pool,
      image: release.image,
      replicas: replicasFor(args.capacity, color === args.liveColor),
      pod,
      env: release.env,
      modelClaimName: store.claimName,
      protect: args.protect,
      deploymentHooks: color === args.liveColor ? liveColorHooks(name, service, color) : undefined,
    },
    { parent, dependsOn: args.nodes ? [...after, ...args.nodes[color]] : after },
  );
}
