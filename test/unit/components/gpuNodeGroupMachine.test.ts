import { describe, expect, it } from "vitest";
import { at } from "../../support/graph";
import { graphOf, groupOf, templateOf } from "../../support/nodeGroup";

const encrypted = { volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" };

async function userDataOf(change: Parameters<typeof templateOf>[0]): Promise<string> {
  return Buffer.from(String(at(await templateOf(change), "userData")), "base64").toString();
}

describe("a node", () => {
  it("hands its credentials to IMDSv2 alone, and not to Pods", async () => {
    expect(at(await templateOf(), "metadataOptions")).toEqual({
      httpEndpoint: "enabled",
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
    });
  });

  it("has an encrypted disk of the asked size, which goes with it", async () => {
    expect(at(await templateOf({ diskSizeGiB: 500 }), "blockDeviceMappings")).toEqual([
      { deviceName: "/dev/xvda", ebs: { ...encrypted, volumeSize: 500 } },
    ]);
  });

  it("of Bottlerocket has a second one, which is the asked size, and both are encrypted", async () => {
    expect(at(await templateOf({ ami: "bottlerocket", diskSizeGiB: 500 }), "blockDeviceMappings")).toEqual([
      { deviceName: "/dev/xvda", ebs: encrypted },
      { deviceName: "/dev/xvdb", ebs: { ...encrypted, volumeSize: 500 } },
    ]);
  });

  it("is tagged with its colour and as the provider says by default, its disk and its network interface too", async () => {
    const tags = { "facefusion:color": "green", stack: "test" };
    expect(at(await templateOf({ color: "green" }), "tagSpecifications")).toEqual([
      { resourceType: "instance", tags },
      { resourceType: "volume", tags },
      { resourceType: "network-interface", tags },
    ]);
  });

  it("is rebuilt when the launch template changes: the group names its version", async () => {
    expect(at((await groupOf()).inputs, "launchTemplate")).toEqual({ id: "gpu-template-id", version: "1" });
  });
});

describe("the machine's own disks", () => {
  it("are left alone where nobody asks for them", async () => {
    expect(at(await templateOf(), "userData")).toBeUndefined();
  });

  it("hold images, caches and volumes on Amazon Linux", async () => {
    const userData = await userDataOf({ instanceStore: true });
    expect(userData).toContain("Content-Type: application/node.eks.aws");
    expect(userData).toContain("localStorage:\n      strategy: RAID0");
  });

  it("hold images, caches and volumes on Bottlerocket", async () => {
    const userData = await userDataOf({ instanceStore: true, ami: "bottlerocket" });
    expect(userData).toContain('["apiclient", "ephemeral-storage", "init"]');
    expect(userData).toContain('"/var/lib/containerd", "/var/lib/kubelet"');
  });

  it("are not asked of a machine that has none", async () => {
    await expect(graphOf({ instanceType: "p3.2xlarge", instanceStore: true })).rejects.toThrow(
      "gpu: instanceStore: p3.2xlarge has no disks of its own; leave it out",
    );
  });
});

describe("the image of a node", () => {
  it.each([
    ["al2023", "AL2023_x86_64_NVIDIA", "/aws/service/eks/optimized-ami/1.35/amazon-linux-2023/x86_64/nvidia"],
    ["bottlerocket", "BOTTLEROCKET_x86_64_NVIDIA", "/aws/service/bottlerocket/aws-k8s-1.35-nvidia/x86_64/latest"],
  ] as const)("%s is NVIDIA's, in the release that AWS recommends when the group is made", async (ami, type, path) => {
    const { inputs, ignoreChanges } = await groupOf({ ami });
    expect(at(inputs, "amiType")).toBe(type);
    expect(at(inputs, "releaseVersion")).toContain(path);
    expect(ignoreChanges).toContain("releaseVersion");
  });

  it("is the release that is asked for, and another one when another is asked for", async () => {
    const { inputs, ignoreChanges } = await groupOf({ amiRelease: "1.35.2-20260917" });
    expect(inputs).toMatchObject({ releaseVersion: "1.35.2-20260917", version: "1.35" });
    expect(ignoreChanges).not.toContain("releaseVersion");
  });
});
