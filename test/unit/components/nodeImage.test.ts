import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { nodeImage, type NodeImageArgs } from "../../../components/nodeImage";
import { objectionOf } from "../../support/hooks";
import { record, valueOf } from "../../support/mocks";

async function imageOf(change: Partial<NodeImageArgs> = {}) {
  const args: NodeImageArgs = { ami: "al2023", instanceType: "p4d.24xlarge", kubernetesVersion: "1.35", ...change };
  const { made } = await record(() => nodeImage("gpu", args, new pulumi.ComponentResource("test:index:Nodes", "gpu")));
  return { ...made, release: await valueOf(made.release) };
}

describe("the image of new nodes", () => {
  it("is the release that AWS recommends for the cluster", async () => {
    const { release, version } = await imageOf();
    expect(release).toContain("/eks/optimized-ami/1.35/");
    expect(version).toBeUndefined();
  });

  it("is the release that is asked for, with its own version of Kubernetes while the cluster is ahead", async () => {
    const { release, version, fits } = await imageOf({ kubernetesVersion: "1.36", amiRelease: "1.35.2-20260917" });
    expect([release, version]).toEqual(["1.35.2-20260917", "1.35"]);
    expect(await objectionOf(fits)).toBeUndefined();
  });

  it.each([
    [{ amiRelease: "1.36.0-20260917" }, "gpu: amiRelease: 1.36.0-20260917 is not for Kubernetes 1.35"],
    [{ kubernetesVersion: "1.99" }, "gpu: there is no al2023 image for Kubernetes 1.99"],
  ])("is refused where it cannot work: %j", async (change, message) => {
    expect(await objectionOf((await imageOf(change)).fits)).toContain(message);
  });
});

describe("nodes that are there already", () => {
  it("stay as they are whatever the cluster has come to, so that nothing keeps anybody from a rollback", async () => {
    const { fits } = await imageOf({ kubernetesVersion: "1.99" });
    const releaseVersion = "1.35.2-20260917";
    expect(await objectionOf(fits, { oldInputs: { releaseVersion }, newInputs: { releaseVersion } })).toBeUndefined();
  });

  it("are not given a release that cannot work", async () => {
    const { fits } = await imageOf({ amiRelease: "1.36.0-20260917" });
    const [oldInputs, newInputs] = [{ releaseVersion: "1.35.2-20260917" }, { releaseVersion: "1.36.0-20260917" }];
    expect(await objectionOf(fits, { oldInputs, newInputs })).toContain("gpu: amiRelease: 1.36.0-20260917");
  });

  it("keep their release only with their launch template: EKS takes its newest along with another one", async () => {
    const { fits } = await imageOf({ amiRelease: "1.35.2-20260917" });
    const was = { releaseVersion: "1.35.2-20260917", launchTemplate: { version: "1" } };
    const other = { ...was, launchTemplate: { version: "2" } };
    expect(await objectionOf(fits, { oldInputs: was, newInputs: was })).toBeUndefined();
    expect(await objectionOf(fits, { oldInputs: was, newInputs: other })).toContain(
      "set the newest release in the same",
    );
    const newer = { ...other, releaseVersion: "1.35.3-20261101" };
    expect(await objectionOf(fits, { oldInputs: was, newInputs: newer })).toBeUndefined();
  });
});
