/** What a service's component needs, from what the configuration says. */
import type { BlueGreenServiceArgs } from "../components/blueGreenService";
import type { ModelSource } from "../components/modelStore";
import type { Settings, ServiceSettings } from "../settings";

/** The part of a service's arguments that is configuration; where it runs and behind what is the program's to say. */
export function serviceArgs(
  settings: Settings,
  service: ServiceSettings,
): Omit<BlueGreenServiceArgs, "namespace" | "traffic"> & {
  traffic: Omit<BlueGreenServiceArgs["traffic"], "ingressClassName">;
} {
  const { host, route, blue, green } = service;
  const { image, ...checks } = service.verification;
  return {
    host,
    route,
    liveColor: service.liveColor ?? settings.liveColor,
    releases: { blue, green },
    capacity: {
      mode: settings.capacity,
      replicas: service.replicas,
      offPeakReplicas: service.offPeakReplicas ?? service.replicas,
      standbyReplicas: service.standbyReplicas,
    },
    pod: {
      gpus: service.gpusPerPod,
      cpu: service.cpu,
      memory: service.memory,
      tmpSize: service.tmpSize,
      cacheSize: service.cacheSize,
      startupTimeoutSeconds: service.startupTimeoutSeconds,
      schedulingTimeoutSeconds: service.schedulingTimeoutSeconds,
      terminationGracePeriodSeconds: service.terminationGracePeriodSeconds,
      drainDelaySeconds: service.drainDelaySeconds,
    },
    models: modelSource(settings),
    verification: { image, checks, skip: service.skipVerification },
    protect: settings.protect,
    traffic: {
      maxUpload: service.maxUpload,
      requestTimeoutSeconds: service.requestTimeoutSeconds,
      tls: service.tls,
      tlsAtLoadBalancer: settings.ingress.kind === "install" && settings.ingress.certificateArn !== undefined,
      port: settings.ingress.kind === "adopt" ? settings.ingress.port : undefined,
    },
  };
}

function modelSource({ modelStore }: Settings): ModelSource {
  if (modelStore.kind !== "efs") return modelStore;
  return { ...modelStore, fileSystemId: modelStore.fileSystemId ?? "" };
}
