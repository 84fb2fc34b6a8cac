import * as k8s from "@pulumi/kubernetes";
import { describe, expect, it } from "vitest";
import { BlueGreenService, type BlueGreenServiceArgs } from "../../../components/blueGreenService";
import { replicasFor } from "../../../components/capacity";
import { colors, other, type Color } from "../../../components/colors";
import type { RouteKind } from "../../../components/route";
import { aCapacity, aPod, aRelease, aService, traffic } from "../../support/args";
import { at, difference, type Graph, type Node } from "../../support/graph";
import { record, valueOf } from "../../support/mocks";

const name = "facefusion";

async function graphOf(change: Partial<BlueGreenServiceArgs> = {}): Promise<Graph> {
  return (await record(() => new BlueGreenService(name, aService(change)))).graph;
}

/** What Kubernetes is told of one colour, without the component around it. */
function stackOf(graph: Graph, color: Color): Node[] {
  return graph.below(graph.one("InferenceStack", `${name}-${color}`));
}

/** What Kubernetes is told of the route. */
function routeOf(graph: Graph): Node[] {
  return graph.below(graph.one("Route", `${name}-route`));
}

function deploymentOf(graph: Graph, color: Color): unknown {
  return graph.one("Deployment", `${name}-${color}-deployment`).inputs;
}

/** The Job that verifies a colour. */
function jobOf(graph: Graph, color: Color): Node {
  const [job, another] = graph.below(graph.one("Verification", `${name}-${color}-verification`)).filter(isJob);
  if (job === undefined || another !== undefined) throw new Error(`not one Job for ${color}`);
  return job;
}

const isJob = ({ type }: Node) => type.endsWith(":Job");

const routeBackend = "spec.rules.0.http.paths.0.backend.service.name";

describe("a service", () => {
  it("is two stacks with models of their own, a gate for each, the route between them and a preview", async () => {
    expect((await graphOf()).toString().replaceAll(/-[0-9a-f]{10}$/gm, "-<hash>")).toBe(
      `
BlueGreenService facefusion
  InferenceStack facefusion-blue
    ConfigMap facefusion-blue-config-<hash>
    Deployment facefusion-blue-deployment
    PodDisruptionBudget facefusion-blue-disruption-budget
    Service facefusion-blue-service
  InferenceStack facefusion-green
    ConfigMap facefusion-green-config-<hash>
    Deployment facefusion-green-deployment
    PodDisruptionBudget facefusion-green-disruption-budget
    Service facefusion-green-service
  ModelStore facefusion-blue-models
    PersistentVolume facefusion-blue-models-volume-<hash>
    PersistentVolumeClaim facefusion-blue-models-claim-<hash>
    RandomId facefusion-blue-models-incarnation-<hash>
  ModelStore facefusion-green-models
    PersistentVolume facefusion-green-models-volume-<hash>
    PersistentVolumeClaim facefusion-green-models-claim-<hash>
    RandomId facefusion-green-models-incarnation-<hash>
  PreviewIngress facefusion-preview
    Ingress facefusion-preview-ingress
  Route facefusion-route
    Ingress facefusion-route-ingress
  Verification facefusion-blue-verification
    ConfigMap facefusion-blue-verification-report
    Job facefusion-blue-verification-<hash>
    Role facefusion-blue-verification-role
    RoleBinding facefusion-blue-verification-role-binding
    ServiceAccount facefusion-blue-verification-account
  Verification facefusion-green-verification
    ConfigMap facefusion-green-verification-report
    Job facefusion-green-verification-<hash>
    Role facefusion-green-verification-role
    RoleBinding facefusion-green-verification-role-binding
    ServiceAccount facefusion-green-verification-account
`.trim(),
    );
  });

  it("is made by the provider that it is given, in every part", async () => {
    const { graph } = await record(() => {
      const provider = new k8s.Provider("cluster", { kubeconfig: "{}" });
      return new BlueGreenService(name, aService(), { providers: [provider] });
    });
    const parts = graph
      .below(graph.one("BlueGreenService", name))
      .filter(({ custom, type }) => custom && type.startsWith("kubernetes:"));
    expect(parts.length).toBeGreaterThan(10);
    for (const part of parts) expect(part.provider, part.name).toContain("::cluster::");
  });

  it("tells its addresses", async () => {
    const { graph, made } = await record(() => new BlueGreenService(name, aService()));
    const addresses = { url: "http://facefusion.example.com", previewUrl: "http://preview.facefusion.example.com" };
    expect(await valueOf(made.url)).toBe(addresses.url);
    expect(await valueOf(made.previewUrl)).toBe(addresses.previewUrl);
    expect(graph.one("BlueGreenService", name).outputs).toEqual(addresses);
  });

  it.each(colors)("has the stack of each colour at its colour, with %s live", async (liveColor) => {
    const { made } = await record(() => new BlueGreenService(name, aService({ liveColor })));
    expect(made.stacks.blue.color).toBe("blue");
    expect(made.stacks.green.color).toBe("green");
  });
});

