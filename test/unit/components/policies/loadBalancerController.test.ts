import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { loadBalancerPolicy } from "../../../../components/policies/loadBalancerController";
import { at, isTree } from "../../../support/graph";
import { valueOf } from "../../../support/mocks";

/** As IAM gets it. */
async function statements(): Promise<unknown[]> {
  const args = { clusterName: "inference", region: "eu-west-1", vpcId: "vpc-0a" };
  const policy: unknown = JSON.parse(await valueOf(pulumi.jsonStringify(loadBalancerPolicy(args))));
  const found = at(policy, "Statement");
  if (!Array.isArray(found)) throw new Error("a policy without statements");
  return found.map((statement: unknown) => statement);
}

const actionsOf = (statement: unknown): string[] => [at(statement, "Action")].flat().map(String);

it("writes only to what bears this cluster's tag, or is being made with it", async () => {
  const free: string[] = [];
  for (const statement of await statements()) {
    const equals = at(statement, "Condition.StringEquals");
    const tags = isTree(equals) ? [equals["aws:RequestTag/elbv2.k8s.aws/cluster"], ourTag(equals)] : [];
    if (!tags.includes("inference")) free.push(...actionsOf(statement));
  }
  // Rules in the nodes' security groups, new groups in the VPC, and the role that AWS's load balancers themselves need.
  expect(free.filter((action) => !/:(Describe|Get|List)/.test(action)).sort()).toEqual([
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:CreateSecurityGroup",
    "ec2:RevokeSecurityGroupIngress",
    "iam:CreateServiceLinkedRole",
  ]);
});

it("reaches into no other VPC and no other region", async () => {
  const vpc = "arn:aws:ec2:eu-west-1:*:vpc/vpc-0a";
  const all = await statements();
  const making = all.find((statement) => actionsOf(statement).includes("ec2:CreateSecurityGroup"));
  const rules = all.find((statement) => actionsOf(statement).includes("ec2:AuthorizeSecurityGroupIngress"));
  expect(at(making, "Resource")).toContain(vpc);
  expect(at(rules, "Condition")).toEqual({ ArnLike: { "ec2:Vpc": vpc } });
});

it("cannot hand a resource on to another cluster by its tag", async () => {
  const retagging = (await statements()).filter((statement) => {
    const equals = at(statement, "Condition.StringEquals");
    return isTree(equals) && ourTag(equals) === "inference" && /Tags/.test(actionsOf(statement).join());
  });
  expect(retagging).toHaveLength(2);
  for (const statement of retagging)
    expect(at(statement, "Condition.Null")).toEqual({ "aws:RequestTag/elbv2.k8s.aws/cluster": "true" });
});

it("is short enough for IAM to take it inline", async () => {
  expect(JSON.stringify(await statements()).length).toBeLessThan(10_000);
});

/** A key with dots in it is no path. */
function ourTag(equals: Readonly<Record<string, unknown>>): unknown {
  return equals["aws:ResourceTag/elbv2.k8s.aws/cluster"];
}
