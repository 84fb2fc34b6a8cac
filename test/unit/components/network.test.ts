import * as aws from "@pulumi/aws";
import { describe, expect, it } from "vitest";
import { Network, type NetworkArgs } from "../../../components/network";
import { at, type Graph } from "../../support/graph";
import { record, valueOf } from "../../support/mocks";

function theArgs(change: Partial<NetworkArgs> = {}): NetworkArgs {
  return {
    cidr: "10.20.0.0/16",
    zones: 3,
    natGateways: "perZone",
    instanceTypes: ["g5.xlarge", "p4d.24xlarge"],
    logRetentionDays: 90,
    logKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d",
    ...change,
  };
}

const make = (change: Partial<NetworkArgs> = {}) => record(() => new Network("net", theArgs(change)));

/** What a zone's private route table sends out through. */
function waysOut(graph: Graph): unknown[] {
  const routes = graph.all("Route").map(({ inputs }) => at(inputs, "natGatewayId"));
  return routes.filter((nat) => nat !== undefined);
}

describe("the zones of a network", () => {
  it("begin with the one that has the GPUs", async () => {
    const { made } = await make({ zones: 2 });
    expect((await valueOf(made.subnets)).map(({ zone }) => zone)).toEqual(["eu-west-1b", "eu-west-1a"]);
  });

  it("stay what they are when AWS offers a type elsewhere", async () => {
    const { graph } = await make();
    for (const subnet of graph.all("Subnet")) expect(subnet.ignoreChanges).toEqual(["availabilityZone"]);
  });
});

describe("a subnet for nodes", () => {
  it("is handed out when it has a way out, and gives no machine a public address", async () => {
    const { graph } = await record(() => {
      const { subnets } = new Network("net", theArgs());
      new aws.ssm.Parameter("after", { type: "String", value: subnets.apply((all) => all.map(({ id }) => id).join()) });
    });
    const after = graph.one("Parameter", "after");
    expect(at(after.inputs, "value")).toBe("net-private-1-id,net-private-2-id,net-private-3-id");
    for (const [type, name] of [
      ["Route", "net-private-3-route"],
      ["RouteTableAssociation", "net-private-3-association"],
      ["Route", "net-public-route"],
    ] as const)
      expect(graph.waitsFor(after, graph.one(type, name)), name).toBe(true);
    expect(at(graph.one("Subnet", "net-private-1").inputs, "mapPublicIpOnLaunch")).toBe(false);
  });

  it("and one for load balancers are found by the load balancer controller", async () => {
    const { graph } = await make();
    const tags = (name: string) => at(graph.one("Subnet", name).inputs, "tags");
    expect(tags("net-private-2")).toMatchObject({ "kubernetes.io/role/internal-elb": "1" });
    expect(tags("net-public-2")).toMatchObject({ "kubernetes.io/role/elb": "1" });
  });
});

describe("the way out of a network", () => {
  it("is each zone's own where a zone has to stand alone", async () => {
    expect(waysOut((await make()).graph)).toEqual(["net-nat-1-id", "net-nat-2-id", "net-nat-3-id"]);
  });

  it("is one for all where that is enough", async () => {
    const { graph } = await make({ natGateways: "one" });
    expect(waysOut(graph)).toEqual(["net-nat-1-id", "net-nat-1-id", "net-nat-1-id"]);
    expect(graph.all("Eip")).toHaveLength(1);
  });

  it("is not what models and images come by", async () => {
    const { inputs } = (await make()).graph.one("VpcEndpoint", "net-s3");
    expect(inputs).toMatchObject({ vpcEndpointType: "Gateway", serviceName: "com.amazonaws.eu-west-1.s3" });
    expect(at(inputs, "routeTableIds")).toEqual([1, 2, 3].map((zone) => `net-private-${zone}-routes-id`));
  });
});

describe("what falls through in a network", () => {
  it("meets a group that lets nothing pass", async () => {
    const { inputs } = (await make()).graph.one("DefaultSecurityGroup", "net-default");
    expect(inputs).toMatchObject({ ingress: [], egress: [] });
  });

  it("is recorded, encrypted and for a time", async () => {
    const { graph } = await make({ logRetentionDays: 30 });
    expect(at(graph.one("FlowLog", "net-flow-logs-log").inputs, "trafficType")).toBe("REJECT");
    expect(graph.one("LogGroup", "net-flow-logs-group").inputs).toMatchObject({
      name: "/aws/vpc/facefusion-test/flow-logs",
      retentionInDays: 30,
      kmsKeyId: "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d",
    });
  });
});
