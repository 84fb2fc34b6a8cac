import { describe, expect, it } from "vitest";
import { NginxIngress, type NginxIngressArgs } from "../../../components/nginxIngress";
import { at } from "../../support/graph";
import { record, valueOf } from "../../support/mocks";

type InstallArgs = Extract<NginxIngressArgs, { kind: "install" }>;

async function graphOf(change: Partial<InstallArgs> = {}) {
  const args: InstallArgs = { kind: "install", className: "nginx", replicas: 3, drainSeconds: 600, ...change };
  return record(() => new NginxIngress("nginx", args));
}

async function releaseOf(change: Partial<InstallArgs> = {}): Promise<unknown> {
  return (await graphOf(change)).graph.one("Release", "nginx-release").inputs;
}

async function controllerOf(change: Partial<InstallArgs> = {}): Promise<unknown> {
  return at(await releaseOf(change), "values.controller");
}

const certificateArn = "arn:aws:acm:eu-west-1:123456789012:certificate/1";

describe("an adopted controller", () => {
  it("is used by its class, and nothing is made", async () => {
    const { graph, made } = await record(() => new NginxIngress("nginx", { kind: "adopt", className: "internal" }));
    expect(graph.toString()).toBe("NginxIngress nginx");
    expect(await valueOf(made.className)).toBe("internal");
    expect(graph.one("NginxIngress", "nginx").outputs).toEqual({ className: "internal" });
  });
});

describe("an installed controller", () => {
  it("is F5's chart at one version, rolled back as a whole when it fails", async () => {
    expect(await releaseOf()).toMatchObject({
      chart: "oci://ghcr.io/nginx/charts/nginx-ingress",
      version: "2.7.0",
      atomic: true,
    });
  });

  it("has a namespace that admits unprivileged Pods, and those only when the load balancer finds them healthy", async () => {
    const { graph } = await graphOf();
    const home = graph.one("Namespace", "nginx-namespace");
    expect(at(home.inputs, "metadata.labels")).toEqual({
      "pod-security.kubernetes.io/enforce": "restricted",
      "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled",
    });
    const release = graph.one("Release", "nginx-release");
    expect(at(release.inputs, "namespace")).toBe(at(home.inputs, "metadata.name"));
    expect(graph.waitsFor(release, home)).toBe(true);
    expect(at(release.inputs, "values.controller.readOnlyRootFilesystem")).toBe(true);
  });

  it("serves the configured class, and no Ingress that names none", async () => {
    const { graph, made } = await graphOf({ className: "gpu" });
    expect(at(graph.one("Release", "nginx-release").inputs, "values.controller.ingressClass")).toEqual({
      name: "gpu",
      create: true,
      setAsDefaultIngress: false,
    });
    expect(await valueOf(made.className)).toBe("gpu");
  });

  it("takes no snippets and no kinds of its own, which could lead past the guard", async () => {
    expect(await controllerOf()).toMatchObject({ enableSnippets: false, enableCustomResources: false });
    expect(at(await releaseOf(), "skipCrds")).toBe(true);
  });

  it("lets old workers and stopping Pods finish what they have, once the load balancer has let go of them", async () => {
    const controller = await controllerOf({ drainSeconds: 1200 });
    expect(at(controller, "config.entries.worker-shutdown-timeout")).toBe("1200s");
    const stillServing = at(controller, "lifecycle.preStop.sleep.seconds");
    expect(stillServing).toBeGreaterThanOrEqual(60);
    expect(at(controller, "terminationGracePeriodSeconds")).toBe(1200 + Number(stillServing));
  });

  it("survives the loss of a node and an upgrade with all its replicas", async () => {
    const controller = await controllerOf({ replicas: 4 });
    expect(controller).toMatchObject({
      replicaCount: 4,
      autoscaling: { enabled: false },
      podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
      strategy: { rollingUpdate: { maxUnavailable: 0 } },
      topologySpreadConstraints: [
        { topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "DoNotSchedule", nodeTaintsPolicy: "Honor" },
        { topologyKey: "topology.kubernetes.io/zone" },
      ],
    });
  });

  it("stays off GPU nodes, tainted or not", async () => {
    const controller = await controllerOf();
    expect(at(controller, "tolerations")).toBeUndefined();
    const required = "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution";
    expect(at(controller, `${required}.nodeSelectorTerms`)).toEqual([
      { matchExpressions: [{ key: "nvidia.com/gpu.present", operator: "DoesNotExist" }] },
    ]);
  });

  it("shows its metrics, and makes a ServiceMonitor only where it is told that there is such a kind", async () => {
    expect(at(await releaseOf(), "values.prometheus")).toMatchObject({
      create: true,
      port: 9113,
      serviceMonitor: { create: false },
    });
    expect(at(await releaseOf({ serviceMonitor: true }), "values.prometheus.serviceMonitor.create")).toBe(true);
  });

  it("tells nobody its version, takes no old TLS, and lets every answer have its headers", async () => {
    const entries = at(await controllerOf(), "config.entries");
    expect(entries).toMatchObject({
      "server-tokens": "False",
      "ssl-protocols": "TLSv1.2 TLSv1.3",
      "add-header-inherit": "merge",
    });
    expect(at(entries, "add-header")).toMatch(/^X-Content-Type-Options:nosniff:always,/);
  });
});

describe("TLS at NGINX", () => {
  it("is what an installed controller does by itself: both ports pass through, and HTTPS is remembered", async () => {
    const controller = await controllerOf();
    expect(at(controller, "service")).not.toHaveProperty("httpPort");
    expect(at(controller, "service")).not.toHaveProperty("httpsPort");
    expect(at(controller, "config.entries")).toMatchObject({ hsts: "True", "hsts-max-age": "31536000" });
    expect(at(controller, "config.entries")).not.toHaveProperty("redirect-to-https");
  });
});

describe("TLS at the load balancer", () => {
  it("leaves no way in without it, and NGINX gets plain HTTP on 443", async () => {
    const service = at(await controllerOf({ certificateArn }), "service");
    expect(service).toMatchObject({ httpPort: { enable: false }, httpsPort: { targetPort: 80 } });
  });

  it("is known to the services and to the browsers all the same", async () => {
    const entries = at(await controllerOf({ certificateArn }), "config.entries");
    expect(at(entries, "redirect-to-https")).toBe("True");
    expect(at(entries, "add-header")).toMatch(/,Strict-Transport-Security:max-age=31536000:always$/);
    // NGINX's own would be sent where the connection to NGINX is TLS: never.
    expect(entries).not.toHaveProperty("hsts");
  });
});
