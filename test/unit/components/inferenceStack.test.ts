import { describe, expect, it } from "vitest";
import { colors } from "../../../components/colors";
import {
  availableReplicas,
  InferenceStack,
  type InferenceStackArgs,
  versionOf,
} from "../../../components/inferenceStack";
import { aPod, aStack } from "../../support/args";
import { at, type Graph } from "../../support/graph";
import { record, valueOf } from "../../support/mocks";

async function graphOf(change: Partial<InferenceStackArgs> = {}): Promise<Graph> {
  const args = aStack(change);
  return (await record(() => new InferenceStack(`facefusion-${args.color}`, args))).graph;
}

/** The inputs of the stack's only resource of a type. */
async function inputsOf(type: string, change: Partial<InferenceStackArgs> = {}): Promise<unknown> {
  const [node] = (await graphOf(change)).all(type);
  return node?.inputs;
}

async function podOf(change: Partial<InferenceStackArgs> = {}): Promise<unknown> {
  return at(await inputsOf("Deployment", change), "spec.template.spec");
}

async function containerOf(change: Partial<InferenceStackArgs> = {}): Promise<unknown> {
  return at(await podOf(change), "containers.0");
}

const blueLabels = { "app.kubernetes.io/name": "facefusion", color: "blue" };

describe.each(colors)("the %s stack", (color) => {
  it("runs on its colour's GPU nodes alone", async () => {
    const pod = await podOf({ color });
    expect(at(pod, "nodeSelector")).toEqual({ color, "nvidia.com/gpu.present": "true" });
    expect(at(pod, "tolerations")).toEqual([
      { key: "nvidia.com/gpu", operator: "Equal", value: color, effect: "NoSchedule" },
    ]);
  });

  it("is named, and selected, by service and colour", async () => {
    const graph = await graphOf({ color });
    for (const type of ["Deployment", "Service", "PodDisruptionBudget"]) {
      const [node] = graph.all(type);
      expect(at(node?.inputs, "metadata.name"), type).toBe(`facefusion-${color}`);
      expect(at(node?.inputs, "metadata.namespace"), type).toBe("inference");
    }
    const labels = { "app.kubernetes.io/name": "facefusion", color };
    expect(at(graph.all("Service")[0]?.inputs, "spec.selector")).toEqual(labels);
    expect(at(graph.all("PodDisruptionBudget")[0]?.inputs, "spec.selector.matchLabels")).toEqual(labels);
    expect(at(graph.all("Deployment")[0]?.inputs, "spec.selector.matchLabels")).toEqual(labels);
    expect(at(graph.all("Deployment")[0]?.inputs, "spec.template.metadata.labels")).toEqual(labels);
  });
});

