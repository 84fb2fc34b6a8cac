import { expect, it } from "vitest";
import { CertManager } from "../../../components/certManager";
import { at } from "../../support/graph";
import { record, valueOf } from "../../support/mocks";

async function made() {
  const args = { clusterName: "inference", region: "eu-west-1", email: "ops@example.com", hostedZoneId: "Z0123" };
  return record(() => new CertManager("certs", args));
}

it("cert-manager brings its kinds, and starts with its permissions", async () => {
  const { graph } = await made();
  const release = graph.one("Release", "certs-release");
  expect(release.inputs).toMatchObject({ chart: "cert-manager", version: "v1.21.2", atomic: true });
  expect(at(release.inputs, "values.crds")).toEqual({ enabled: true });
  const association = graph.one("PodIdentityAssociation", "certs-identity-association");
  expect(graph.waitsFor(release, association)).toBe(true);
  expect(at(association.inputs, "serviceAccount")).toBe(at(release.inputs, "values.serviceAccount.name"));
  expect(at(association.inputs, "namespace")).toBe(at(release.inputs, "namespace"));
});

it("the issuer proves hosts by DNS, in one zone, and is done when its account is", async () => {
  const { graph, made: certManager } = await made();
  const issuer = graph.one("ClusterIssuer", "certs-issuer");
  // Its kind does not exist before.
  expect(graph.waitsFor(issuer, graph.one("Release", "certs-release"))).toBe(true);
  expect(issuer.inputs).toMatchObject({
    apiVersion: "cert-manager.io/v1",
    metadata: { name: "letsencrypt", annotations: { "pulumi.com/waitFor": "condition=Ready" } },
    spec: {
      acme: {
        email: "ops@example.com",
        solvers: [{ dns01: { route53: { region: "eu-west-1", hostedZoneID: "Z0123" } } }],
      },
    },
  });
  expect(await valueOf(certManager.issuer)).toBe("letsencrypt");
});

it("cert-manager changes nothing in the zone but the records of a challenge", async () => {
  const { graph } = await made();
  const statements = at(graph.one("RolePolicy", "certs-identity-policy").inputs, "policy.Statement");
  expect(statements).toContainEqual({
    Effect: "Allow",
    Action: "route53:ChangeResourceRecordSets",
    Resource: "arn:aws:route53:::hostedzone/Z0123",
    Condition: {
      "ForAllValues:StringEquals": { "route53:ChangeResourceRecordSetsRecordTypes": ["TXT"] },
      "ForAllValues:StringLike": { "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["_acme-challenge.*"] },
    },
  });
  const actions = Array.isArray(statements) ? statements.map((statement) => at(statement, "Action")) : [];
  expect(actions).toHaveLength(3);
});
