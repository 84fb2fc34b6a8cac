/** The shape of what is configured for AWS: the cluster, its nodes, when they are needed, who may reach them, what they cost. */
import { z } from "zod";
import { instanceTypesOf, gpuInstanceTypes, optionalFamilies, standardFamilies } from "../components/gpuInstanceTypes";
import { cidr, clockTime, flag, nonEmpty, oneOf, text, timeZone, whole } from "./fields";

export const instanceType = text(
  `one of ${instanceTypesOf(standardFamilies).join(", ")}, or a type of a family in allowedInstanceFamilies (${optionalFamilies.join(", ")})`,
  (value) => value in gpuInstanceTypes,
);

const twoSubnets = { error: "a list of at least two subnet ids, in different zones" };
const subnetIds = z
  .array(
    text("a subnet id such as subnet-0a1b2c3d", (v) => /^subnet-[0-9a-f]+$/.test(v)),
    twoSubnets,
  )
  .min(2, twoSubnets);

/** The numbers of days that CloudWatch accepts. */
const logRetentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** The network of a cluster that is made here. */
const network = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({
      kind: z.literal("create"),
      cidr: cidr("10.20.0.0/16", { min: 16, max: 20 }).default("10.20.0.0/16"),
      zones: whole(2, 3, "zones").default(3),
      natGateways: oneOf(["one", "perZone"]).default("perZone"),
    }),
    z.strictObject({ kind: z.literal("adopt"), subnetIds }),
  ],
  { error: "an object whose kind is create, or adopt (with subnetIds)" },
);

/** Who reaches the API server besides whoever made the cluster. */
const access = z.array(
  z.strictObject(
    {
      principalArn: text("the ARN of an IAM role or user", (v) =>
        /^arn:aws[\w-]*:iam::\d{12}:(role|user)\/.+$/.test(v),
      ),
      role: oneOf(["admin", "view", "none"]).default("none"),
      groups: z
        .array(
          text("a Kubernetes group that is not one of the system's own", (v) => v !== "" && !v.startsWith("system:")),
          { error: "a list of Kubernetes groups" },
        )
        .default([]),
    },
    { error: "an object with principalArn, and role or groups" },
  ),
  { error: "a list of objects with principalArn, and role or groups" },
);

/** The nodes of the controllers: they have no GPU, and no taint. */
const systemNodes = z.strictObject(
  {
    instanceType: text("an EC2 type without a GPU, such as m7i.large", (v) => /^[a-z]\w+\.\w+$/.test(v)).default(
      "m7i.large",
    ),
    minSize: whole(2, 100, "nodes").default(2),
    maxSize: whole(2, 100, "nodes").default(4),
  },
  { error: "an object with instanceType, minSize and maxSize" },
);

/** Where the cluster comes from. */
export const cluster = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({ kind: z.literal("kubeconfig"), context: nonEmpty("the name of a context").optional() }),
    z.strictObject({
      kind: z.literal("adopt"),
      name: nonEmpty("the name of an EKS cluster"),
      subnetIds,
      controllers: flag.default(false),
    }),
    z.strictObject({
      kind: z.literal("create"),
      version: text("a Kubernetes version that EKS offers: 1.35 or 1.36", (v) => ["1.35", "1.36"].includes(v)).default(
        "1.35",
      ),
      network: network.default({ kind: "create", cidr: "10.20.0.0/16", zones: 3, natGateways: "perZone" }),
      publicAccessCidrs: z.array(cidr("203.0.113.0/24", { min: 8, max: 32 }), { error: "a list of CIDRs" }).default([]),
      access: access.default([]),
      systemNodes: systemNodes.default({ instanceType: "m7i.large", minSize: 2, maxSize: 4 }),
      logRetentionDays: z.literal(logRetentions, { error: `one of ${logRetentions.join(", ")} (days)` }).default(90),
    }),
  ],
  { error: "an object whose kind is kubeconfig, adopt or create" },
);

const reservationId = text("the id of a capacity reservation, such as cr-0a1b2c3d4e5f60789", (v) =>
  /^cr-[0-9a-f]{8,17}$/.test(v),
);

/** How nodes are paid for. */
const nodeCapacity = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({ kind: z.literal("onDemand") }),
    z.strictObject({ kind: z.literal("spot") }),
    z.strictObject({ kind: z.literal("reservation"), id: reservationId }),
    z.strictObject({ kind: z.literal("block"), id: reservationId }),
  ],
  { error: "an object whose kind is onDemand, spot, reservation or block (the last two with id)" },
);

