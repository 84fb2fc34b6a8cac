/** Builders of components' arguments: right ones, with what a test changes. */
import type { BlueGreenServiceArgs, ReleaseArgs } from "../../components/blueGreenService";
import type { CapacityArgs } from "../../components/capacity";
import type { TrafficArgs } from "../../components/ingressRules";
import type { InferenceStackArgs } from "../../components/inferenceStack";
import type { PodArgs } from "../../components/podTemplate";
import type { PreviewIngressArgs } from "../../components/previewIngress";
import type { ModelSource } from "../../components/modelStore";
import type { RouteArgs } from "../../components/route";
import type { ChecksArgs, VerificationArgs } from "../../components/verification";

export function aPod(change: Partial<PodArgs> = {}): PodArgs {
  return {
    gpus: 2,
    cpu: "4",
    memory: "16Gi",
    tmpSize: "10Gi",
    cacheSize: "20Gi",
    startupTimeoutSeconds: 900,
    schedulingTimeoutSeconds: 600,
    terminationGracePeriodSeconds: 600,
    drainDelaySeconds: 10,
    ...change,
  };
}

export function aStack(change: Partial<InferenceStackArgs> = {}): InferenceStackArgs {
  return {
    namespace: "inference",
    service: "facefusion",
    color: "blue",
    image: "registry.example.com/facefusion:v1.0.0",
    replicas: 3,
    pod: aPod(),
    env: {},
    modelClaimName: "facefusion-blue-models",
    ...change,
  };
}

export function traffic(change: Partial<TrafficArgs> = {}): TrafficArgs {
  return { ingressClassName: "nginx", maxUpload: "2g", requestTimeoutSeconds: 3600, ...change };
}

export function aRoute(change: Partial<RouteArgs> = {}): RouteArgs {
  return {
    ...traffic(),
    kind: "ingress",
    namespace: "inference",
    service: "facefusion",
    host: "facefusion.example.com",
    liveColor: "blue",
    liveServiceName: "facefusion-blue",
    replicas: 3,
    availableReplicas: 3,
    verified: true,
    ...change,
  };
}

export function aPreview(change: Partial<PreviewIngressArgs> = {}): PreviewIngressArgs {
  return {
    ...traffic(),
    namespace: "inference",
    service: "facefusion",
    kind: "ingress",
    host: "facefusion.example.com",
    idleColor: "green",
    idleServiceName: "facefusion-green",
    ...change,
  };
}

/** The rule of an Ingress that sends a whole host to one Service. */
export function ruleTo(host: string, service: string): unknown {
  return {
    host,
    http: {
      paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: service, port: { number: 80 } } } }],
    },
  };
}

export function aRelease(change: Partial<ReleaseArgs> = {}): ReleaseArgs {
  return { image: "registry.example.com/facefusion:v1.0.0", models: "v1", env: {}, ...change };
}

export function aCapacity(change: Partial<CapacityArgs> = {}): CapacityArgs {
  return { mode: "peak", replicas: 4, offPeakReplicas: 2, standbyReplicas: 1, ...change };
}

export const nfs: ModelSource = { kind: "nfs", server: "nfs.example.com", path: "/models" };

/** Budgets, as the settings fill them in. */
export const checks: ChecksArgs = {
  timeoutSeconds: 600,
  accuracy: { maxIdentityDistance: 0.5, minSimilarity: 0.9, minReferenceSimilarity: 0.9 },
  resources: {
    requests: 30,
    concurrency: 2,
    maxMemory: 0.9,
    maxMemoryGrowthMiB: 64,
    maxGpuMemory: 0.95,
    maxLatencyP95Seconds: 30,
    maxSlowdown: 1.5,
  },
  stability: { maxRestarts: 0, maxErrorLines: 0 },
};

export function aVerification(change: Partial<VerificationArgs> = {}): VerificationArgs {
  return {
    namespace: "inference",
    service: "facefusion",
    color: "blue",
    image: "registry.example.com/facefusion:v1.0.0",
    subject: { template: "0a1b2c3d4e" },
    checkImage: "registry.example.com/facefusion-verification:v1.0.0",
    checks,
    run: true,
    schedulingTimeoutSeconds: 600,
    ...change,
  };
}

export function aService(change: Partial<BlueGreenServiceArgs> = {}): BlueGreenServiceArgs {
  return {
    namespace: "inference",
    host: "facefusion.example.com",
    liveColor: "blue",
    releases: {
      blue: aRelease(),
      green: aRelease({ image: "registry.example.com/facefusion:v2.0.0", models: "v2" }),
    },
    capacity: aCapacity(),
    pod: aPod(),
    models: nfs,
    route: "ingress",
    traffic: traffic(),
    verification: { image: "registry.example.com/facefusion-verification:v1.0.0", checks },
    ...change,
  };
}
