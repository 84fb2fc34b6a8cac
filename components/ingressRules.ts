/** What a service's route and its preview have in common: one host, one backend, and limits that long jobs need. */
import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { certificateSecret, type Tls } from "./certificates";

/** How NGINX treats a service's requests. */
export interface TrafficArgs {
  ingressClassName: pulumi.Input<string>;
  /** Largest request body, as NGINX writes it, such as `2g`. */
  maxUpload: string;
  /** Seconds that NGINX waits between two reads from, or writes to, the service: the longest job. */
  requestTimeoutSeconds: number;
  tls?: Tls | undefined;
  /** True where TLS ends at the load balancer, before NGINX. */
  tlsAtLoadBalancer?: boolean | undefined;
  /** Port under which people reach the controller, where it is not the scheme's own. */
  port?: number | undefined;
}

export interface IngressRulesArgs extends TrafficArgs {
  /** Name of the Ingress. */
  name: string;
  namespace: pulumi.Input<string>;
  host: string;
  /** Name of the Service behind the host, port 80. */
  backend: pulumi.Input<string>;
  /** Annotations on top of those for size and time. */
  annotations?: Record<string, string>;
}

/** The arguments of an Ingress that sends a whole host to one Service. */
export function ingressRules(args: IngressRulesArgs): k8s.networking.v1.IngressArgs {
  const { tls, host } = args;
  const timeout = `${args.requestTimeoutSeconds}s`;
  return {
    metadata: {
      name: args.name,
      namespace: args.namespace,
      annotations: {
        "nginx.org/client-max-body-size": args.maxUpload,
        "nginx.org/proxy-connect-timeout": "10s",
        "nginx.org/proxy-read-timeout": timeout,
        "nginx.org/proxy-send-timeout": timeout,
        // A result goes to the client as it is made; buffering a video would fill the controller's disk first.
        "nginx.org/proxy-buffering": "False",
        // The route is the engine's alone: one that was moved by hand is put back, not left to whoever moved it.
        "pulumi.com/patchForce": "true",
        ...(tls?.kind === "issuer" && { "cert-manager.io/cluster-issuer": tls.name }),
        ...args.annotations,
      },
    },
    spec: {
      ingressClassName: args.ingressClassName,
      ...(tls && { tls: [{ hosts: [host], secretName: certificateSecret(tls, args.name) }] }),
      rules: [
        {
          host,
          http: {
            paths: [
              { path: "/", pathType: "Prefix", backend: { service: { name: args.backend, port: { number: 80 } } } },
            ],
          },
        },
      ],
    },
  };
}

/** The address that people type, once the Ingress is there. */
export function urlOf(
  ingress: k8s.networking.v1.Ingress,
  { host, tls, tlsAtLoadBalancer, port }: Pick<IngressRulesArgs, "host" | "tls" | "tlsAtLoadBalancer" | "port">,
): pulumi.Output<string> {
  const address = `${tls || tlsAtLoadBalancer ? "https" : "http"}://${host}${port === undefined ? "" : `:${port}`}`;
  return ingress.id.apply(() => address);
}
