/**
 * What the Network Load Balancer in front of NGINX does, as annotations for the AWS Load Balancer Controller: its
 * docs/guide/service/annotations.md at v3.5.0.
 */

export interface NetworkLoadBalancerArgs {
  /** ACM certificate for TLS at the load balancer; without it TLS passes through. */
  certificateArn?: string | undefined;
  /** S3 bucket for its access logs, which AWS writes for TLS at the load balancer alone. */
  accessLogBucket?: string | undefined;
  /** Seconds that NGINX takes, once told to stop, until the last of its requests is done. */
  drainSeconds: number;
}

/**
 * Seconds for which NGINX goes on as if nothing were when its Pod is told to stop. It takes the load balancer that long to
 * hear of it everywhere, and NGINX turns away whatever still arrives once it has begun to stop.
 */
export const deregistrationSeconds = 90;

const prefix = "service.beta.kubernetes.io/aws-load-balancer";

export function loadBalancerAnnotations(args: NetworkLoadBalancerArgs): Record<string, string> {
  const { certificateArn, accessLogBucket } = args;
  return prefixed({
    type: "external",
    // Straight to NGINX's Pods: one hop less, and no node in the way that has its own reasons to go.
    "nlb-target-type": "ip",
    scheme: "internet-facing",
    attributes: list({
      // Without it an address leads to its own zone's NGINX alone, and to nothing where that zone has none.
      "load_balancing.cross_zone.enabled": true,
      ...(accessLogBucket !== undefined && {
        "access_logs.s3.enabled": true,
        "access_logs.s3.bucket": accessLogBucket,
      }),
    }),
    "target-group-attributes": list({
      // Off by default for ip targets; NGINX would take the load balancer for every client.
      "preserve_client_ip.enabled": true,
      // 3600 is the most that AWS takes. What is still open then stays open: ending it is another attribute's, and off.
      "deregistration_delay.timeout_seconds": Math.min(deregistrationSeconds + args.drainSeconds, 3600),
      // On by default: a probe that fails twice would end every job that goes through that NGINX.
      "target_health_state.unhealthy.connection_termination.enabled": false,
      "target_health_state.unhealthy.draining_interval_seconds": args.drainSeconds,
    }),
    // NGINX's own answer to whether it serves the configuration it was given, on a port that no client reaches.
    "healthcheck-protocol": "http",
    "healthcheck-port": "8081",
    "healthcheck-path": "/nginx-ready",
    "healthcheck-interval": "10",
    "healthcheck-timeout": "5",
    "healthcheck-healthy-threshold": "2",
    "healthcheck-unhealthy-threshold": "2",
    ...(certificateArn === undefined ? tlsPassesThrough : tlsEndsHere(certificateArn)),
  });
}

/**
 * A job that sends nothing for 350 seconds would lose its connection, and neither side would be told. 6000 is the most that
 * AWS takes, and only for TCP: where TLS ends at the load balancer, 350 stays.
 */
const tlsPassesThrough = {
  "listener-attributes.TCP-80": "tcp.idle_timeout.seconds=6000",
  "listener-attributes.TCP-443": "tcp.idle_timeout.seconds=6000",
};

function tlsEndsHere(certificateArn: string): Record<string, string> {
  return {
    "ssl-cert": certificateArn,
    "ssl-ports": "443",
    // TLS 1.3, and of TLS 1.2 what keeps past traffic secret.
    "ssl-negotiation-policy": "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
  };
}

function prefixed(settings: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [`${prefix}-${key}`, value]));
}

/** The form `key=value,key=value`. */
function list(attributes: Record<string, string | number | boolean>): string {
  return Object.entries(attributes)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}
