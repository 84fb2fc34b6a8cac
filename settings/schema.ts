/** The shape of the configuration, key by key; services and AWS have files of their own. What involves two keys at once is in rules.ts. */
import { z } from "zod";
import { optionalFamilies } from "../components/gpuInstanceTypes";
import * as aws from "./aws";
import { color, dnsName, flag, label, nonEmpty, oneOf, relativePath, serviceName, text, whole } from "./fields";
import { service } from "./service";

const bucketName = text("an S3 bucket name: 3 to 63 lower-case letters, digits, dots and hyphens", (value) =>
  /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(value),
);
/** The NGINX Ingress Controller: installed by this program, or a class that is there already. */
export const ingress = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({ kind: z.literal("adopt"), className: label.default("nginx"), port: whole(1, 65535).optional() }),
    z.strictObject({
      kind: z.literal("install"),
      className: label.default("nginx"),
      replicas: whole(1, 20).default(3),
      drainSeconds: whole(1, 86400, "s").default(3600),
      certificateArn: text("the ARN of an ACM certificate", (v) => v.startsWith("arn:")).optional(),
    }),
  ],
  { error: "an object whose kind is adopt or install" },
);

/** Where the models are; each colour names its own version below it. */
export const modelStore = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({
      kind: z.literal("s3"),
      bucket: bucketName,
      region: nonEmpty("an AWS region such as eu-west-1"),
      prefix: relativePath.default("models"),
      create: flag.default(false),
      keyArn: text("the ARN of a KMS key", (v) => /^arn:aws[\w-]*:kms:/.test(v)).optional(),
      cacheSizeGiB: whole(1, 16384, "GiB").optional(),
    }),
    z.strictObject({
      kind: z.literal("efs"),
      fileSystemId: text("an EFS file system id such as fs-0a1b2c3d", (v) => /^fs-[0-9a-f]+$/.test(v)).optional(),
      path: text("an absolute path", (v) => v.startsWith("/")).default("/models"),
    }),
    z.strictObject({
      kind: z.literal("nfs"),
      server: dnsName,
      path: text("an absolute path", (v) => v.startsWith("/")).default("/models"),
    }),
    z.strictObject({
      kind: z.literal("hostPath"),
      path: nonEmpty("a directory on the nodes; a relative one is taken from the project's root"),
    }),
  ],
  {
    error: "an object whose kind is s3 (with bucket and region), efs, nfs (with server) or hostPath (with path)",
  },
);

/** Who may switch. Everybody else is refused by the API server. */
export const guard = z.strictObject(
  {
    groups: z
      .array(
        text(
          "a group of people who release; not one that everybody, or every service account, is in",
          (name) => name.trim().length > 0 && !/^system:((un)?authenticated|serviceaccounts(:.*)?)$/.test(name),
        ),
        { error: "a list of groups that may switch" },
      )
      .default([]),
    serviceAccounts: z
      .array(
        text("a service account as namespace/name", (v) => /^[a-z0-9-]+\/[a-z0-9.-]+$/.test(v)),
        { error: "a list of service accounts that may switch, each as namespace/name" },
      )
      .default([]),
    viewers: z.array(nonEmpty("the name of a group"), { error: "a list of groups that may look" }).default([]),
    contact: nonEmpty("whom to ask: a person, a channel or an address"),
  },
  { error: "an object with groups or serviceAccounts, and contact" },
);

const address = text("an http or https URL", (value) => URL.canParse(value) && /^https?:/.test(value));

/** Where the release command tells what it did. */
export const notifications = z.strictObject(
  { slack: address.optional(), webhook: address.optional() },
  { error: "an object with slack or webhook, each a URL" },
);

/** The top level: the keys of Pulumi.<stack>.yaml below `facefusion:`. */
export const topLevel = {
  liveColor: color.default("blue"),
  capacity: oneOf(["peak", "offPeak"]).default("peak"),
  namespace: label.default("facefusion"),
  protect: flag.default(true),
  guard: guard.optional(),
  notifications: notifications.optional(),
  prometheus: z.strictObject({ url: address }, { error: "an object with url" }).optional(),
  cluster: aws.cluster.default({ kind: "kubeconfig" }),
  ingress: ingress.default({ kind: "adopt", className: "nginx" }),
  modelStore,
  allowedInstanceFamilies: z
    .array(
      text(`one of ${optionalFamilies.join(", ")}`, (v) => optionalFamilies.includes(v)),
      { error: "a list of families" },
    )
    .default([]),
  gpuNodes: aws.nodePair.optional(),
  schedule: aws.schedule.optional(),
  certManager: aws.certManager.optional(),
  imageRepositories: aws.imageRepositories.default([]),
  ci: aws.ci.optional(),
  budget: aws.budget.optional(),
  services: z
    .record(serviceName, service, { error: "an object of services, by name" })
    .refine((services) => Object.keys(services).length > 0, { error: "an object with at least one service" }),
};

export const settings = z.strictObject(topLevel);
