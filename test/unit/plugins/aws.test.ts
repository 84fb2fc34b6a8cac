import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { kinds } from "../../../sandbox/plugins/aws/kinds";
import { lookups } from "../../../sandbox/plugins/aws/lookups";
import { awsRecorder } from "../../../sandbox/plugins/aws/provider";
import type { Provider, Subject } from "../../../sandbox/plugins/shared/provider";
import { isObject, unknown, type Values } from "../../../sandbox/plugins/shared/values";

let recorder: Provider;

beforeEach(() => {
  recorder = awsRecorder({}, () => []);
  recorder.configure?.({ region: "eu-west-1" });
});

const types = {
  role: "aws:iam/role:Role",
  bucket: "aws:s3/bucket:Bucket",
  nodeGroup: "aws:eks/nodeGroup:NodeGroup",
  cluster: "aws:eks/cluster:Cluster",
  template: "aws:ec2/launchTemplate:LaunchTemplate",
};

function subject(type: string, name = "blue-role"): Subject {
  return { type, name, urn: `urn:pulumi:dev::facefusion::${type}::${name}` };
}

function checked(about: Subject, news: Values, olds: Values = {}) {
  return recorder.check?.(about, news, olds) ?? { inputs: {}, failures: [] };
}

function invoked(token: string, args: Values = {}): Values {
  return recorder.invoke?.(token, args) ?? {};
}

describe("a plan", () => {
  it("has the inputs, and as unknown what AWS would decide", () => {
    const { id, outputs } = recorder.create(subject(types.nodeGroup), { clusterName: "prod" }, true);
    expect(id).toBe("");
    expect(outputs).toMatchObject({ clusterName: "prod", arn: unknown, resources: unknown });
  });

  it("does not know what AWS adds inside an input", () => {
    const { outputs } = recorder.create(subject(types.cluster), { vpcConfig: { subnetIds: ["subnet-0a"] } }, true);
    expect(outputs["vpcConfig"]).toEqual({
      subnetIds: ["subnet-0a"],
      clusterSecurityGroupId: unknown,
      vpcId: unknown,
    });
  });

  it("of an update keeps what AWS decided, but for what the update moves", () => {
    const olds = { arn: "arn:aws:ec2:::1", latestVersion: 3, tagsAll: {} };
    const outputs = recorder.update?.(subject(types.template), "lt-1", { name: "t" }, olds, true);
    expect(outputs).toEqual({ name: "t", arn: "arn:aws:ec2:::1", latestVersion: unknown, tagsAll: {} });
  });

  it("has the tags that the provider gives to everything, where the resource does not say another value", () => {
    recorder.configure?.({ region: "eu-west-1", defaultTags: '{"tags":{"stack":"dev","project":"facefusion"}}' });
    const tags = { color: "blue", project: "another" };
    const all = { stack: "dev", ...tags };
    expect(recorder.create(subject(types.role), { tags }, true).outputs["tagsAll"]).toEqual(all);
    expect(recorder.update?.(subject(types.role), "id", { tags }, { tagsAll: {} }, true)["tagsAll"]).toEqual(all);
    expect(recorder.create(subject(types.role), { tags: unknown }, true).outputs["tagsAll"]).toBe(unknown);
    expect(invoked("aws:index/getDefaultTags:getDefaultTags")["tags"]).toEqual({ stack: "dev", project: "facefusion" });
  });

  it("replaces on what cannot change in place, and on nothing else", () => {
    const changed = ["amiType", "region", "scalingConfig", "taints"];
    expect(recorder.replaces(subject(types.nodeGroup), changed)).toEqual(["amiType", "region"]);
  });

  it("refuses a type that it does not know, and says which it knows", () => {
    expect(() => checked(subject("aws:eks/clutser:Clutser"), {})).toThrow(/cannot plan aws:eks\/clutser.*NodeGroup/);
  });
});

