import { describe, expect, it } from "vitest";
import { GpuReady, type GpuReadyArgs } from "../../../components/gpuReady";
import { gpuTaintValue } from "../../../components/labels";
import { at } from "../../support/graph";
import { record } from "../../support/mocks";

async function graphOf(change: Partial<GpuReadyArgs> = {}) {
  const args: GpuReadyArgs = { namespace: "inference", nodeGroupName: "gpu-blue", nodes: 2, color: "blue", ...change };
  return (await record(() => new GpuReady("ready", args))).graph;
}

async function jobOf(change: Partial<GpuReadyArgs> = {}) {
  return (await graphOf(change)).one("Job", "ready-job");
}

describe("the wait for a group's GPUs", () => {
  it("is a Job that needs one, on a node of exactly that group", async () => {
    const spec = at((await jobOf({ nodeGroupName: "gpu-green-0a1b", color: "green" })).inputs, "spec.template.spec");
    expect(at(spec, "nodeSelector")).toEqual({ "eks.amazonaws.com/nodegroup": "gpu-green-0a1b" });
    expect(at(spec, "containers.0.resources")).toMatchObject({
      requests: { "nvidia.com/gpu": "1" },
      limits: { "nvidia.com/gpu": "1" },
    });
  });

  it.each([undefined, "motion"])("is let onto the nodes of its pool: %s", async (pool) => {
    const { inputs } = await jobOf({ pool });
    expect(at(inputs, "spec.template.spec.tolerations.0.value")).toBe(gpuTaintValue("blue", pool));
  });

  it("ends by itself, and the engine waits for longer than that", async () => {
    const job = await jobOf();
    const deadline = Number(at(job.inputs, "spec.activeDeadlineSeconds"));
    expect(deadline).toBeGreaterThanOrEqual(600);
    expect(parseInt(job.customTimeouts.create)).toBeGreaterThan(deadline);
    expect(parseInt(job.customTimeouts.update)).toBeGreaterThan(deadline);
  });

  it("is repeated by the next update where it has failed", async () => {
    expect(at((await jobOf()).inputs, "metadata.annotations")).toEqual({ "pulumi.com/replaceUnready": "true" });
  });

  it("is not repeated for another image of its own, since a colour at work may have no GPU to spare", async () => {
    expect((await jobOf()).ignoreChanges).toEqual(["spec.template.spec.containers[0].image"]);
  });

  it("is nothing where the group starts with no node: none would come", async () => {
    expect((await graphOf({ nodes: 0 })).all("Job")).toEqual([]);
  });

  it("asks for no right that the namespace's rule would refuse", async () => {
    const spec = at((await jobOf()).inputs, "spec.template.spec");
    expect(at(spec, "securityContext")).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(at(spec, "containers.0.securityContext")).toMatchObject({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
  });
});
