/** Follows the objects that the configuration is made of. */
import * as k8s from "@kubernetes/client-node";
import type { Objects } from "./objects";

/** Between two tries to reach the API server. */
const retryMs = 1_000;

export interface ClusterWatch {
  /** All objects as last seen; undefined until each kind has been listed once. */
  objects(): Objects | undefined;
  /** Calls `changed` whenever an object may have changed. */
  start(changed: () => void): void;
  stop(): void;
}

/** Follows a cluster once it is started. An API server that is away for a while is waited for. */
export function watchCluster(config: k8s.KubeConfig, log: (line: string) => void): ClusterWatch {
  const core = config.makeApiClient(k8s.CoreV1Api);
  const networking = config.makeApiClient(k8s.NetworkingV1Api);
  const discovery = config.makeApiClient(k8s.DiscoveryV1Api);
  const watch = new k8s.Watch(config);
  const tls = "type=kubernetes.io/tls";
  const ingresses = new k8s.ListWatch(
    "/apis/networking.k8s.io/v1/ingresses",
    watch,
    () => networking.listIngressForAllNamespaces(),
    false,
  );
  const services = new k8s.ListWatch("/api/v1/services", watch, () => core.listServiceForAllNamespaces(), false);
  const slices = new k8s.ListWatch(
    "/apis/discovery.k8s.io/v1/endpointslices",
    watch,
    () => discovery.listEndpointSliceForAllNamespaces(),
    false,
  );
  const secrets = new k8s.ListWatch(
    "/api/v1/secrets",
    watch,
    () => core.listSecretForAllNamespaces({ fieldSelector: tls }),
    false,
    undefined,
    tls,
  );
  const stops: (() => void)[] = [];
  return {
    objects() {
      const all = [ingresses, services, slices, secrets];
      if (all.some((list) => list.latestResourceVersion() === "")) return undefined;
      return {
        ingresses: ingresses.list(),
        services: services.list(),
        slices: slices.list(),
        secrets: secrets.list(),
      };
    },
    start(changed) {
      stops.push(
        follow(ingresses, "Ingresses", changed, log),
        follow(services, "Services", changed, log),
        follow(slices, "EndpointSlices", changed, log),
        follow(secrets, "Secrets", changed, log),
      );
    },
    stop() {
      for (const stop of stops) stop();
    },
  };
}

/** Starts an informer, and starts it again where it gave up. */
function follow<T extends k8s.KubernetesObject>(
  informer: k8s.ListWatch<T>,
  kind: string,
  changed: () => void,
  log: (line: string) => void,
): () => void {
  let stopped = false;
  let lost = false;
  const start = async () => {
    await informer.start();
    // A list without objects tells nobody, but has to be taken into account.
    changed();
  };
  informer.on("change", () => {
    if (lost) log(`watching ${kind} again`);
    lost = false;
    changed();
  });
  informer.on("error", (error: unknown) => {
    if (stopped) return;
    if (!lost) log(`cannot watch ${kind}, trying again: ${reasonOf(error)}`);
    lost = true;
    setTimeout(() => void start(), retryMs);
  });
  void start();
  return () => {
    stopped = true;
    void informer.stop();
  };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
