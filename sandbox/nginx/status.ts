/** What people see of the driver's work on their Ingresses: the address in the status, and warnings as Events. */
import { CoreV1Api, CoreV1Event, NetworkingV1Api, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import type { KubeConfig } from "@kubernetes/client-node";
import type { Warning } from "./model";
import type { Ingress } from "./objects";

export class Publisher {
  readonly #core: CoreV1Api;
  readonly #networking: NetworkingV1Api;
  readonly #address: string;
  readonly #log: (line: string) => void;
  /** Warnings that hold, so that each is told once. */
  #told = new Set<string>();

  constructor(config: KubeConfig, address: string, log: (line: string) => void) {
    this.#core = config.makeApiClient(CoreV1Api);
    this.#networking = config.makeApiClient(NetworkingV1Api);
    this.#address = address;
    this.#log = log;
  }

  /** Publishes the address on the Ingresses that are served and do not have it. */
  async publishAddress(served: readonly Ingress[]): Promise<void> {
    for (const { metadata, status } of served) {
      const published = status?.loadBalancer?.ingress ?? [];
      if (published.length === 1 && published[0]?.ip === this.#address) continue;
      await this.#networking.patchNamespacedIngressStatus(
        {
          name: metadata?.name ?? "",
          namespace: metadata?.namespace ?? "",
          body: { status: { loadBalancer: { ingress: [{ ip: this.#address }] } } },
        },
        setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
      );
    }
  }

  /** Tells the warnings that were not there the last time. */
  async publishWarnings(warnings: readonly Warning[]): Promise<void> {
    const before = this.#told;
    this.#told = new Set(warnings.map(keyOf));
    for (const warning of warnings.filter((candidate) => !before.has(keyOf(candidate)))) {
      const { namespace, name } = warning.owner;
      this.#log(`warning: Ingress ${namespace}/${name}: ${warning.message}`);
      await this.#core.createNamespacedEvent({ namespace, body: eventOf(warning, new Date()) });
    }
  }
}

function eventOf({ owner, reason, message }: Warning, now: Date): CoreV1Event {
  return Object.assign(new CoreV1Event(), {
    metadata: { generateName: `${owner.name}.`, namespace: owner.namespace },
    involvedObject: { apiVersion: "networking.k8s.io/v1", kind: "Ingress", ...owner },
    type: "Warning",
    reason,
    message: message.slice(0, 1024),
    source: { component: "nginx-ingress-controller" },
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
  });
}

function keyOf({ owner, reason, message }: Warning): string {
  return JSON.stringify([owner.uid, reason, message]);
}
