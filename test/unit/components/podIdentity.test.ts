import type * as aws from "@pulumi/aws";
import { expect, it } from "vitest";
import { PodIdentity } from "../../../components/podIdentity";
import { at } from "../../support/graph";
import { record } from "../../support/mocks";

const policy: aws.iam.PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:ListBucket", Resource: "arn:aws:s3:::models" }],
};

async function graphOf() {
  const args = { clusterName: "inference", namespace: "kube-system", serviceAccount: "driver", policy };
  return (await record(() => new PodIdentity("driver", args))).graph;
}

it("a service account gets a role that may do what its policy says", async () => {
  const graph = await graphOf();
  expect(graph.toString()).toBe(
    `
PodIdentity driver
  PodIdentityAssociation driver-association
  Role driver-role
    RolePolicy driver-policy
`.trim(),
  );
  expect(graph.one("PodIdentityAssociation", "driver-association").inputs).toMatchObject({
    clusterName: "inference",
    namespace: "kube-system",
    serviceAccount: "driver",
    roleArn: "arn:aws:iam::123456789012:role/recorded",
  });
  expect(at(graph.one("RolePolicy", "driver-policy").inputs, "policy")).toEqual(policy);
});

it("no other service account, namespace or cluster may use the role", async () => {
  const trust = at((await graphOf()).one("Role", "driver-role").inputs, "assumeRolePolicy");
  expect(at(trust, "Statement")).toEqual([
    {
      Effect: "Allow",
      Principal: { Service: "pods.eks.amazonaws.com" },
      Action: ["sts:AssumeRole", "sts:TagSession"],
      Condition: {
        StringEquals: {
          "aws:RequestTag/eks-cluster-name": "inference",
          "aws:RequestTag/kubernetes-namespace": "kube-system",
          "aws:RequestTag/kubernetes-service-account": "driver",
        },
      },
    },
  ]);
});

it("the account has its role only when the role has its permissions", async () => {
  const graph = await graphOf();
  const [association, permissions] = [
    graph.one("PodIdentityAssociation", "driver-association"),
    graph.one("RolePolicy", "driver-policy"),
  ];
  expect(graph.waitsFor(association, permissions)).toBe(true);
});
