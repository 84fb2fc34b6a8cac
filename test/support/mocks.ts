/**
 * Runs components on Pulumi's mocks and records what they register, as a graph.
 *
 * The mocks tell a test only type, name and inputs. Parents, dependencies and options are in the request that the mock
 * monitor answers, so the recorder is a mock monitor that keeps what it reads there.
 */
import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceOutputsRequest, RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { MockMonitor, type MockResourceArgs, type Mocks } from "@pulumi/pulumi/runtime/mocks";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { at, Graph, isTree, type Node } from "./graph";

/** What a provider would add to a resource's inputs, by type token. */
const outputs: Readonly<Record<string, Record<string, unknown>>> = {
  "aws:iam/role:Role": { name: "recorded-role", arn: "arn:aws:iam::123456789012:role/recorded" },
  "aws:ec2/vpc:Vpc": { region: "eu-west-1" },
  "aws:kms/key:Key": {
    keyId: "0a1b2c3d",
    arn: "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d",
  },
  "aws:s3/bucket:Bucket": { arn: "arn:aws:s3:::models-of-ours" },
  "aws:ecr/repository:Repository": {
    arn: "arn:aws:ecr:eu-west-1:123456789012:repository/facefusion",
    repositoryUrl: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/facefusion",
  },
  "aws:eks/cluster:Cluster": {
    name: "recorded-cluster",
    arn: "arn:aws:eks:eu-west-1:123456789012:cluster/recorded-cluster",
    endpoint: "https://recorded.invalid",
    certificateAuthority: { data: "cmVjb3JkZWQ=" },
  },
  "aws:ec2/launchTemplate:LaunchTemplate": { latestVersion: 1 },
  "aws:eks/nodeGroup:NodeGroup": {
    nodeGroupName: "recorded-nodes",
    resources: [{ autoscalingGroups: [{ name: "recorded-asg" }] }],
  },
  "random:index/randomId:RandomId": { hex: "0a1b2c3d" },
  "kubernetes:helm.sh/v3:Release": { status: { status: "deployed" } },
};

/** What AWS would answer to a look-up (an invoke), by token. */
type Answers = Readonly<Record<string, (args: Readonly<Record<string, unknown>>) => Record<string, unknown>>>;

const answers: Answers = {
  "aws:eks/getCluster:getCluster": () => ({
    name: "adopted",
    version: "1.36",
    arn: "arn:aws:eks:eu-west-1:123456789012:cluster/adopted",
    endpoint: "https://adopted.invalid",
    certificateAuthorities: [{ data: "YWRvcHRlZA==" }],
  }),
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({ accountId: "123456789012" }),
  "aws:index/getRegion:getRegion": () => ({ region: "eu-west-1" }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": () => ({
    region: "eu-west-1",
    names: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
  }),
  "aws:ec2/getSubnet:getSubnet": ({ id }) => ({
    id,
    // The last letter of the id is that of the zone.
    availabilityZone: `eu-west-1${String(id).slice(-1)}`,
    vpcId: "vpc-0adopted",
  }),
  "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": ({ filters }) => {
    const offers = instanceTypesIn(filters).flatMap((type) => zonesOf(type).map((zone) => ({ type, zone })));
    return {
      region: "eu-west-1",
      instanceTypes: offers.map(({ type }) => type),
      locations: offers.map(({ zone }) => zone),
    };
  },
  "aws:ssm/getParameter:getParameter": ({ name }) => ({ name, insecureValue: `recommended by ${String(name)}` }),
  "aws:index/getDefaultTags:getDefaultTags": () => ({ tags: { stack: "test" } }),
};

/** A region of three zones: P3 is in none of them, P4 in one, all else in each. */
function zonesOf(instanceType: string): string[] {
  if (instanceType.startsWith("p3")) return [];
  return instanceType.startsWith("p4") ? ["eu-west-1b"] : ["eu-west-1a", "eu-west-1b", "eu-west-1c"];
}