describe.each(colors)("with %s live", (live) => {
  it("users come to it, testers to the other", async () => {
    const graph = await graphOf({ liveColor: live });
    const route = graph.one("Ingress", `${name}-route-ingress`);
    const preview = graph.one("Ingress", `${name}-preview-ingress`);
    expect(at(route.inputs, routeBackend)).toBe(`facefusion-${live}`);
    expect(at(preview.inputs, routeBackend)).toBe(`facefusion-${other(live)}`);
  });

  describe.each<RouteKind>(["ingress", "service"])("and route: %s", (route) => {
    it("the route moves only to a colour that is complete", async () => {
      const graph = await graphOf({ liveColor: live, route });
      for (const later of routeOf(graph)) {
        for (const part of stackOf(graph, live)) expect(graph.waitsFor(later, part), part.name).toBe(true);
      }
    });

    it("the route moves only to a colour that is verified", async () => {
      const graph = await graphOf({ liveColor: live, route });
      for (const later of routeOf(graph)) expect(graph.waitsFor(later, jobOf(graph, live))).toBe(true);
    });

    it("a colour is verified when it is complete", async () => {
      const graph = await graphOf({ liveColor: live, route });
      for (const color of colors) {
        for (const part of stackOf(graph, color)) expect(graph.waitsFor(jobOf(graph, color), part)).toBe(true);
      }
    });

    it("the idle colour changes only after the route has left it", async () => {
      const graph = await graphOf({ liveColor: live, route });
      for (const part of stackOf(graph, other(live))) {
        for (const earlier of routeOf(graph)) expect(graph.waitsFor(part, earlier), part.name).toBe(true);
      }
    });
  });

  it("the models of the idle colour wait for nothing but their own volume", async () => {
    const graph = await graphOf({ liveColor: live });
    const store = graph.one("ModelStore", `${name}-${other(live)}-models`);
    const others = graph.nodes.filter((node) => node.custom && !graph.below(store).includes(node));
    for (const part of graph.below(store)) {
      for (const earlier of others) expect(graph.waitsFor(part, earlier), earlier.name).toBe(false);
    }
  });
});

describe("a flip", () => {
  const flip = (route: RouteKind) =>
    Promise.all([graphOf({ route, liveColor: "blue" }), graphOf({ route, liveColor: "green" })]);

  it("changes the Ingress alone, besides the preview, by route: ingress", async () => {
    const [before, after] = await flip("ingress");
    expect(difference(before, after)).toEqual({
      added: [],
      removed: [],
      changed: {
        "Ingress facefusion-route-ingress": [routeBackend],
        "Ingress facefusion-preview-ingress": [routeBackend],
      },
    });
  });

  it("changes the selector of the live Service alone, besides the idle one for testers, by route: service", async () => {
    const [before, after] = await flip("service");
    expect(difference(before, after)).toEqual({
      added: [],
      removed: [],
      changed: {
        "Service facefusion-route-live": ["spec.selector.color"],
        "Service facefusion-preview-idle": ["spec.selector.color"],
      },
    });
  });
});

