/** The Pod of an inference stack: a pure function, so that what runs can be read in one place. */
import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Color } from "./colors";
import { gpuPresentLabel, gpuToleration, nodeLabels } from "./labels";
import { restrictedContainer, restrictedPod, userId } from "./podSecurity";

/** What a Pod of the service needs; the same for both colours. */
export interface PodArgs {
  /** GPUs of one Pod; Pods never share one. */
  gpus: number;
  /** CPU of one Pod, requested and not limited: a limit would throttle the pre- and post-processing. */
  cpu: string;
  /** Memory of one Pod, requested and limited. */
  memory: string;
  /** Size of each Pod's own /tmp. */
  tmpSize: string;
  /** Size of each Pod's own /cache. */
  cacheSize: string;
  /** Seconds that loading the models may take before the Pod counts as broken. */
  startupTimeoutSeconds: number;
  /** Seconds that a Pod may wait for a node and for its image; on AWS a GPU node may have to boot first. */
  schedulingTimeoutSeconds: number;
  /** Seconds that a job may still run once its Pod has been told to stop. */
  terminationGracePeriodSeconds: number;
  /** Seconds between a Pod's removal from the endpoints and its SIGTERM, so that every proxy has heard of it. */
  drainDelaySeconds: number;
}

export interface PodTemplateArgs {
  labels: Record<string, string>;
  color: Color;
  /** The service's own nodes; left out, it shares those of the colour with the others. */
  pool?: string | undefined;
  image: string;
  pod: PodArgs;
  /** ConfigMap with the container's environment. */
  configMapName: pulumi.Input<string>;
  /** Checksum of that environment: a change rolls the Pods. */
  configChecksum: string;
  modelClaimName: pulumi.Input<string>;
}

/** The port that every inference image listens on. */
export const containerPort = 7860;

/** How often a Pod that is still loading is asked whether it is ready. */
const startupPeriodSeconds = 2;

export function podTemplate(args: PodTemplateArgs): k8s.types.input.core.v1.PodTemplateSpec {
  const { pod } = args;
  const volumes = podVolumes(args);
  return {
    metadata: { labels: args.labels, annotations: { "checksum/config": args.configChecksum } },
    spec: {
      // One colour's nodes and no others: the selector keeps the Pod on them, the taint keeps everything else off.
      nodeSelector: { ...nodeLabels(args.color, args.pool), [gpuPresentLabel]: "true" },
      tolerations: [gpuToleration(args.color, args.pool)],
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "kubernetes.io/hostname",
          // Spread where there is room; a service on one node is better than half a service.
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: args.labels },
          matchLabelKeys: ["pod-template-hash"],
        },
      ],
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { ...restrictedPod, fsGroup: userId },
      terminationGracePeriodSeconds: pod.terminationGracePeriodSeconds,
      containers: [
        {
          name: "inference",
          image: args.image,
          imagePullPolicy: "IfNotPresent",
          ports: [{ name: "http", containerPort, protocol: "TCP" }],
          envFrom: [{ configMapRef: { name: args.configMapName } }],
          resources: {
            requests: { cpu: pod.cpu, memory: pod.memory, "nvidia.com/gpu": String(pod.gpus) },
            limits: { memory: pod.memory, "nvidia.com/gpu": String(pod.gpus) },
          },
          securityContext: restrictedContainer,
          ...probes(pod),
          ...(pod.drainDelaySeconds > 0 && { lifecycle: { preStop: { sleep: { seconds: pod.drainDelaySeconds } } } }),
          volumeMounts: volumes.map(({ volume, mountPath, readOnly }) => ({ name: volume.name, mountPath, readOnly })),
        },
      ],
      volumes: volumes.map(({ volume }) => volume),
    },
  };
}

function podVolumes({ pod, modelClaimName }: PodTemplateArgs) {
  return [
    { volume: { name: "tmp", emptyDir: { sizeLimit: pod.tmpSize } }, mountPath: "/tmp", readOnly: false },
    { volume: { name: "cache", emptyDir: { sizeLimit: pod.cacheSize } }, mountPath: "/cache", readOnly: false },
    {
      volume: { name: "models", persistentVolumeClaim: { claimName: modelClaimName, readOnly: true } },
      mountPath: "/models",
      readOnly: true,
    },
  ];
}

/**
 * A model takes minutes to load and a job keeps the GPU busy: the startup probe gives the first its time, and the other
 * two are slow to condemn a Pod that is merely busy.
 */
function probes(
  pod: PodArgs,
): Pick<k8s.types.input.core.v1.Container, "startupProbe" | "readinessProbe" | "livenessProbe"> {
  return {
    startupProbe: {
      httpGet: { path: "/readyz", port: "http" },
      periodSeconds: startupPeriodSeconds,
      timeoutSeconds: 5,
      failureThreshold: Math.ceil(pod.startupTimeoutSeconds / startupPeriodSeconds),
    },
    readinessProbe: {
      httpGet: { path: "/readyz", port: "http" },
      periodSeconds: 5,
      timeoutSeconds: 5,
      failureThreshold: 3,
    },
    livenessProbe: {
      httpGet: { path: "/healthz", port: "http" },
      periodSeconds: 10,
      timeoutSeconds: 10,
      failureThreshold: 6,
    },
  };
}