function instanceTypesIn(filters: unknown): string[] {
  const values = at(filters, "0.values");
  return Array.isArray(values) ? values.filter((value) => typeof value === "string") : [];
}

const mocksWith = (own: Answers): Mocks => ({
  newResource({ type, name, inputs }: MockResourceArgs) {
    const given: unknown = inputs;
    return { id: `${name}-id`, state: { ...(isTree(given) ? given : {}), ...outputs[type] } };
  },
  call({ token, inputs }) {
    const answer = own[token] ?? answers[token];
    if (answer === undefined) throw new Error(`no test has an answer for ${token}`);
    const given: unknown = inputs;
    return answer(isTree(given) ? given : {});
  },
});

type Answer = (error: unknown, response?: { getUrn(): string }) => void;

class RecordingMonitor extends MockMonitor {
  private readonly requests = new Map<string, RegisterResourceRequest>();
  private readonly outputs = new Map<string, unknown>();

  override async registerResource(request: RegisterResourceRequest, answer: Answer): Promise<void> {
    await super.registerResource(request, (error: unknown, response?: { getUrn(): string }) => {
      if (response) this.keep(response.getUrn(), request);
      answer(error, response);
    });
  }

  /** What is thrown here goes back to the SDK as the failure of the registration. */
  private keep(urn: string, request: RegisterResourceRequest): void {
    if (this.requests.has(urn)) throw new Error(`two resources have the URN ${urn}`);
    this.requests.set(urn, request);
  }

  override registerResourceOutputs(request: RegisterResourceOutputsRequest, answer: Answer): void {
    this.outputs.set(request.getUrn(), valuesOf(request.getOutputs()));
    super.registerResourceOutputs(request, answer);
  }

  /** The SDK's mock monitor lacks this call. The engine would keep the hook; a test calls its function itself. */
  registerResourceHook(_request: unknown, answer: (error: null, response: object) => void): void {
    answer(null, {});
  }

  graph(): Graph {
    return new Graph([...this.requests].map(([urn, request]) => nodeOf(urn, request, this.outputs.get(urn) ?? {})));
  }
}

function nodeOf(urn: string, request: RegisterResourceRequest, outputs: unknown): Node {
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    inputs: valuesOf(request.getObject()),
    outputs,
    parent: request.getParent(),
    dependencies: request.getDependenciesList(),
    provider: request.getProvider(),
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    deleteBeforeReplace: request.getDeletebeforereplace(),
    replaceOnChanges: request.getReplaceonchangesList(),
    ignoreChanges: request.getIgnorechangesList(),
    customTimeouts: {
      create: request.getCustomtimeouts()?.getCreate() ?? "",
      update: request.getCustomtimeouts()?.getUpdate() ?? "",
      delete: request.getCustomtimeouts()?.getDelete() ?? "",
    },
    aliases: request.getAliasesList().map((alias) => alias.toObject()),
  };
}

function valuesOf(struct: Struct | undefined): unknown {
  return struct === undefined ? {} : pulumi.runtime.deserializeProperties(struct);
}

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs the program until all it registers is registered; one at a time, since the SDK's runtime is global.
 *
 * @param own Answers to look-ups in place of the usual ones.
 */
export function record<T>(program: () => T, own: Answers = {}): Promise<{ graph: Graph; made: T }> {
  const recording = last.then(() => recordNow(program, mocksWith(own)));
  last = recording.catch(() => undefined);
  return recording;
}

async function recordNow<T>(program: () => T, mocks: Mocks): Promise<{ graph: Graph; made: T }> {
  const monitor = new RecordingMonitor(mocks);
  await pulumi.runtime.setMocks(mocks, "facefusion", "test");
  pulumi.runtime.setMockOptions(monitor, "facefusion", "test");
  let made: T;
  try {
    made = program();
  } finally {
    await pulumi.runtime.disconnect();
  }
  return { graph: monitor.graph(), made };
}

/** The value of an output of what `record` ran. */
export async function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}
