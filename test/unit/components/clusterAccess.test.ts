import { describe, expect, it } from "vitest";
import { ClusterAccess, type Grant } from "../../../components/clusterAccess";
import { at } from "../../support/graph";
import { record } from "../../support/mocks";

const principalArn = "arn:aws:iam::123456789012:role/on-call";

async function graphOf(grant: Omit<Grant, "principalArn">) {
  const make = () => new ClusterAccess("access", { ...grant, principalArn, clusterName: "prod" });
  return (await record(make)).graph;
}

describe("access to a cluster", () => {
  it.each([
    ["admin", "AmazonEKSClusterAdminPolicy"],
    ["view", "AmazonEKSViewPolicy"],
  ] as const)("as %s is EKS's own policy, on all of it", async (role, policy) => {
    const { inputs } = (await graphOf({ role, groups: [] })).one("AccessPolicyAssociation", "access-policy");
    expect(inputs).toMatchObject({
      principalArn,
      policyArn: `arn:aws:eks::aws:cluster-access-policy/${policy}`,
      accessScope: { type: "cluster" },
    });
  });

  it("by groups alone is what these groups may", async () => {
    const graph = await graphOf({ role: "none", groups: ["release-managers"] });
    expect(at(graph.one("AccessEntry", "access-entry").inputs, "kubernetesGroups")).toEqual(["release-managers"]);
    expect(graph.all("AccessPolicyAssociation")).toEqual([]);
  });
});