describe("the Pod", () => {
  it("has its GPUs to itself: as many requested as limited", async () => {
    const resources = at(await containerOf({ pod: aPod({ gpus: 2 }) }), "resources");
    expect(resources).toEqual({
      requests: { cpu: "4", memory: "16Gi", "nvidia.com/gpu": "2" },
      limits: { memory: "16Gi", "nvidia.com/gpu": "2" },
    });
  });

  it("can do nothing that it does not need", async () => {
    const pod = await podOf();
    expect(at(pod, "securityContext")).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(at(pod, "securityContext.runAsUser")).not.toBe(0);
    expect(at(pod, "containers.0.securityContext")).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    expect(at(pod, "automountServiceAccountToken")).toBe(false);
    for (const shared of ["hostNetwork", "hostPID", "hostIPC"]) expect(at(pod, shared)).toBeUndefined();
  });

  it("has a /tmp and a cache of its own, each of a limited size", async () => {
    const pod = await podOf({ pod: aPod({ tmpSize: "5Gi", cacheSize: "7Gi" }) });
    expect(at(pod, "volumes")).toEqual(
      expect.arrayContaining([
        { name: "tmp", emptyDir: { sizeLimit: "5Gi" } },
        { name: "cache", emptyDir: { sizeLimit: "7Gi" } },
      ]),
    );
    expect(at(pod, "containers.0.volumeMounts")).toEqual(
      expect.arrayContaining([
        { name: "tmp", mountPath: "/tmp", readOnly: false },
        { name: "cache", mountPath: "/cache", readOnly: false },
      ]),
    );
  });

  it("sees the models at /models, and cannot change them", async () => {
    const pod = await podOf({ modelClaimName: "models-of-blue" });
    expect(at(pod, "volumes")).toContainEqual({
      name: "models",
      persistentVolumeClaim: { claimName: "models-of-blue", readOnly: true },
    });
    expect(at(pod, "containers.0.volumeMounts")).toContainEqual({
      name: "models",
      mountPath: "/models",
      readOnly: true,
    });
  });

  it("may take the whole start-up time to load, and is probed on the server's own endpoints", async () => {
    const container = await containerOf({ pod: aPod({ startupTimeoutSeconds: 901 }) });
    const period = Number(at(container, "startupProbe.periodSeconds"));
    expect(period * Number(at(container, "startupProbe.failureThreshold"))).toBeGreaterThanOrEqual(901);
    expect(at(container, "startupProbe.httpGet")).toEqual({ path: "/readyz", port: "http" });
    expect(at(container, "readinessProbe.httpGet")).toEqual({ path: "/readyz", port: "http" });
    expect(at(container, "livenessProbe.httpGet")).toEqual({ path: "/healthz", port: "http" });
  });

  it("leaves the endpoints sooner than it would be restarted", async () => {
    const container = await containerOf();
    const patience = (probe: string) =>
      Number(at(container, `${probe}.periodSeconds`)) * Number(at(container, `${probe}.failureThreshold`));
    expect(patience("readinessProbe")).toBeLessThan(patience("livenessProbe"));
  });

  it("finishes its job before it stops", async () => {
    const pod = await podOf({ pod: aPod({ terminationGracePeriodSeconds: 1200, drainDelaySeconds: 15 }) });
    expect(at(pod, "terminationGracePeriodSeconds")).toBe(1200);
    expect(at(pod, "containers.0.lifecycle.preStop.sleep.seconds")).toBe(15);
  });

  it("has no pause before it stops where none is asked for", async () => {
    expect(at(await containerOf({ pod: aPod({ drainDelaySeconds: 0 }) }), "lifecycle")).toBeUndefined();
  });

  it("is spread over the colour's nodes, one version at a time", async () => {
    expect(at(await podOf(), "topologySpreadConstraints")).toEqual([
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: blueLabels },
        matchLabelKeys: ["pod-template-hash"],
      },
    ]);
  });
});

describe("the Deployment", () => {
  it("never has less than its full capacity", async () => {
    const inputs = await inputsOf("Deployment", { replicas: 3 });
    expect(at(inputs, "spec.replicas")).toBe(3);
    expect(at(inputs, "spec.strategy")).toEqual({
      type: "RollingUpdate",
      rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
    });
  });

  it("gives each Pod the time to find a node and to load its models", async () => {
    const pod = aPod({ startupTimeoutSeconds: 900, schedulingTimeoutSeconds: 300 });
    expect(at(await inputsOf("Deployment", { pod }), "spec.progressDeadlineSeconds")).toBe(1200);
  });

  it("waits for as many Pods, one after the other, as there are", async () => {
    const pod = aPod({ startupTimeoutSeconds: 900, schedulingTimeoutSeconds: 300, terminationGracePeriodSeconds: 600 });
    const graph = await graphOf({ pod, replicas: 3 });
    const limits = { create: "3660s", update: "3660s", delete: "660s" };
    expect(graph.one("Deployment", "facefusion-blue-deployment").customTimeouts).toEqual(limits);
    expect(graph.one("Service", "facefusion-blue-service").customTimeouts).toEqual(limits);
  });
});

