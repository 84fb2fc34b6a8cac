import { describe, expect, it } from "vitest";
import type { Grant } from "../../../components/clusterAccess";
import { EksCluster, type EksClusterArgs } from "../../../components/eksCluster";
import { at, difference } from "../../support/graph";
import { record } from "../../support/mocks";

const admin: Grant = { principalArn: "arn:aws:iam::123456789012:role/platform-team", role: "admin", groups: [] };
const onCall: Grant = { principalArn: "arn:aws:iam::123456789012:role/on-call", role: "view", groups: ["releasers"] };

function make(change: Partial<EksClusterArgs> = {}) {
  const args: EksClusterArgs = {
    version: "1.35",
    subnets: [
      { id: "subnet-0a", zone: "eu-west-1a" },
      { id: "subnet-0b", zone: "eu-west-1b" },
    ],
    publicAccessCidrs: [],
    access: [admin, onCall],
    systemNodes: { instanceType: "m7i.large", minSize: 2, maxSize: 4 },
    logRetentionDays: 90,
    logKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/logs",
    ...change,
  };
  return record(() => new EksCluster("eks", args));
}

const controlPlane = async (change: Partial<EksClusterArgs> = {}) =>
  (await make(change)).graph.one("Cluster", "eks-cluster");

describe("an EKS control plane", () => {
  it("encrypts Secrets with a key that its role may use", async () => {
    const { graph } = await make();
    const { inputs } = graph.one("Cluster", "eks-cluster");
    expect(at(inputs, "encryptionConfig")).toEqual({
      provider: { keyArn: "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d" },
      resources: ["secrets"],
    });
    const policy: unknown = JSON.parse(String(at(graph.one("Key", "eks-secrets-key").inputs, "policy")));
    expect(at(policy, "Statement.1.Principal.AWS")).toBe("arn:aws:iam::123456789012:role/recorded");
  });

  it("logs to a group that is there before it, encrypted and for a time", async () => {
    const { graph } = await make({ logRetentionDays: 365 });
    const cluster = graph.one("Cluster", "eks-cluster");
    const logs = graph.one("LogGroup", "eks-logs");
    expect(logs.inputs).toMatchObject({
      name: `/aws/eks/${String(at(cluster.inputs, "name"))}/cluster`,
      retentionInDays: 365,
      kmsKeyId: "arn:aws:kms:eu-west-1:123456789012:key/logs",
    });
    expect(graph.waitsFor(cluster, logs)).toBe(true);
    expect(at(cluster.inputs, "enabledClusterLogTypes")).toContain("audit");
  });

  it("is not deleted by accident, neither by the program nor by hand", async () => {
    const { inputs, protect } = await controlPlane();
    expect([protect, at(inputs, "deletionProtection")]).toEqual([true, true]);
  });

  it.each([
    [["203.0.113.0/24"], true],
    [[], false],
  ])("with public access from %j has a public endpoint: %s", async (publicAccessCidrs, isPublic) => {
    const vpc = at((await controlPlane({ publicAccessCidrs })).inputs, "vpcConfig");
    expect(vpc).toMatchObject({ endpointPublicAccess: isPublic, endpointPrivateAccess: true });
  });

  it("is upgraded where it stands, with its add-ons and nodes", async () => {
    const before = (await make()).graph;
    const after = (await make({ version: "1.36" })).graph;
    expect(difference(before, after)).toEqual({
      added: [],
      removed: [],
      changed: {
        "Addon eks-coredns": ["addonVersion"],
        "Addon eks-eks-node-monitoring-agent": ["addonVersion"],
        "Addon eks-kube-proxy": ["addonVersion"],
        "Addon eks-metrics-server": ["addonVersion"],
        "Cluster eks-cluster": ["version"],
        "NodeGroup eks-system-nodes": ["version"],
      },
    });
    // Nodes must not be newer than the API server.
    const nodes = after.one("NodeGroup", "eks-system-nodes");
    expect(after.waitsFor(nodes, after.one("Cluster", "eks-cluster"))).toBe(true);
  });

  it("of a version without known add-ons is refused", async () => {
    await expect(make({ version: "1.29" })).rejects.toThrow("Kubernetes 1.29 is not in the table of add-ons");
  });
});

describe("who may use an EKS cluster", () => {
  it("is known by access entries alone", async () => {
    const { graph } = await make();
    expect(at((await controlPlane()).inputs, "accessConfig.authenticationMode")).toBe("API");
    expect(graph.all("AccessEntry").map(({ name }) => name)).toEqual([
      "eks-access-123456789012-role/platform-team-entry",
      "eks-access-123456789012-role/on-call-entry",
    ]);
  });

  it.each([
    ["whoever makes it, where no admin is named", [onCall], true],
    ["no more than who is named, where an admin is", [admin], false],
  ])("is %s", async (_who, access, creatorIsAdmin) => {
    const { inputs, ignoreChanges } = await controlPlane({ access });
    expect(at(inputs, "accessConfig.bootstrapClusterCreatorAdminPermissions")).toBe(creatorIsAdmin);
    // To AWS another value is another cluster.
    expect(ignoreChanges).toEqual(["accessConfig.bootstrapClusterCreatorAdminPermissions", "vpcConfig.subnetIds"]);
  });
});

describe("the add-ons of an EKS cluster", () => {
  it.each(["vpc-cni", "kube-proxy", "eks-pod-identity-agent"])("have %s there before a node is", async (addon) => {
    const { graph } = await make();
    expect(graph.waitsFor(graph.one("NodeGroup", "eks-system-nodes"), graph.one("Addon", `eks-${addon}`))).toBe(true);
  });

  it.each(["coredns", "metrics-server"])("give %s nodes to run on", async (addon) => {
    const { graph } = await make();
    expect(graph.waitsFor(graph.one("Addon", `eks-${addon}`), graph.one("NodeGroup", "eks-system-nodes"))).toBe(true);
  });

  it("are what controllers wait for, and the nodes as well", async () => {
    const { made } = await make();
    expect(made.ready).toHaveLength(7);
  });
});
