/** An EKS cluster that is there, as a component gets it. */
import * as pulumi from "@pulumi/pulumi";
import type { Eks } from "../../components/cluster";

/** @param zones Letters of eu-west-1, with a subnet in each. */
export function anEks(ready: pulumi.Resource[] = [], zones = ["a"]): Eks {
  return {
    clusterName: pulumi.output("prod"),
    kubernetesVersion: pulumi.output("1.35"),
    subnets: pulumi.output(zones.map((zone) => ({ id: `subnet-0${zone}`, zone: `eu-west-1${zone}` }))),
    vpcId: pulumi.output("vpc-0a"),
    region: pulumi.output("eu-west-1"),
    securityGroupId: pulumi.output("sg-0a"),
    ready,
  };
}
