import { expect, it } from "vitest";
import { LoadBalancerController } from "../../../components/loadBalancerController";
import { at } from "../../support/graph";
import { record } from "../../support/mocks";

async function made() {
  const args = { clusterName: "inference", vpcId: "vpc-0a", region: "eu-west-1" };
  const { graph } = await record(() => new LoadBalancerController("lb", args));
  return { graph, release: graph.one("Release", "lb-release") };
}

it("the load balancer controller is one version, told where it is, and starts with its permissions", async () => {
  const { graph, release } = await made();
  expect(graph.toString()).toBe(
    `
LoadBalancerController lb
  PodIdentity lb-identity
    PodIdentityAssociation lb-identity-association
    Role lb-identity-role
      RolePolicy lb-identity-policy
  Release lb-release
`.trim(),
  );
  expect(release.inputs).toMatchObject({ chart: "aws-load-balancer-controller", version: "3.5.0", atomic: true });
  // Where it cannot ask the metadata service, it would not start without.
  expect(at(release.inputs, "values")).toMatchObject({
    clusterName: "inference",
    vpcId: "vpc-0a",
    region: "eu-west-1",
    replicaCount: 2,
    podDisruptionBudget: { maxUnavailable: 1 },
  });
  const association = graph.one("PodIdentityAssociation", "lb-identity-association");
  expect(graph.waitsFor(release, association)).toBe(true);
  expect(at(association.inputs, "serviceAccount")).toBe(at(release.inputs, "values.serviceAccount.name"));
  expect(at(association.inputs, "namespace")).toBe(at(release.inputs, "namespace"));
});

it("no Ingress and no Service is refused while the load balancer controller is down", async () => {
  const { release } = await made();
  expect(at(release.inputs, "values.webhookConfig.disableIngressValidation")).toBe(true);
  expect(at(release.inputs, "values.enableServiceMutatorWebhook")).toBe(false);
});

it("the load balancer controller does not try what its role has no permission for", async () => {
  const { release } = await made();
  expect(at(release.inputs, "values")).toMatchObject({
    createIngressClassResource: false,
    enableShield: false,
    enableWaf: false,
    enableWafv2: false,
  });
});