describe("a name that the program leaves out", () => {
  it("is the program's name with 7 hex digits, the same in every plan", () => {
    const { inputs } = checked(subject(types.role), {});
    expect(inputs["name"]).toMatch(/^blue-role-[0-9a-f]{7}$/);
    expect(checked(subject(types.role), {}).inputs).toEqual(inputs);
  });

  it("differs between stacks", () => {
    const about = subject(types.role);
    const elsewhere = { ...about, urn: about.urn.replace("dev", "prod") };
    expect(checked(about, {}).inputs).not.toEqual(checked(elsewhere, {}).inputs);
  });

  it("stays what it was in the state", () => {
    expect(checked(subject(types.role), {}, { name: "blue-role-abcdef0" }).inputs["name"]).toBe("blue-role-abcdef0");
  });

  it("is made anew where the program set another one before", () => {
    expect(checked(subject(types.role), {}, { name: "hand-made" }).inputs["name"]).not.toBe("hand-made");
  });

  it("is in lower case for a bucket", () => {
    expect(checked(subject(types.bucket, "Models"), {}).inputs["bucket"]).toMatch(/^models-[0-9a-f]{7}$/);
  });

  it("is left to AWS where there is a prefix", () => {
    expect(checked(subject(types.role), { namePrefix: "gpu-" }).inputs).toEqual({ namePrefix: "gpu-" });
  });

  it("is refused where it is longer than AWS takes", () => {
    const { failures } = checked(subject(types.role, "r".repeat(60)), {});
    expect(failures.map(({ property }) => property)).toEqual(["name"]);
    expect(failures[0]?.reason).toMatch(/has 68 characters; AWS takes at most 64$/);
  });
});

describe("a real change", () => {
  const message = /only plans.*official AWS provider/;

  it.each<[string, () => unknown]>([
    ["create", () => recorder.create(subject(types.role), {}, false)],
    ["update", () => recorder.update?.(subject(types.role), "id", {}, {}, false)],
    ["read", () => recorder.guard?.(subject(types.role), "read")],
    ["delete", () => recorder.guard?.(subject(types.role), "delete")],
  ])("is refused: %s", (_operation, change) => {
    expect(change).toThrow(message);
  });
});

describe("the region", () => {
  it("is taken from the environment where the configuration does not say it", () => {
    recorder = awsRecorder({ AWS_REGION: "us-west-2" }, () => []);
    recorder.configure?.({});
    expect(invoked("aws:index/getRegion:getRegion")["region"]).toBe("us-west-2");
  });

  it("must be said, as for the official provider", () => {
    expect(() => awsRecorder({}, () => []).configure?.({})).toThrow(/pulumi config set aws:region/);
  });
});

describe("a look-up", () => {
  it("gives no host that could be reached", () => {
    const cluster = invoked("aws:eks/getCluster:getCluster", { name: "prod" });
    expect(cluster["endpoint"]).toBe("https://prod.recorded.invalid");
  });

  it("finds the asked instance types in every zone", () => {
    const offers = invoked("aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings", {
      locationType: "availability-zone",
      filters: [{ name: "instance-type", values: ["p4d.24xlarge"] }],
    });
    expect(offers["locations"]).toEqual(["eu-west-1a", "eu-west-1b", "eu-west-1c"]);
    expect(offers["instanceTypes"]).toEqual(["p4d.24xlarge", "p4d.24xlarge", "p4d.24xlarge"]);
  });

  it("finds no zone that still offers what AWS has retired", () => {
    const filters = [{ name: "instance-type", values: ["p3.2xlarge", "p3dn.24xlarge", "p4d.24xlarge"] }];
    const offers = invoked("aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings", { filters });
    expect(offers["instanceTypes"]).toEqual(["p4d.24xlarge"]);
  });

  it.each([
    [
      "/aws/service/eks/optimized-ami/1.36/amazon-linux-2023/x86_64/nvidia/recommended/release_version",
      /^1\.36\.\d+-\d{8}$/,
    ],
    ["/aws/service/bottlerocket/aws-k8s-1.36-nvidia/x86_64/latest/image_version", /^\d+\.\d+\.\d+-[0-9a-f]{8}$/],
    ["/aws/service/bottlerocket/aws-k8s-1.36-nvidia/x86_64/latest/image_id", /^ami-[0-9a-f]{17}$/],
  ])("has for %s what looks like it", (name, form) => {
    expect(invoked("aws:ssm/getParameter:getParameter", { name })["insecureValue"]).toMatch(form);
  });

  it("answers for the region that it names, not the provider's", () => {
    const zones = invoked("aws:index/getAvailabilityZones:getAvailabilityZones", { region: "cn-north-1" });
    expect(zones["names"]).toContain("cn-north-1a");
    expect(invoked("aws:index/getPartition:getPartition", { region: "cn-north-1" })["partition"]).toBe("aws-cn");
  });

  it("that is not recorded is refused, with those that are", () => {
    expect(() => invoked("aws:ec2/getAmi:getAmi")).toThrow(/no answer for aws:ec2\/getAmi:getAmi.*getCluster/);
  });
});

