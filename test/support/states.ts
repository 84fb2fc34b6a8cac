/** Builders of what is in a cluster, as the release command reads it: healthy states, with what a test changes. */
import { forEachColor, type Color } from "../../components/colors";
import type {
  ColorState,
  IngressState,
  NodeState,
  PodState,
  ServiceState,
  Trouble,
  Verification,
} from "../../release/cluster/state";
import type { ServiceSnapshot, Snapshot } from "../../release/doctor/snapshot";
import { parseSettings, type ServiceSettings, type Settings } from "../../settings";
import { aConfig, aService } from "./config";

export const now = new Date("2026-11-25T12:00:00Z");
export const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

/** The image that a colour has unless a test says otherwise: the one that aService() configures. */
export const imageOf = (color: Color) => `registry.example.com/facefusion:${color === "blue" ? "v1.0.0" : "v2.0.0"}`;

export function theSettings(change: Record<string, unknown> = {}, service: Record<string, unknown> = {}): Settings {
  return parseSettings(aConfig({ services: { facefusion: aService(service) }, ...change }));
}

export function theService(settings: Settings): ServiceSettings {
  const service = settings.services["facefusion"];
  if (service === undefined) throw new Error("there is no service facefusion in these settings");
  return service;
}

export function aVerification(color: Color, change: Partial<Verification> = {}): Verification {
  return {
    status: "passed",
    job: `facefusion-${color}-verification-0123456789`,
    image: imageOf(color),
    hash: "0123456789",
    startedAt: minutesAgo(4),
    finishedAt: minutesAgo(3),
    report: undefined,
    ...change,
  };
}

export function aPodState(change: Partial<PodState> = {}): PodState {
  return {
    name: "facefusion-green-1",
    ready: true,
    phase: "Running",
    restarts: 0,
    node: "gpu-green",
    image: imageOf("green"),
    createdAt: minutesAgo(60),
    terminating: false,
    trouble: undefined,
    ...change,
  };
}

/** A Pod that is not ready. */
export function aBrokenPod(trouble: Trouble, change: Partial<PodState> = {}): PodState {
  return aPodState({ ready: false, trouble, ...change });
}

export function aDeploymentState(color: Color, change: Partial<NonNullable<ColorState["deployment"]>> = {}) {
  return {
    name: `facefusion-${color}`,
    image: imageOf(color),
    desired: 2,
    ready: 2,
    available: 2,
    updated: 2,
    observed: true,
    problem: undefined,
    template: {},
    ...change,
  };
}

export function aColorState(color: Color, change: Partial<ColorState> = {}): ColorState {
  return {
    color,
    deployment: aDeploymentState(color),
    pods: [1, 2].map((n) => aPodState({ name: `facefusion-${color}-${n}`, image: imageOf(color) })),
    hasService: true,
    environment: {},
    disruptionBudget: { allowed: 1, healthy: 2, desired: 1 },
    verification: aVerification(color),
    ...change,
  };
}

/** The route, at blue. */
export function anIngressState(change: Partial<IngressState> = {}): IngressState {
  return {
    name: "facefusion-ingress",
    backend: "facefusion-blue",
    hosts: ["facefusion.example.com"],
    addresses: ["203.0.113.1"],
    className: "nginx",
    tls: [],
    ...change,
  };
}

/** Blue is live. */
export function aServiceState(change: Partial<ServiceState> = {}): ServiceState {
  return {
    service: "facefusion",
    live: { color: "blue" },
    routeWriter: { manager: "pulumi-kubernetes", at: minutesAgo(60) },
    preview: { color: "green" },
    ingress: anIngressState(),
    previewIngress: anIngressState({
      name: "facefusion-preview",
      backend: "facefusion-green",
      hosts: ["preview.facefusion.example.com"],
    }),
    colors: forEachColor((color) => aColorState(color)),
    ...change,
  };
}

export function aNode(color: Color, change: Partial<NodeState> = {}): NodeState {
  const name = `gpu-${color}`;
  return { name, color, ready: true, reason: undefined, schedulable: true, gpus: 4, gpusInUse: 2, ...change };
}

/** A stack in which nothing is wrong, with a guard. */
export function aSnapshot(
  service: Partial<ServiceSnapshot> = {},
  change: Partial<Snapshot> = {},
  settings = theSettings({ guard: { groups: ["releasers"], contact: "#releases" } }),
): Snapshot {
  return {
    now,
    settings,
    services: [
      {
        name: "facefusion",
        settings: theService(settings),
        configured: "blue",
        state: aServiceState(),
        recorded: "blue",
        evidence: {},
        certificates: {},
        ...service,
      },
    ],
    nodes: { ok: true, value: [aNode("blue"), aNode("green")] },
    guard: { ok: true, value: { missing: [] } },
    engine: { pending: [], lock: undefined },
    ...change,
  };
}