describe("a new version in the idle colour", () => {
  it("touches the idle colour alone", async () => {
    const release = { blue: aRelease(), green: aRelease({ image: "registry.example.com/facefusion:v2.0.0" }) };
    const next = { ...release, green: aRelease({ image: "registry.example.com/facefusion:v3.0.0", models: "v3" }) };
    const [before, after] = [await graphOf({ releases: release }), await graphOf({ releases: next })];
    const { added, removed, changed } = difference(before, after);
    const kinds = (lines: string[]) => lines.map((line) => line.replace(/-[0-9a-f]{10}$/, "")).sort();
    const replaced = [
      "ConfigMap facefusion-green-config",
      "Job facefusion-green-verification",
      "PersistentVolume facefusion-green-models-volume",
      "PersistentVolumeClaim facefusion-green-models-claim",
      "RandomId facefusion-green-models-incarnation",
    ];
    expect(kinds(added)).toEqual(replaced);
    expect(kinds(removed)).toEqual(replaced);
    expect(Object.keys(changed)).toEqual(["Deployment facefusion-green-deployment"]);
  });
});

describe("the gate", () => {
  const jobs = async (change: Partial<BlueGreenServiceArgs> = {}) => {
    const graph = await graphOf(change);
    return colors.map((color) => jobOf(graph, color).name);
  };
  const verification = aService().verification;

  it.each<[string, Partial<BlueGreenServiceArgs>]>([
    ["scaled", { capacity: aCapacity({ mode: "offPeak" }) }],
    ["switched", { liveColor: "green" }],
    ["routed otherwise", { route: "service" }],
  ])("does not ask again when the service is only %s", async (_, change) => {
    expect(await jobs(change)).toEqual(await jobs());
  });

  it.each<[string, Partial<BlueGreenServiceArgs>]>([
    ["its image", { releases: { ...aService().releases, green: aRelease({ image: "a:v3", models: "v2" }) } }],
    ["its models", { releases: { ...aService().releases, green: { ...aService().releases.green, models: "v3" } } }],
    [
      "its environment",
      { releases: { ...aService().releases, green: { ...aService().releases.green, env: { A: "1" } } } },
    ],
  ])("asks a colour again when it has changed in %s, and the other not", async (_, change) => {
    const [[blue, green], [blueThen, greenThen]] = [await jobs(), await jobs(change)];
    expect(blueThen).toBe(blue);
    expect(greenThen).not.toBe(green);
  });

  it.each<[string, Partial<BlueGreenServiceArgs>]>([
    ["resources", { pod: aPod({ memory: "32Gi" }) }],
    ["check image", { verification: { ...verification, image: "registry.example.com/checks:v2" } }],
    [
      "budgets",
      {
        verification: {
          ...verification,
          checks: { ...verification.checks, stability: { maxRestarts: 1, maxErrorLines: 0 } },
        },
      },
    ],
  ])("asks both again when the service has other %s", async (_, change) => {
    const [before, after] = [await jobs(), await jobs(change)];
    for (const job of after) expect(before).not.toContain(job);
  });

  it("knows when a colour is what it was before, so that the way back needs no new run", async () => {
    const next = { ...aService().releases, green: aRelease({ image: "a:v3" }) };
    expect(await jobs({ releases: next })).not.toEqual(await jobs());
    expect(await jobs()).toEqual(await jobs());
  });

  it("is passed over for exactly the image that is named, with the reason for all to see", async () => {
    const skip = { image: "registry.example.com/facefusion:v2.0.0", reason: "the checks themselves are broken" };
    const { graph, made } = await record(() => {
      return new BlueGreenService(name, aService({ liveColor: "green", verification: { ...verification, skip } }));
    });
    expect(graph.all("Job").map((job) => job.name)).toEqual([jobOf(graph, "blue").name]);
    expect(await valueOf(made.verifications.green)).toBe("skipped: the checks themselves are broken");
    expect(await valueOf(made.verifications.blue)).toBe(jobOf(graph, "blue").name);
    const other = { ...skip, image: "registry.example.com/facefusion:v2.0.1" };
    expect((await graphOf({ verification: { ...verification, skip: other } })).all("Job")).toHaveLength(2);
  });

  it("is shown the certificate in the Secret that the Ingress of users names", async () => {
    for (const tls of [
      { kind: "issuer" as const, name: "letsencrypt" },
      { kind: "secret" as const, name: "wildcard" },
    ]) {
      const graph = await graphOf({ traffic: traffic({ tls }) });
      const named = at(graph.one("Ingress", `${name}-route-ingress`).inputs, "spec.tls.0.secretName");
      const shown = at(jobOf(graph, "green").inputs, "spec.template.spec.volumes.1.secret.secretName");
      expect(shown).toBe(named);
      expect(shown).toBeDefined();
    }
  });

  it("waits with an idle colour that has no Pods until it has some", async () => {
    const capacity = aCapacity({ replicas: 2, offPeakReplicas: 2, standbyReplicas: 0 });
    const peak = await graphOf({ capacity });
    const offPeak = await graphOf({ capacity: { ...capacity, mode: "offPeak" } });
    expect(difference(peak, offPeak)).toEqual({
      added: [],
      removed: [`Job ${jobOf(peak, "green").name}`],
      changed: { "Deployment facefusion-green-deployment": ["spec.replicas"] },
    });
  });
});

