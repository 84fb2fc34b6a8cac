import { describe, expect, it } from "vitest";
import { ClusterAutoscaler, type ClusterAutoscalerArgs } from "../../../components/clusterAutoscaler";
import { at } from "../../support/graph";
import { record } from "../../support/mocks";

async function made(change: Partial<ClusterAutoscalerArgs> = {}) {
  const args = { clusterName: "inference", region: "eu-west-1", kubernetesVersion: "1.35", longestGraceSeconds: 3600 };
  const { graph } = await record(() => new ClusterAutoscaler("scaler", { ...args, ...change }));
  return { graph, release: graph.one("Release", "scaler-release") };
}

describe("the cluster autoscaler", () => {
  it("finds this cluster's groups, and starts with its permissions", async () => {
    const { graph, release } = await made();
    expect(release.inputs).toMatchObject({ chart: "cluster-autoscaler", version: "9.59.0", atomic: true });
    expect(at(release.inputs, "values")).toMatchObject({
      awsRegion: "eu-west-1",
      autoDiscovery: { clusterName: "inference" },
      replicaCount: 2,
      podDisruptionBudget: { maxUnavailable: 1 },
    });
    const association = graph.one("PodIdentityAssociation", "scaler-identity-association");
    expect(graph.waitsFor(release, association)).toBe(true);
    expect(at(association.inputs, "serviceAccount")).toBe(at(release.inputs, "values.rbac.serviceAccount.name"));
    expect(at(association.inputs, "namespace")).toBe(at(release.inputs, "namespace"));
  });

  it.each([
    ["1.35", "v1.35.1"],
    ["1.36", "v1.36.1"],
    ["1.34", "v1.34.0"],
  ])("on Kubernetes %s is %s", async (kubernetesVersion, tag) => {
    const { release } = await made({ kubernetesVersion });
    expect(at(release.inputs, "values.image.tag")).toBe(tag);
  });

  it("lets jobs finish, takes no warm Pod for tidiness, and does not make the colours alike", async () => {
    const { release } = await made({ longestGraceSeconds: 7200 });
    expect(at(release.inputs, "values.extraArgs")).toMatchObject({
      "max-graceful-termination-sec": 7200,
      // Below one GPU of any node; 0 would be below nothing, and keep idle nodes too.
      "scale-down-gpu-utilization-threshold": 0.01,
      "balance-similar-node-groups": false,
      "skip-nodes-with-local-storage": false,
    });
  });

  it("sizes this cluster's groups and no other's", async () => {
    const { graph } = await made();
    const policy = at(graph.one("RolePolicy", "scaler-identity-policy").inputs, "policy");
    const statements = at(policy, "Statement");
    const writes = (Array.isArray(statements) ? statements : []).filter(
      (statement) => !/:(Describe|Get)/.test(String(at(statement, "Action"))),
    );
    expect(writes).toEqual([
      {
        Effect: "Allow",
        Action: ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
        Resource: "*",
        Condition: { StringEquals: { "aws:ResourceTag/eks:cluster-name": "inference" } },
      },
    ]);
    // Without it a group of no nodes is one of no labels, and never grows.
    expect(statements).toContainEqual({
      Effect: "Allow",
      Action: "eks:DescribeNodegroup",
      Resource: "arn:aws:eks:eu-west-1:*:nodegroup/inference/*/*",
    });
  });
});
