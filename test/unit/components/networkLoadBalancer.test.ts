import { describe, expect, it } from "vitest";
import { loadBalancerAnnotations, type NetworkLoadBalancerArgs } from "../../../components/networkLoadBalancer";

const annotationsOf = (change: Partial<NetworkLoadBalancerArgs> = {}) =>
  loadBalancerAnnotations({ drainSeconds: 600, ...change });
const lb = (name: string) => `service.beta.kubernetes.io/aws-load-balancer-${name}`;
const certificateArn = "arn:aws:acm:eu-west-1:123456789012:certificate/1";

/** An annotation of the form `key=value,key=value`. */
function attributes(annotations: Record<string, string>, name: string): Record<string, string> {
  const pairs = (annotations[lb(name)] ?? "").split(",").map((pair) => pair.split("="));
  return Object.fromEntries(pairs.map(([key = "", value = ""]) => [key, value]));
}

describe("the load balancer", () => {
  it("is a public one that sends to Pods in every zone, and shows NGINX the clients' addresses", () => {
    const annotations = annotationsOf();
    expect(annotations).toMatchObject({
      [lb("type")]: "external",
      [lb("nlb-target-type")]: "ip",
      [lb("scheme")]: "internet-facing",
    });
    expect(attributes(annotations, "attributes")["load_balancing.cross_zone.enabled"]).toBe("true");
    expect(attributes(annotations, "target-group-attributes")["preserve_client_ip.enabled"]).toBe("true");
  });

  it("asks NGINX whether it is ready, and not whether a port is open", () => {
    expect(annotationsOf()).toMatchObject({
      [lb("healthcheck-protocol")]: "http",
      [lb("healthcheck-port")]: "8081",
      [lb("healthcheck-path")]: "/nginx-ready",
    });
  });

  it("ends no job because its NGINX misses a probe", () => {
    expect(attributes(annotationsOf({ drainSeconds: 1200 }), "target-group-attributes")).toMatchObject({
      "target_health_state.unhealthy.connection_termination.enabled": "false",
      "target_health_state.unhealthy.draining_interval_seconds": "1200",
    });
  });

  it.each([
    [600, "690"],
    [7200, "3600"],
  ])("of a NGINX that drains for %i s keeps the target for %s s", (drainSeconds, kept) => {
    const target = attributes(annotationsOf({ drainSeconds }), "target-group-attributes");
    expect(target["deregistration_delay.timeout_seconds"]).toBe(kept);
  });

  it("keeps a silent connection as long as AWS can, on either port", () => {
    const annotations = annotationsOf();
    for (const listener of ["TCP-80", "TCP-443"])
      expect(annotations[lb(`listener-attributes.${listener}`)]).toBe("tcp.idle_timeout.seconds=6000");
  });

  it("with a certificate of ACM ends TLS, and sets no idle timeout, which AWS would refuse", () => {
    const annotations = annotationsOf({ certificateArn });
    expect(annotations).toMatchObject({ [lb("ssl-cert")]: certificateArn, [lb("ssl-ports")]: "443" });
    expect(annotations[lb("ssl-negotiation-policy")]).toMatch(/TLS13-1-2-Res/);
    expect(Object.keys(annotations).filter((key) => key.includes("listener-attributes"))).toEqual([]);
  });

  it("logs connections to a bucket where it is given one", () => {
    const logs = attributes(annotationsOf({ accessLogBucket: "logs-of-ours" }), "attributes");
    expect(logs).toMatchObject({ "access_logs.s3.enabled": "true", "access_logs.s3.bucket": "logs-of-ours" });
    expect(attributes(annotationsOf(), "attributes")).not.toHaveProperty(["access_logs.s3.enabled"]);
  });
});
