import { describe, expect, it } from "vitest";
import { ModelFileSystem, onePerZone, type ModelFileSystemArgs } from "../../../components/modelFileSystem";
import { at, type Graph } from "../../support/graph";
import { record, valueOf } from "../../support/mocks";

const args: ModelFileSystemArgs = {
  vpcId: "vpc-0a1b2c3d",
  subnets: [
    { id: "subnet-0a", zone: "eu-west-1a" },
    { id: "subnet-0b", zone: "eu-west-1b" },
  ],
  zones: 2,
  clientSecurityGroupId: "sg-0cluster",
};

async function graphOf(change: Partial<ModelFileSystemArgs> = {}): Promise<Graph> {
  return (await record(() => new ModelFileSystem("models", { ...args, ...change }))).graph;
}

describe("the file system of the models", () => {
  it("has a mount target in each zone, behind one security group", async () => {
    const graph = await graphOf();
    expect(graph.toString()).toBe(
      `
ModelFileSystem models
  EncryptionKey models-key
    Key models-key-key
      Alias models-key-alias
  FileSystem models-files
    BackupPolicy models-backup
    FileSystemPolicy models-policy
    MountTarget models-target-1
    MountTarget models-target-2
  SecurityGroup models-access
    SecurityGroupIngressRule models-access-nfs
`.trim(),
    );
    const targets = graph.all("MountTarget").map(({ inputs }) => inputs);
    expect(targets.map((target) => at(target, "subnetId"))).toEqual(["subnet-0a", "subnet-0b"]);
    expect(targets.map((target) => at(target, "securityGroups"))).toEqual([["models-access-id"], ["models-access-id"]]);
  });

  it("is encrypted with its own key, backed up, and cannot be deleted by mistake", async () => {
    const graph = await graphOf();
    const { inputs, protect } = graph.one("FileSystem", "models-files");
    expect(protect).toBe(true);
    expect(inputs).toMatchObject({
      encrypted: true,
      kmsKeyId: "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d",
      throughputMode: "elastic",
    });
    expect(at(graph.one("BackupPolicy", "models-backup").inputs, "backupPolicy.status")).toBe("ENABLED");
  });

  it("lets NFS in from the cluster's nodes, and nothing else in or out", async () => {
    const graph = await graphOf();
    expect(graph.one("SecurityGroup", "models-access").inputs).toMatchObject({ vpcId: "vpc-0a1b2c3d", egress: [] });
    expect(graph.all("SecurityGroupIngressRule").map(({ inputs }) => inputs)).toMatchObject([
      {
        securityGroupId: "models-access-id",
        referencedSecurityGroupId: "sg-0cluster",
        ipProtocol: "tcp",
        fromPort: 2049,
        toPort: 2049,
      },
    ]);
    expect(graph.all("SecurityGroupEgressRule")).toEqual([]);
  });

  it("lets whoever gets through read, over TLS, and write nothing", async () => {
    const policy = at((await graphOf()).one("FileSystemPolicy", "models-policy").inputs, "policy");
    expect(at(JSON.parse(String(policy)), "Statement")).toMatchObject([
      {
        Effect: "Allow",
        Action: "elasticfilesystem:ClientMount",
        Condition: { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } },
      },
      { Effect: "Deny", Action: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
    ]);
  });

  it("tells its id when it can be mounted", async () => {
    const { made } = await record(() => new ModelFileSystem("models", args));
    expect(await valueOf(made.fileSystemId)).toBe("models-files-id");
  });

  it("is refused for subnets that share a zone, where EFS has one mount target", () => {
    const inOneZone = [
      { id: "subnet-0a", zone: "eu-west-1a" },
      { id: "subnet-0b", zone: "eu-west-1a" },
    ];
    expect(onePerZone(inOneZone, 2).fault).toMatch(/^2 subnets, .* these are in eu-west-1a: name one subnet/);
    expect(onePerZone(inOneZone, 1)).toEqual({ ids: ["subnet-0b"] });
  });
});
