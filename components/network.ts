/** A VPC for a cluster: nodes in private subnets, load balancers and NAT gateways in public ones, a pair to each zone. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { FlowLogs } from "./flowLogs";
import { networkZones } from "./networkZones";
import { ownName } from "./ownName";
import { subnetBlocks, type ZoneBlocks } from "./subnetBlocks";

/** A private subnet, for nodes. */
export interface NodeSubnet {
  id: string;
  /** Its availability zone, such as `eu-west-1a`. */
  zone: string;
}

export interface NetworkArgs {
  /** The VPC's addresses, from /16 to /20. Networks that are ever to be peered with it must not overlap. */
  cidr: string;
  /** How many zones to spread over; EKS asks for two at least. */
  zones: number;
  /**
   * `one` is cheaper, and all zones lose their way out with its zone; with `perZone` a zone stands alone, and nothing
   * pays for traffic between zones.
   */
  natGateways: "one" | "perZone";
  /** The instance types of all node groups: zones that offer them come first. */
  instanceTypes: string[];
  /** How long to keep the record of refused connections, in days; a number that CloudWatch knows. */
  logRetentionDays: number;
  /** The KMS key for that record. */
  logKeyArn: pulumi.Input<string>;
}

export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** One in each zone; handed out when machines in it can reach the internet. */
  readonly subnets: pulumi.Output<NodeSubnet[]>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:Network", name, {}, opts);
    const vpc = new aws.ec2.Vpc(
      `${name}-vpc`,
      { cidrBlock: args.cidr, enableDnsSupport: true, enableDnsHostnames: true, tags: named("vpc") },
      { parent: this },
    );
    // Everything in the VPC falls back on this group, so that it must let nothing through.
    new aws.ec2.DefaultSecurityGroup(
      `${name}-default`,
      { vpcId: vpc.id, ingress: [], egress: [], tags: named("unused") },
      { parent: vpc },
    );
    new FlowLogs(
      `${name}-flow-logs`,
      { vpcId: vpc.id, retentionDays: args.logRetentionDays, keyArn: args.logKeyArn },
      { parent: this },
    );
    const gateway = new aws.ec2.InternetGateway(
      `${name}-gateway`,
      { vpcId: vpc.id, tags: named("gateway") },
      { parent: vpc },
    );
    const publicRoutes = routeTable(`${name}-public`, vpc);
    const publicRoute = new aws.ec2.Route(
      `${name}-public-route`,
      { routeTableId: publicRoutes.id, destinationCidrBlock: anywhere, gatewayId: gateway.id },
      { parent: publicRoutes },
    );

    const privateRoutes: aws.ec2.RouteTable[] = [];
    const subnets: pulumi.Output<NodeSubnet>[] = [];
    let shared: aws.ec2.NatGateway | undefined;
    const zones = networkZones(args.instanceTypes, args.zones, { parent: this });
    for (const [i, blocks] of subnetBlocks(args.cidr, args.zones).entries()) {
      const zone = zones.apply((all) => all[i] ?? "");
      const pair = subnetPair(name, i + 1, { vpc, zone, blocks });
      const wayOut = [publicRoute, associate(`${name}-public-${i + 1}`, pair.public, publicRoutes)];

      const nat = shared ?? natGateway(`${name}-nat-${i + 1}`, pair.public, wayOut);
      if (args.natGateways === "one") shared = nat;

      const routes = routeTable(`${name}-private-${i + 1}`, vpc);
      const route = new aws.ec2.Route(
        `${name}-private-${i + 1}-route`,
        { routeTableId: routes.id, destinationCidrBlock: anywhere, natGatewayId: nat.id },
        { parent: routes },
      );
      const association = associate(`${name}-private-${i + 1}`, pair.private, routes);
      privateRoutes.push(routes);
      // A node that starts before its way out is there never joins.
      subnets.push(
        pulumi
          .all([pair.private.id, pair.private.availabilityZone, route.id, association.id])
          .apply(([id, zone]) => ({ id, zone })),
      );
    }

    new aws.ec2.VpcEndpoint(
      `${name}-s3`,
      {
        vpcId: vpc.id,
        vpcEndpointType: "Gateway",
        serviceName: pulumi.interpolate`com.amazonaws.${vpc.region}.s3`,
        // Models and the layers of images come from S3. This way is free; a NAT gateway asks money for every GiB.
        routeTableIds: privateRoutes.map(({ id }) => id),
        tags: named("s3"),
      },
      { parent: vpc },
    );

    this.vpcId = vpc.id;
    this.subnets = pulumi.all(subnets);
    this.registerOutputs({ vpcId: this.vpcId, subnets: this.subnets });
  }
}

const anywhere = "0.0.0.0/0";

/** The name that people see in AWS's console. */
function named(what: string): Record<string, string> {
  return { Name: ownName(what) };
}

function routeTable(name: string, vpc: aws.ec2.Vpc): aws.ec2.RouteTable {
  return new aws.ec2.RouteTable(`${name}-routes`, { vpcId: vpc.id, tags: named(name) }, { parent: vpc });
}

function associate(name: string, subnet: aws.ec2.Subnet, routes: aws.ec2.RouteTable): aws.ec2.RouteTableAssociation {
  return new aws.ec2.RouteTableAssociation(
    `${name}-association`,
    { subnetId: subnet.id, routeTableId: routes.id },
    { parent: subnet },
  );
}

function subnetPair(
  name: string,
  number: number,
  { vpc, zone, blocks }: { vpc: aws.ec2.Vpc; zone: pulumi.Input<string>; blocks: ZoneBlocks },
): Record<"public" | "private", aws.ec2.Subnet> {
  const subnet = (kind: "public" | "private", role: string) =>
    new aws.ec2.Subnet(
      `${name}-${kind}-${number}`,
      {
        vpcId: vpc.id,
        availabilityZone: zone,
        cidrBlock: blocks[kind],
        mapPublicIpOnLaunch: false,
        // The AWS Load Balancer Controller finds the subnets of a load balancer by these.
        tags: { ...named(`${kind}-${number}`), [role]: "1" },
      },
      {
        parent: vpc,
        // AWS may offer a type in another zone tomorrow, and a subnet cannot move: it stays where it was made.
        ignoreChanges: ["availabilityZone"],
      },
    );
  return {
    public: subnet("public", "kubernetes.io/role/elb"),
    private: subnet("private", "kubernetes.io/role/internal-elb"),
  };
}

function natGateway(name: string, subnet: aws.ec2.Subnet, wayOut: pulumi.Resource[]): aws.ec2.NatGateway {
  const address = new aws.ec2.Eip(`${name}-address`, { domain: "vpc", tags: named(name) }, { parent: subnet });
  return new aws.ec2.NatGateway(
    name,
    { subnetId: subnet.id, allocationId: address.allocationId, tags: named(name) },
    { parent: subnet, dependsOn: wayOut },
  );
}
