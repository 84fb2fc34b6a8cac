import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { chooseSubnets, nodeSubnets } from "../../../components/nodeSubnets";
import { objectionOf } from "../../support/hooks";
import { record, valueOf } from "../../support/mocks";

const subnets = [
  { id: "subnet-0a", zone: "a" },
  { id: "subnet-0b", zone: "b" },
  { id: "subnet-1b", zone: "b" },
];

describe("the subnets of a group of nodes", () => {
  it.each([
    ["all that are in zones which offer the type", undefined, ["subnet-0b", "subnet-1b"]],
    ["those of the one zone that is asked for", "b", ["subnet-0b", "subnet-1b"]],
  ])("are %s", (_which, zone, ids) => {
    expect(chooseSubnets(subnets, "p4d.24xlarge", { zones: ["b", "c"] }, zone)).toEqual({ ids });
  });

  it("cannot be in a zone without any, and those to use are named", () => {
    expect(chooseSubnets(subnets, "p4d.24xlarge", { zones: ["c"] }, "c").problem).toBe(
      "zone: no subnet is in c; there are subnets in a, b",
    );
  });

  it("cannot be where the type is not offered, and the zones that offer it are named", () => {
    expect(chooseSubnets(subnets, "p4d.24xlarge", { zones: ["b"] }, "a").problem).toBe(
      "p4d.24xlarge is offered in b, and the subnets to use are in a",
    );
  });

  it("tell what the look-up found wrong", () => {
    expect(chooseSubnets(subnets, "p3.2xlarge", { zones: [], problem: "none" }, "a")).toEqual({
      ids: ["subnet-0a"],
      problem: "none",
    });
  });
});

describe("the preflight of a group of nodes", () => {
  async function preflight(instanceType: string) {
    const { made } = await record(() => {
      const parent = new pulumi.ComponentResource("test:index:Nodes", "nodes");
      return nodeSubnets("gpu", [{ id: "subnet-0b", zone: "eu-west-1b" }], instanceType, undefined, parent);
    });
    await valueOf(made.ids);
    return made.whereOffered;
  }

  it("lets a group be made where its type is offered", async () => {
    expect(await objectionOf(await preflight("p4d.24xlarge"))).toBeUndefined();
  });

  it("refuses to make one where it is not, on a preview too, with what to take instead", async () => {
    const hook = await preflight("p3.2xlarge");
    expect(await objectionOf(hook)).toContain("gpu: no zone of eu-west-1 offers p3.2xlarge.");
    expect(hook.opts?.onDryRun).toBe(true);
  });
});