describe("protection", () => {
  it("keeps the engine from deleting the route and both colours, and nothing that is replaced in a release", async () => {
    const graph = await graphOf({ protect: true });
    const kept = graph.nodes.filter((node) => node.protect).map((node) => node.name);
    expect(kept.sort()).toEqual([
      "facefusion-blue-deployment",
      "facefusion-blue-service",
      "facefusion-green-deployment",
      "facefusion-green-service",
      "facefusion-route-ingress",
    ]);
  });

  it("is off where it is not asked for", async () => {
    expect((await graphOf()).nodes.filter((node) => node.protect)).toEqual([]);
  });
});

describe("isolation", () => {
  it("gives the colours nodes of their own", async () => {
    const graph = await graphOf();
    const [blue, green] = colors.map((color) => at(deploymentOf(graph, color), "spec.template.spec"));
    expect(at(blue, "nodeSelector.color")).toBe("blue");
    expect(at(green, "nodeSelector.color")).toBe("green");
    expect(at(blue, "tolerations.0.value")).not.toBe(at(green, "tolerations.0.value"));
  });

  it("lets them share no volume that either can write, even with the same models", async () => {
    const graph = await graphOf({ releases: { blue: aRelease(), green: aRelease() } });
    const claims = colors.flatMap((color) => {
      const volumes = at(deploymentOf(graph, color), "spec.template.spec.volumes");
      // Anything but an emptyDir outlives its Pod, and may be another Pod's too.
      const shareable = (Array.isArray(volumes) ? volumes : []).filter((volume) => !at(volume, "emptyDir"));
      for (const volume of shareable) expect(at(volume, "persistentVolumeClaim.readOnly")).toBe(true);
      return shareable.map((volume) => at(volume, "persistentVolumeClaim.claimName"));
    });
    expect(claims).toHaveLength(2);
    expect(new Set(claims).size).toBe(2);
  });
});

describe("capacity", () => {
  it("is the same for both colours at peak, so that a switch and a rollback are warm", () => {
    const capacity = aCapacity({ mode: "peak", replicas: 4 });
    expect(replicasFor(capacity, true)).toBe(4);
    expect(replicasFor(capacity, false)).toBe(4);
  });

  it("at off-peak is lower for the live colour, and the standby for the idle one", () => {
    const capacity = aCapacity({ mode: "offPeak", offPeakReplicas: 2, standbyReplicas: 1 });
    expect(replicasFor(capacity, true)).toBe(2);
    expect(replicasFor(capacity, false)).toBe(1);
  });

  it("goes to the Deployment of the colour that is live, whichever it is", async () => {
    const graph = await graphOf({ liveColor: "green", capacity: aCapacity({ mode: "offPeak" }) });
    expect(at(deploymentOf(graph, "green"), "spec.replicas")).toBe(2);
    expect(at(deploymentOf(graph, "blue"), "spec.replicas")).toBe(1);
  });
});
