/** The shape of the configuration, key by key. What involves two keys at once is in rules.ts. */
import { z } from "zod";
import { instanceTypesOf, gpuInstanceTypes, optionalFamilies, standardFamilies } from "../components/gpuInstanceTypes";
import {
  bytes,
  color,
  cpu,
  dnsName,
  image,
  label,
  nonEmpty,
  oneOf,
  relativePath,
  serviceName,
  text,
  whole,
} from "./fields";

export const instanceType = text(
  `one of ${instanceTypesOf(standardFamilies).join(", ")}, or a type of a family in allowedInstanceFamilies (${optionalFamilies.join(", ")})`,
  (value) => value in gpuInstanceTypes,
);

const bucketName = text("an S3 bucket name: 3 to 63 lower-case letters, digits, dots and hyphens", (value) =>
  /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(value),
);
const subnetIds = z
  .array(
    text("a subnet id such as subnet-0a1b2c3d", (v) => /^subnet-[0-9a-f]+$/.test(v)),
    {
      error: "a list of at least two subnet ids, in different zones",
    },
  )
  .min(2, { error: "a list of at least two subnet ids, in different zones" });

/** Where the cluster comes from. */
export const cluster = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({ kind: z.literal("kubeconfig"), context: nonEmpty("the name of a context").optional() }),
    z.strictObject({ kind: z.literal("adopt"), name: nonEmpty("the name of an EKS cluster"), subnetIds }),
    z.strictObject({
      kind: z.literal("create"),
      version: text("a Kubernetes version that EKS offers: 1.35 or 1.36", (v) => ["1.35", "1.36"].includes(v)).default(
        "1.35",
      ),
      subnetIds,
      publicAccessCidrs: z.array(nonEmpty("a CIDR such as 203.0.113.0/24"), { error: "a list of CIDRs" }).default([]),
    }),
  ],
  { error: "an object whose kind is kubeconfig, adopt or create" },
);

/** The NGINX Ingress Controller: installed by this program, or a class that is there already. */
export const ingress = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({ kind: z.literal("adopt"), className: label.default("nginx") }),
    z.strictObject({
      kind: z.literal("install"),
      className: label.default("nginx"),
      replicas: whole(1, 20).default(3),
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
    }),
    z.strictObject({
      kind: z.literal("efs"),
      fileSystemId: text("an EFS file system id such as fs-0a1b2c3d", (v) => /^fs-[0-9a-f]+$/.test(v)),
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
    error:
      "an object whose kind is s3 (with bucket and region), efs (with fileSystemId), nfs (with server) or hostPath (with path)",
  },
);

/** One colour's GPU nodes. */
export const nodeGroup = z.strictObject(
  {
    instanceType,
    minSize: whole(0, 100, "nodes").default(0),
    desiredSize: whole(0, 100, "nodes").default(1),
    maxSize: whole(1, 100, "nodes").default(2),
    capacityType: oneOf(["onDemand", "spot"]).default("onDemand"),
    diskSizeGiB: whole(50, 16384, "GiB").default(200),
  },
  { error: "an object with instanceType and sizes" },
);

const environment = z.record(
  text("a variable's name in capitals, such as LOG_LEVEL", (name) => /^[A-Z_][A-Z0-9_]*$/.test(name)),
  z.string({ error: "a string" }),
  { error: "an object of variables" },
);

/** What may differ between the two colours of a service. */
export const colorSettings = z.strictObject(
  { image, models: relativePath.default("v1"), env: environment.default({}) },
  { error: "an object with image" },
);

const tls = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({ kind: z.literal("secret"), name: label }),
    z.strictObject({ kind: z.literal("issuer"), name: label }),
  ],
  { error: "an object whose kind is secret (a TLS Secret's name) or issuer (a cert-manager ClusterIssuer's name)" },
);

/** The keys of one service. */
export const serviceFields = {
  host: dnsName,
  blue: colorSettings,
  green: colorSettings,
  liveColor: color.optional(),
  route: oneOf(["ingress", "service"]).default("ingress"),
  replicas: whole(1, 1000, "Pods").default(2),
  offPeakReplicas: whole(1, 1000, "Pods").optional(),
  standbyReplicas: whole(0, 1000, "Pods").default(1),
  gpusPerPod: whole(1, 16, "GPUs").default(1),
  cpu: cpu.default("2"),
  memory: bytes.default("8Gi"),
  tmpSize: bytes.default("10Gi"),
  cacheSize: bytes.default("10Gi"),
  maxUpload: text("a size as NGINX writes it, such as 2g", (v) => /^\d+[kmg]$/.test(v)).default("2g"),
  requestTimeoutSeconds: whole(1, 86400, "s").default(3600),
  startupTimeoutSeconds: whole(10, 7200, "s").default(900),
  terminationGracePeriodSeconds: whole(1, 86400, "s").default(600),
  drainDelaySeconds: whole(0, 120, "s").default(10),
  tls: tls.optional(),
};

export const service = z.strictObject(serviceFields, { error: "an object with host, blue and green" });

/** The top level: the keys of Pulumi.<stack>.yaml below `facefusion:`. */
export const topLevel = {
  liveColor: color.default("blue"),
  capacity: oneOf(["peak", "offPeak"]).default("peak"),
  namespace: label.default("facefusion"),
  cluster: cluster.default({ kind: "kubeconfig" }),
  ingress: ingress.default({ kind: "adopt", className: "nginx" }),
  modelStore,
  allowedInstanceFamilies: z
    .array(
      text(`one of ${optionalFamilies.join(", ")}`, (v) => optionalFamilies.includes(v)),
      { error: "a list of families" },
    )
    .default([]),
  gpuNodes: z
    .strictObject({ blue: nodeGroup, green: nodeGroup }, { error: "an object with blue and green" })
    .optional(),
  services: z
    .record(serviceName, service, { error: "an object of services, by name" })
    .refine((services) => Object.keys(services).length > 0, { error: "an object with at least one service" }),
};

export const settings = z.strictObject(topLevel);