describe("the environment", () => {
  const checksum = "spec.template.metadata.annotations.checksum/config";

  it("tells the container its colour, its version and its port", async () => {
    expect(at(await inputsOf("ConfigMap", { env: { LOG_LEVEL: "debug" } }), "data")).toEqual({
      COLOR: "blue",
      VERSION: "v1.0.0",
      PORT: "7860",
      LOG_LEVEL: "debug",
    });
  });

  it("cannot claim another colour, version or port than it has", async () => {
    const data = at(await inputsOf("ConfigMap", { env: { COLOR: "green", VERSION: "v9", PORT: "80" } }), "data");
    expect(data).toEqual({ COLOR: "blue", VERSION: "v1.0.0", PORT: "7860" });
  });

  it("rolls the Pods when it changes", async () => {
    const before = at(await inputsOf("Deployment"), checksum);
    expect(before).toMatch(/^[0-9a-f]+$/);
    expect(at(await inputsOf("Deployment"), checksum)).toBe(before);
    expect(at(await inputsOf("Deployment", { env: { LOG_LEVEL: "debug" } }), checksum)).not.toBe(before);
  });

  it("rolls nothing when it is only written in another order", async () => {
    const before = at(await inputsOf("Deployment", { env: { A: "1", B: "2" } }), checksum);
    expect(at(await inputsOf("Deployment", { env: { B: "2", A: "1" } }), checksum)).toBe(before);
  });

  it("is never changed under a running Pod: other content is another ConfigMap, and the same content the same", async () => {
    const made = async (level: string) => {
      const graph = await graphOf({ env: { LOG_LEVEL: level } });
      const [configuration, another] = graph.all("ConfigMap");
      if (configuration === undefined || another !== undefined) throw new Error("not one ConfigMap");
      expect(at(configuration.inputs, "metadata.name")).toBe(configuration.name);
      expect(at(configuration.inputs, "immutable")).toBe(true);
      expect(graph.waitsFor(graph.one("Deployment", "facefusion-blue-deployment"), configuration)).toBe(true);
      return configuration.name;
    };
    expect(await made("debug")).not.toBe(await made("info"));
    expect(await made("debug")).toBe(await made("debug"));
  });
});

describe("the Service", () => {
  it("leads from port 80 to the container's 7860", async () => {
    const graph = await graphOf();
    expect(at(graph.all("Service")[0]?.inputs, "spec.ports")).toEqual([
      { name: "http", port: 80, targetPort: "http", protocol: "TCP" },
    ]);
    expect(at(graph.all("Deployment")[0]?.inputs, "spec.template.spec.containers.0.ports")).toEqual([
      { name: "http", containerPort: 7860, protocol: "TCP" },
    ]);
  });

  it("is what the stack is reached by", async () => {
    const { graph, made } = await record(() => new InferenceStack("facefusion-blue", aStack()));
    expect(await valueOf(made.serviceName)).toBe("facefusion-blue");
    expect(await valueOf(made.deploymentName)).toBe("facefusion-blue");
    expect(graph.one("InferenceStack", "facefusion-blue").outputs).toEqual({
      serviceName: "facefusion-blue",
      deploymentName: "facefusion-blue",
    });
  });
});

describe("the PodDisruptionBudget", () => {
  it("lets a drain take one Pod at a time, and any that serves nobody", async () => {
    const inputs = await inputsOf("PodDisruptionBudget");
    expect(at(inputs, "spec.maxUnavailable")).toBe(1);
    expect(at(inputs, "spec.unhealthyPodEvictionPolicy")).toBe("AlwaysAllow");
  });
});

describe("the version of an image", () => {
  it.each([
    ["registry.example.com/facefusion:v1.0.0", "v1.0.0"],
    ["registry.example.com:5000/team/facefusion:v2", "v2"],
    ["facefusion:2024.11", "2024.11"],
    [`facefusion:v3@sha256:${"a".repeat(64)}`, "v3"],
    [`registry.example.com:5000/facefusion@sha256:${"0123456789abcdef".repeat(4)}`, "0123456789ab"],
    ["registry.example.com:5000/facefusion", "registry.example.com:5000/facefusion"],
  ])("%s is %s", (image, version) => {
    expect(versionOf(image)).toBe(version);
  });
});

describe("the Pods that are available", () => {
  const metadata = { generation: 3 };

  it("are counted, and are none where Kubernetes leaves the count out", () => {
    expect(availableReplicas([metadata, { observedGeneration: 3, availableReplicas: 2 }])).toBe(2);
    expect(availableReplicas([metadata, { observedGeneration: 3 }])).toBe(0);
  });

  it("are not known from a status that is older than what a preview would make", () => {
    expect(availableReplicas([metadata, { observedGeneration: 2, availableReplicas: 1 }])).toBeUndefined();
  });
});
