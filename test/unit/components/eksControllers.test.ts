import { describe, expect, it } from "vitest";
import * as pulumi from "@pulumi/pulumi";
import { EksControllers, type EksControllersArgs } from "../../../components/eksControllers";
import { at } from "../../support/graph";
import { record } from "../../support/mocks";

const args: EksControllersArgs = {
  clusterName: "inference",
  vpcId: "vpc-0a",
  region: "eu-west-1",
  kubernetesVersion: "1.35",
  longestGraceSeconds: 3600,
  devicePlugin: false,
};

async function componentsOf(change: Partial<EksControllersArgs> = {}): Promise<string[]> {
  const { graph } = await record(() => new EksControllers("controllers", { ...args, ...change }));
  const { urn } = graph.one("EksControllers", "controllers");
  return graph.nodes.filter(({ parent }) => parent === urn).map(({ type }) => type.split(":").at(-1) ?? "");
}

describe("the controllers of an EKS cluster", () => {
  it("are load balancers and nodes, in any case", async () => {
    expect(await componentsOf()).toEqual(["LoadBalancerController", "ClusterAutoscaler"]);
  });

  it("are the device plugin too, where the nodes' image lacks it", async () => {
    expect(await componentsOf({ devicePlugin: true })).toContain("GpuDevicePlugin");
  });

  it("are cert-manager too, where it is asked for", async () => {
    const certManager = { email: "ops@example.com", hostedZoneId: "Z0123" };
    expect(await componentsOf({ certManager })).toContain("CertManager");
  });

  it("are there before what needs a load balancer or a certificate", async () => {
    const { graph } = await record(() => {
      const certManager = { email: "ops@example.com", hostedZoneId: "Z0123" };
      const { ready } = new EksControllers("controllers", { ...args, certManager });
      new pulumi.ComponentResource("test:index:Later", "later", {}, { dependsOn: ready });
    });
    const later = graph.one("Later", "later");
    expect(graph.waitsFor(later, graph.one("Release", "controllers-load-balancers-release"))).toBe(true);
    expect(graph.waitsFor(later, graph.one("ClusterIssuer", "controllers-cert-manager-issuer"))).toBe(true);
  });

  it("are told how long the longest job may be", async () => {
    const { graph } = await record(() => new EksControllers("controllers", { ...args, longestGraceSeconds: 7200 }));
    const release = graph.one("Release", "controllers-autoscaler-release").inputs;
    expect(at(release, "values.extraArgs.max-graceful-termination-sec")).toBe(7200);
  });
});