/** One colour's GPU nodes. */
export const nodeGroup = z.strictObject(
  {
    instanceType,
    minSize: whole(0, 100, "nodes").default(0),
    desiredSize: whole(0, 100, "nodes").default(1),
    maxSize: whole(1, 100, "nodes").default(4),
    capacity: nodeCapacity.default({ kind: "onDemand" }),
    zone: text("an availability zone such as eu-west-1a", (v) => /^[a-z]{2}(-[a-z]+)+-\d[a-z]$/.test(v)).optional(),
    ami: oneOf(["al2023", "bottlerocket"]).default("al2023"),
    amiRelease: nonEmpty("a release of the node image, such as 1.35.2-20260917").optional(),
    diskSizeGiB: whole(50, 16384, "GiB").default(200),
    instanceStore: flag.default(false),
  },
  { error: "an object with instanceType and sizes" },
);

/** The GPU nodes of both colours. */
export const nodePair = z.strictObject(
  { blue: nodeGroup, green: nodeGroup },
  { error: "an object with blue and green" },
);

const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** When the services are at peak; at all other times they are off-peak. */
export const schedule = z.strictObject(
  {
    timeZone,
    days: z.array(oneOf(days), { error: `a list of ${days.join(", ")}` }).min(1, { error: "one day at least" }),
    from: clockTime,
    until: clockTime,
  },
  { error: "an object with timeZone, days, from and until" },
);

/** cert-manager, with an issuer named letsencrypt that proves a host by its DNS zone on Route 53. */
export const certManager = z.strictObject(
  {
    email: z.email({ error: "an email address, for the authority's warnings" }),
    hostedZoneId: text("the id of a hosted zone on Route 53, such as Z0123456789ABCDEFGHIJ", (v) =>
      /^Z[0-9A-Z]{5,31}$/.test(v),
    ),
  },
  { error: "an object with email and hostedZoneId" },
);

/** Repositories for images, on ECR. */
export const imageRepositories = z.array(
  text(
    "the name of a repository, such as facefusion",
    (v) => /^[a-z0-9]+([._/-][a-z0-9]+)*$/.test(v) && v.length <= 256,
  ),
  { error: "a list of repositories' names" },
);

const arnOf = (service: string, example: string) =>
  text(`an ARN such as ${example}`, (v) => new RegExp(`^arn:aws[\\w-]*:${service}:`).test(v));

const identityProvider = {
  branch: nonEmpty("the name of a branch").default("main"),
  providerArn: arnOf("iam", "arn:aws:iam::123456789012:oidc-provider/gitlab.com").optional(),
};

/** The pipelines that may act, each as a role that it takes with the identity which its forge gives it. */
export const ci = z.strictObject(
  {
    github: z
      .strictObject(
        {
          repository: text("owner/name, or owner@id/name@id as the subject of its tokens has it", (v) =>
            /^[\w.-]+(@\d+)?\/[\w.-]+(@\d+)?$/.test(v),
          ),
          environment: nonEmpty("the name of an environment").default("production"),
          unattended: nonEmpty("the name of an environment").optional(),
          ...identityProvider,
        },
        { error: "an object with repository" },
      )
      .optional(),
    gitlab: z
      .strictObject(
        {
          project: text("group/project", (v) => /^[\w.-]+(\/[\w.-]+)+$/.test(v)),
          url: text("an https URL", (v) => URL.canParse(v) && v.startsWith("https://")).default("https://gitlab.com"),
          ...identityProvider,
        },
        { error: "an object with project" },
      )
      .optional(),
    state: z
      .strictObject(
        {
          bucket: text("the name of an S3 bucket", (v) => /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(v)),
          keyArn: arnOf("kms", "arn:aws:kms:eu-west-1:123456789012:key/…").optional(),
          secretsKeyArn: arnOf("kms", "arn:aws:kms:eu-west-1:123456789012:key/…").optional(),
        },
        { error: "an object with bucket" },
      )
      .optional(),
  },
  { error: "an object with github or gitlab" },
);

/** The month's cost at which somebody is told. */
export const budget = z.strictObject(
  {
    monthlyUsd: whole(1, 10_000_000, "USD"),
    emails: z
      .array(z.email({ error: "an email address" }), { error: "a list of one to ten email addresses" })
      .min(1, { error: "a list of one to ten email addresses" })
      .max(10, { error: "a list of one to ten email addresses" }),
  },
  { error: "an object with monthlyUsd and emails" },
);
