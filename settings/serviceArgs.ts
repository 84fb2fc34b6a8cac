/** What a service's component needs, from what the configuration says. */
import type * as pulumi from "@pulumi/pulumi";
import type { BlueGreenServiceArgs } from "../components/blueGreenService";
import type { CapacityArgs } from "../components/capacity";
import type { ModelSource } from "../components/modelStore";
import type { Settings, ServiceSettings } from "../settings";

/** The part of a service's arguments that is configuration; where it runs and behind what is the program's to say. */
export function serviceArgs(
  settings: Settings,
  service: ServiceSettings,
  fileSystemId?: pulumi.Output<string>,
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
    capacity: capacityOf(settings, service),
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
    models: modelSource(settings, fileSystemId),
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

/** How many Pods a service's colours are to have. */
export function capacityOf(settings: Settings, service: ServiceSettings): CapacityArgs {
  const { replicas, offPeakReplicas, standbyReplicas } = service;
  return { mode: settings.capacity, replicas, offPeakReplicas: offPeakReplicas ?? replicas, standbyReplicas };
}

/** @param fileSystemId Of the file system that the program makes, where the configuration names none. */
function modelSource({ modelStore }: Settings, fileSystemId: pulumi.Output<string> | undefined): ModelSource {
  if (modelStore.kind !== "efs") return modelStore;
  const named = modelStore.fileSystemId ?? fileSystemId;
  if (named === undefined) throw new Error("modelStore of kind efs without a file system");
  return { ...modelStore, fileSystemId: named };
}
