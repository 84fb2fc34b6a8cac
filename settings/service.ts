/** The shape of a service's configuration. What involves two keys at once is in rules.ts. */
import { z } from "zod";
import { nodePair } from "./aws";
import { bytes, color, cpu, decimal, dnsName, image, label, oneOf, relativePath, text, whole } from "./fields";

/** Variables that say which stack a Pod belongs to. */
const ownVariables: readonly string[] = ["COLOR", "VERSION", "PORT"];

const environment = z.record(
  text(
    `a variable's name in capitals, such as LOG_LEVEL; ${ownVariables.join(", ")} are set by the program`,
    (name) => /^[A-Z_][A-Z0-9_]*$/.test(name) && !ownVariables.includes(name),
  ),
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

/** What a colour has to prove before it may go live, and the budget of each proof. */
export const verification = z.strictObject(
  {
    image,
    timeoutSeconds: whole(10, 7200, "s").default(600),
    accuracy: z
      .strictObject({
        maxIdentityDistance: decimal(0, 2).default(0.5),
        minSimilarity: decimal(0, 1).default(0.9),
        minReferenceSimilarity: decimal(0, 1).default(0.9),
      })
      .prefault({}),
    resources: z
      .strictObject({
        requests: whole(1, 10000, "requests").default(30),
        concurrency: whole(1, 100, "requests at a time").default(2),
        maxMemory: decimal(0, 1).default(0.9),
        maxMemoryGrowthMiB: whole(0, 1048576, "MiB").default(64),
        maxGpuMemory: decimal(0, 1).default(0.95),
        maxLatencyP95Seconds: decimal(0, 7200).default(30),
        maxSlowdown: decimal(1, 100).default(1.5),
      })
      .prefault({}),
    stability: z
      .strictObject({
        maxRestarts: whole(0, 1000, "restarts").default(0),
        maxErrorLines: whole(0, 1000000, "lines").default(0),
      })
      .prefault({}),
  },
  { error: "an object with image: the image that verifies a colour before it may go live" },
);

/** The way past the gate in an emergency: for one image and no other, so that it cannot stay open. */
const skipVerification = z.strictObject(
  {
    image,
    reason: text("a sentence that says why, 10 characters at least", (value) => value.trim().length >= 10),
  },
  { error: "an object with image (the one that may go live unverified) and reason" },
);

/** The keys of one service. */
export const serviceFields = {
  host: dnsName,
  blue: colorSettings,
  green: colorSettings,
  verification,
  skipVerification: skipVerification.optional(),
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
  requestTimeoutSeconds: whole(1, 86400, "s").default(570),
  startupTimeoutSeconds: whole(10, 7200, "s").default(900),
  schedulingTimeoutSeconds: whole(10, 7200, "s").default(900),
  terminationGracePeriodSeconds: whole(1, 86400, "s").default(600),
  drainDelaySeconds: whole(0, 120, "s").default(10),
  tls: tls.optional(),
  gpuNodes: nodePair.optional(),
};

export const service = z.strictObject(serviceFields, { error: "an object with host, blue and green" });
