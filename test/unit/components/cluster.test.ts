import { describe, expect, it } from "vitest";
import { Cluster, type ClusterArgs, type CreatedClusterArgs, type Eks } from "../../../components/cluster";
import { at } from "../../support/graph";
import { record, valueOf } from "../../support/mocks";

const subnetIds = ["subnet-0a", "subnet-0b"];

const make = (args: ClusterArgs) => record(() => new Cluster("cluster", args));
const network = { cidr: "10.20.0.0/16", zones: 3, natGateways: "perZone" } as const;
const created: CreatedClusterArgs = {
  kind: "create",
  version: "1.35",
  network: { kind: "create", ...network },
  gpuInstanceTypes: ["g5.xlarge"],
  publicAccessCidrs: ["203.0.113.0/24"],
  access: [{ principalArn: "arn:aws:iam::123456789012:role/platform-team", role: "admin", groups: [] }],
  systemNodes: { instanceType: "m7i.large", minSize: 2, maxSize: 4 },
  logRetentionDays: 90,
};

function madeHere({ eks }: Cluster): Eks {
  if (eks === undefined) throw new Error("not an EKS cluster");
  return eks;
}

/** The kubeconfig that the cluster's provider is given. */
async function kubeconfigOf(args: ClusterArgs): Promise<unknown> {
  const { graph } = await make(args);
  const text = at(graph.one("kubernetes", "cluster-provider").inputs, "kubeconfig");
  return typeof text === "string" ? JSON.parse(text) : text;
}

describe("a cluster that a kubeconfig reaches", () => {
  it("is a provider and nothing else, and has no place for node groups", async () => {
    const { graph, made } = await make({ kind: "kubeconfig", context: "prod" });
    expect(graph.toString()).toBe("Cluster cluster\n  kubernetes cluster-provider");
    expect(at(graph.one("kubernetes", "cluster-provider").inputs, "context")).toBe("prod");
    expect(made.eks).toBeUndefined();
  });
});

describe("the provider of a cluster", () => {
  it.each<[ClusterArgs]>([
    [{ kind: "kubeconfig" }],
    [{ kind: "kubeconfig", context: "prod" }],
    [{ kind: "adopt", name: "adopted", subnetIds }],
    [created],
  ])("of %j stays the same one whatever becomes of its address", async (args) => {
    const { graph } = await make(args);
    expect(at(graph.one("kubernetes", "cluster-provider").inputs, "clusterIdentifier")).toBe("facefusion/test");
  });
});

describe("an EKS cluster that exists", () => {
  it("is looked up by name and reached by the identity of whoever runs the program", async () => {
    const { made } = await make({ kind: "adopt", name: "adopted", subnetIds });
    expect(await valueOf(madeHere(made).clusterName)).toBe("adopted");
    const kubeconfig = await kubeconfigOf({ kind: "adopt", name: "adopted", subnetIds });
    expect(at(kubeconfig, "clusters.0.cluster")).toEqual({
      server: "https://adopted.invalid",
      "certificate-authority-data": "YWRvcHRlZA==",
    });
    expect(at(kubeconfig, "users.0.user.exec.args")).toEqual([
      "eks",
      "get-token",
      "--output",
      "json",
      "--region",
      "eu-west-1",
      "--cluster-name",
      "adopted",
    ]);
  });

  it("gives nodes its subnets with their zones, and has nothing to wait for", async () => {
    const { made } = await make({ kind: "adopt", name: "adopted", subnetIds });
    const { kubernetesVersion, region, vpcId, subnets, ready } = madeHere(made);
    expect(await valueOf(subnets)).toEqual([
      { id: "subnet-0a", zone: "eu-west-1a" },
      { id: "subnet-0b", zone: "eu-west-1b" },
    ]);
    expect(await Promise.all([kubernetesVersion, region, vpcId].map(valueOf))).toEqual([
      "1.36",
      "eu-west-1",
      "vpc-0adopted",
    ]);
    expect(ready).toEqual([]);
  });
});

describe("an EKS cluster made here", () => {
  it("comes with all that a cluster needs", async () => {
    const { graph } = await make({ ...created, network: { kind: "create", ...network, zones: 2, natGateways: "one" } });
    await expect(`${graph.toString()}\n`).toMatchFileSnapshot("golden/createdCluster.txt");
  });

  it("is reached when whoever asks is known to it", async () => {
    const { graph } = await make(created);
    const provider = graph.one("kubernetes", "cluster-provider");
    for (const access of graph.all("AccessPolicyAssociation")) expect(graph.waitsFor(provider, access)).toBe(true);
  });

  it("hands out what nodes and controllers need", async () => {
    const { made } = await make(created);
    const { clusterName, kubernetesVersion, region, vpcId, subnets, ready } = madeHere(made);
    expect(await Promise.all([clusterName, kubernetesVersion, region, vpcId].map(valueOf))).toEqual([
      "recorded-cluster",
      "1.35",
      "eu-west-1",
      "cluster-network-vpc-id",
    ]);
    expect((await valueOf(subnets)).map(({ id }) => id)).toEqual(
      [1, 2, 3].map((n) => `cluster-network-private-${n}-id`),
    );
    expect(ready).not.toEqual([]);
  });

  it("is in the network of others where that is asked for, and makes none", async () => {
    const { graph, made } = await make({ ...created, network: { kind: "adopt", subnetIds } });
    expect(graph.all("Vpc")).toEqual([]);
    expect(at(graph.one("Cluster", "cluster-eks-cluster").inputs, "vpcConfig.subnetIds")).toEqual(subnetIds);
    expect(await valueOf(madeHere(made).vpcId)).toBe("vpc-0adopted");
  });

  it("is in the zones that have the GPUs", async () => {
    const { made } = await make({ ...created, gpuInstanceTypes: ["p4d.24xlarge"] });
    const [first] = await valueOf(madeHere(made).subnets);
    expect(first?.zone).toBe("eu-west-1b");
  });

  it("keeps its logs under a key that is for them alone", async () => {
    const { graph } = await make(created);
    const { inputs } = graph.one("Key", "cluster-logs-key");
    const condition = at(JSON.parse(String(at(inputs, "policy"))), "Statement.1.Condition.ArnEquals");
    expect(condition).toEqual({
      "kms:EncryptionContext:aws:logs:arn": graph
        .all("LogGroup")
        .map(({ inputs }) => `arn:aws:logs:eu-west-1:123456789012:log-group:${String(at(inputs, "name"))}`)
        .sort(),
    });
  });
});
