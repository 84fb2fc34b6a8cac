/**
 * Where the flag takes effect: the one resource that a switch changes.
 *
 * - `ingress`: `<service>-ingress` names the live colour's Service. NGINX balances over the Pods by least connections; a
 *   switch is a reload, which closes idle keep-alive connections.
 * - `service`: the Ingress stays on `<service>-live` by its cluster IP, and a switch is that Service's selector. No
 *   reload, and callers inside the cluster follow; connections are spread at random.
 */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ingressRules, urlOf, type TrafficArgs } from "./ingressRules";
import { liveName, routeName } from "./labels";
import { byMovingService } from "./movingService";
import { ingressBackend, routeHooks, serviceColor, type RouteGuardArgs } from "./routeGuard";

export type RouteKind = "ingress" | "service";

export interface RouteArgs extends TrafficArgs, RouteGuardArgs {
  kind: RouteKind;
  namespace: pulumi.Input<string>;
  /** The host that users call. */
  host: string;
  /** Name of the live colour's Service (see InferenceStack). */
  liveServiceName: pulumi.Input<string>;
  /** True where the engine refuses to delete the route. */
  protect?: boolean | undefined;
}

export class Route extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: RouteArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:Route", name, {}, opts);

    const target = args.kind === "ingress" ? byIngress(args) : byService(name, args, this);
    const ingress = new k8s.networking.v1.Ingress(
      `${name}-ingress`,
      ingressRules({ ...args, ...target, name: routeName(args.service) }),
      {
        parent: this,
        protect: args.protect ?? false,
        hooks: routeHooks(`${name}-ingress`, ingressBackend, args),
      },
    );

    this.url = urlOf(ingress, args);
    this.registerOutputs({ url: this.url });
  }
}

function byIngress(args: RouteArgs) {
  return { backend: args.liveServiceName, annotations: { "nginx.org/lb-method": "least_conn" } };
}

/** By the live Service, whose selector is what a switch changes. */
function byService(name: string, { namespace, service, liveColor, ...args }: RouteArgs, parent: Route) {
  const hooks = routeHooks(`${name}-live`, serviceColor, { service, liveColor, ...args });
  return byMovingService(
    `${name}-live`,
    { name: liveName(service), namespace, service, color: liveColor },
    { parent, hooks },
  );
}