describe("a policy document", () => {
  function documentOf(args: Values): unknown {
    const { json } = invoked("aws:iam/getPolicyDocument:getPolicyDocument", args);
    return JSON.parse(typeof json === "string" ? json : "");
  }

  it("is rendered for real", () => {
    const statements = [
      {
        sid: "Models",
        actions: ["s3:GetObject", "s3:ListBucket"],
        resources: ["arn:aws:s3:::models/*"],
        conditions: [{ test: "StringEquals", variable: "aws:PrincipalOrgID", values: ["o-1"] }],
      },
      {
        effect: "Deny",
        notActions: ["s3:*"],
        resources: ["*"],
        principals: [{ type: "Service", identifiers: ["pods.eks.amazonaws.com"] }],
      },
    ];
    expect(documentOf({ statements })).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Models",
          Effect: "Allow",
          Action: ["s3:ListBucket", "s3:GetObject"],
          Resource: "arn:aws:s3:::models/*",
          Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } },
        },
        { Effect: "Deny", NotAction: "s3:*", Resource: "*", Principal: { Service: "pods.eks.amazonaws.com" } },
      ],
    });
  });

  it("may be for everybody", () => {
    const statements = [{ actions: ["s3:GetObject"], principals: [{ type: "*", identifiers: ["*"] }] }];
    expect(documentOf({ statements })).toMatchObject({ Statement: [{ Principal: "*" }] });
  });

  it("that is to be merged from others is refused", () => {
    expect(() => documentOf({ sourcePolicyDocuments: ["{}"] })).toThrow(/cannot merge policies/);
  });
});

// The table is worth what it says only as long as it agrees with the SDK whose programs it plans.
describe("the tables agree with @pulumi/aws", () => {
  /** The generated source of a resource or function. */
  function sourceOf(token: string): string {
    const file = (token.split(":")[1] ?? "").replace("index/", "");
    return readFileSync(`node_modules/@pulumi/aws/${file}.js`, "utf8");
  }

  function namesIn(source: string, pattern: RegExp): string[] {
    return [...source.matchAll(pattern)].map((match) => match[1] ?? "");
  }

  it.each(Object.entries(kinds))("%s", (type, kind) => {
    const source = sourceOf(type);
    expect(source).toContain(`__pulumiType = '${type}'`);
    const inputs = namesIn(source, /args\?\.(\w+)/g);
    const outputs = namesIn(source, /\["(\w+)"\] = undefined \/\*out\*\//g);
    const inner = kind.computed.filter((path) => path.includes("."));
    const computed = kind.computed.filter((path) => !path.includes("."));
    expect(outputs).toEqual(expect.arrayContaining(computed));
    expect(inputs).toEqual(expect.arrayContaining(inner.map((path) => path.split(".")[0] ?? "")));
    expect(inputs).toEqual(expect.arrayContaining([...kind.forceNew]));
    expect(kind.computed).toEqual(expect.arrayContaining([...(kind.moves ?? [])]));
    if (kind.autoname) expect(inputs).toContain(kind.autoname.property);
  });

  it.each([...Object.keys(lookups), "aws:index/getDefaultTags:getDefaultTags"])("%s", (token) => {
    expect(sourceOf(token)).toContain(`"${token}"`);
    expect(isObject(invoked(token))).toBe(true);
  });
});

// Also what neither dev nor prod has, such as a file system for the models.
describe("whatever the program may make or ask for", () => {
  const sources = readdirSync("components", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(path.join("components", file), "utf8"))
    .join("\n");

  /** As in `aws:ec2/vpcEndpoint:VpcEndpoint`, of `ec2` and `VpcEndpoint`. */
  function tokenOf(module: string, name: string): string {
    return `aws:${module}/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
  }

  it("can be planned", () => {
    const made = [...sources.matchAll(/new aws\.(\w+)\.(\w+)\(/g)].map(([, module = "", name = ""]) =>
      tokenOf(module, name),
    );
    expect(made).toContain("aws:efs/fileSystem:FileSystem");
    expect(Object.keys(kinds)).toEqual(expect.arrayContaining(made));
  });

  it("has an answer", () => {
    const asked = [...sources.matchAll(/aws\s*(?:\.(\w+)\s*)?\.(get\w+?)(?:Output)?\(/g)].map(
      ([, module = "index", name = ""]) => tokenOf(module, name),
    );
    expect(asked).toContain("aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings");
    for (const token of asked) expect(() => invoked(token)).not.toThrow();
  });
});
