/** Adopting a cluster by what EKS itself tells of it, from a real server of EKS's interface. */
import { randomBytes } from "node:crypto";
import {
  CreateClusterCommand,
  DescribeClusterCommand,
  EKSClient,
  type Cluster as Described,
} from "@aws-sdk/client-eks";
import { beforeAll, describe, expect, it } from "vitest";
import { Cluster } from "../../components/cluster";
import { at } from "../support/graph";
import { record, valueOf } from "../support/mocks";

const eks = new EKSClient({ region: "eu-west-1" });
const name = `adopted-${randomBytes(4).toString("hex")}`;
let cluster: Described;

beforeAll(async () => {
  const roleArn = "arn:aws:iam::123456789012:role/cluster";
  const resourcesVpcConfig = { subnetIds: ["subnet-0a", "subnet-0b"] };
  await eks.send(new CreateClusterCommand({ name, version: "1.35", roleArn, resourcesVpcConfig }));
  cluster = (await eks.send(new DescribeClusterCommand({ name }))).cluster ?? {};
});

/** As the provider's data source passes EKS's answer on: what is one object there is a list here, save for vpcConfig. */
const asDataSource = ({ arn, endpoint, version, certificateAuthority, resourcesVpcConfig }: Described) => ({
  ...{ name, arn, endpoint, version },
  certificateAuthorities: [certificateAuthority],
  vpcConfig: resourcesVpcConfig,
});

describe("a cluster that exists", () => {
  it("is reached at its own address, by its own authority, with whose identity it is left to the user", async () => {
    const { graph, made } = await record(
      () => new Cluster("cluster", { kind: "adopt", name, subnetIds: ["subnet-0a", "subnet-0b"] }),
      { "aws:eks/getCluster:getCluster": () => asDataSource(cluster) },
    );
    const text = at(graph.one("kubernetes", "cluster-provider").inputs, "kubeconfig");
    const kubeconfig: unknown = JSON.parse(String(text));
    expect(cluster.endpoint).toMatch(/^https:\/\//);
    expect(at(kubeconfig, "clusters.0.cluster")).toEqual({
      server: cluster.endpoint,
      "certificate-authority-data": cluster.certificateAuthority?.data,
    });
    expect(at(kubeconfig, "users.0.user.exec.args")).toEqual([
      ...["eks", "get-token", "--output", "json", "--region", "eu-west-1", "--cluster-name", name],
    ]);
    expect(made.eks && (await valueOf(made.eks.kubernetesVersion))).toBe("1.35");
    expect(made.eks && (await valueOf(made.eks.securityGroupId))).toBe(
      cluster.resourcesVpcConfig?.clusterSecurityGroupId,
    );
  });
});
