import { describe, expect, it } from "vitest";
import type { Color } from "../../../components/colors";
import type { ColorState, ServiceState, VerificationReport } from "../../../release/cluster/state";
import { checks, diagnose } from "../../../release/doctor/checks";
import type { ServiceSnapshot, Snapshot } from "../../../release/doctor/snapshot";
import {
  aBrokenPod,
  aColorState,
  aDeploymentState,
  anIngressState,
  aNode,
  aServiceState,
  aSnapshot,
  aVerification,
  imageOf,
  now,
  theSettings,
} from "../../support/states";

const day = 86_400_000;
const tls = { kind: "secret" as const, name: "facefusion-tls" };

const withState = (state: Partial<ServiceState>) => aSnapshot({ state: aServiceState(state) });
const withColor = (color: Color, change: Partial<ColorState>) =>
  withState({ colors: { ...aServiceState().colors, [color]: aColorState(color, change) } });
const withGate = (change: Parameters<typeof aVerification>[1]) =>
  withColor("green", { verification: aVerification("green", change) });
const withPod = (trouble: Parameters<typeof aBrokenPod>[0], color: Color = "green") =>
  aSnapshot({
    state: aServiceState({
      colors: {
        ...aServiceState().colors,
        [color]: aColorState(color, {
          deployment: aDeploymentState(color, { available: 1 }),
          pods: [aBrokenPod(trouble, { name: "broken" })],
        }),
      },
    }),
    evidence: { broken: ["log: the last words"] },
  });

function withCertificates(certificates: ServiceSnapshot["certificates"]): Snapshot {
  const guard = { groups: ["releasers"], contact: "#releases" };
  const settings = theSettings({ guard }, { tls });
  const { ingress, previewIngress } = aServiceState();
  const secured = <T extends { hosts: readonly string[] }>(each: T | undefined) =>
    each && { ...each, tls: [{ hosts: each.hosts, secretName: tls.name }] };
  const state = aServiceState({ ingress: secured(ingress), previewIngress: secured(previewIngress) });
  return aSnapshot({ state, certificates }, {}, settings);
}

const aCertificate = (days: number, covers: (host: string) => boolean = () => true) => ({
  "facefusion-tls": { kind: "present" as const, expires: new Date(now.getTime() + days * day), covers },
});

/** What is wrong, which check finds it, how bad it is, and what it says. */
const cases: readonly (readonly [string, Snapshot, string, string, string])[] = [
  [
    "the route leads nowhere",
    withState({ live: { color: "unknown", reason: "there is no Ingress facefusion-ingress" } }),
    "route",
    "error",
    "there is no Ingress facefusion-ingress",
  ],
  [
    "the route was moved by hand",
    aSnapshot({
      state: aServiceState({
        live: { color: "green" },
        preview: { color: "blue" },
        routeWriter: { manager: "kubectl-patch", at: now },
      }),
    }),
    "route-moved",
    "error",
    "it leads to green, Pulumi left it at blue (last written by kubectl-patch at 2026-11-25T12:00:00.000Z)",
  ],
  [
    "the configuration says another colour",
    aSnapshot({ configured: "green" }),
    "route-drift",
    "error",
    "blue is live, the configuration says green",
  ],
  ["the preview leads to the live colour", withState({ preview: { color: "blue" } }), "preview", "warning", "is live"],
  [
    "the Ingress has no address",
    withState({ ingress: anIngressState({ addresses: [] }) }),
    "address",
    "error",
    "Ingress facefusion-ingress has no address",
  ],
  [
    "a colour is not there",
    withColor("green", { deployment: undefined, hasService: false }),
    "deployment",
    "error",
    "green has no Deployment and no Service",
  ],
  [
    "Kubernetes cannot make the Pods",
    withColor("green", {
      deployment: aDeploymentState("green", { available: 0, problem: "exceeded quota" }),
      pods: [],
    }),
    "pods",
    "error",
    "green has 0 of 2 Pods available, and 0 made",
  ],
  [
    "a colour is scaled past the configuration",
    withColor("green", { deployment: aDeploymentState("green", { desired: 1, available: 1 }) }),
    "replicas",
    "warning",
    "green is scaled to 1 Pods; capacity peak says 2",
  ],
  [
    "the live colour is below its floor",
    withColor("blue", { deployment: aDeploymentState("blue", { desired: 1, available: 1 }) }),
    "replicas",
    "error",
    "blue is scaled to 1 Pods",
  ],
  [
    "a colour runs another image",
    withColor("green", {
      deployment: aDeploymentState("green", { image: "i:v9" }),
      verification: aVerification("green", { image: "i:v9" }),
    }),
    "image",
    "warning",
    "green runs i:v9",
  ],
  [
    "a colour has no disruption budget",
    withColor("green", { disruptionBudget: undefined }),
    "disruption-budget",
    "warning",
    "no PodDisruptionBudget",
  ],
  ["a verification failed", withGate({ status: "failed" }), "gate", "error", "did not pass its verification"],
  ["a verification could not be run", withGate({ status: "broken" }), "gate", "error", "could not be run"],
  ["a verification runs", withGate({ status: "running" }), "gate", "note", "The verification of green is running"],
  ["there was none", withGate({ status: "none" }), "gate", "warning", "has not been verified"],
  ["another image was verified", withGate({ image: "i:v9" }), "gate", "warning", "What was verified on green is i:v9"],
  [
    "a colour's nodes are gone",
    aSnapshot({}, { nodes: { ok: true, value: [aNode("blue")] } }),
    "nodes",
    "error",
    "There is no node of colour green",
  ],
  [
    "a node is not ready",
    aSnapshot(
      {},
      { nodes: { ok: true, value: [aNode("blue"), aNode("green", { ready: false, reason: "no kubelet" })] } },
    ),
    "nodes",
    "error",
    "Node gpu-green (green) is not ready: no kubelet",
  ],
  [
    "a node offers no GPU",
    aSnapshot({}, { nodes: { ok: true, value: [aNode("blue", { gpus: 0 }), aNode("green")] } }),
    "nodes",
    "error",
    "Node gpu-blue (blue) offers no GPU",
  ],
  [
    "a node is cordoned",
    aSnapshot({}, { nodes: { ok: true, value: [aNode("blue", { schedulable: false }), aNode("green")] } }),
    "nodes",
    "warning",
    "is cordoned, with 2 of 4 GPUs in use",
  ],
  [
    "the nodes may not be looked at",
    aSnapshot({}, { nodes: { ok: false, problem: "forbidden" } }),
    "nodes",
    "warning",
    "No look at nodes: forbidden",
  ],
  ["there is no guard", aSnapshot({}, {}, theSettings()), "guard", "warning", "No guard is configured"],
  [
    "the guard is not whole",
    aSnapshot({}, { guard: { ok: true, value: { missing: ["policy facefusion-switch-guard-routes"] } } }),
    "guard",
    "error",
    "not whole",
  ],
  [
    "an update runs",
    aSnapshot({}, { engine: { pending: [], lock: "alice@laptop (process 1)" } }),
    "engine",
    "warning",
    "locked by alice@laptop",
  ],
  [
    "an update died half way",
    aSnapshot({}, { engine: { pending: ["creating facefusion-green-deployment"], lock: undefined } }),
    "engine",
    "error",
    "ended half way",
  ],
  ["a certificate is missing", withCertificates({}), "certificates", "error", "(Secret facefusion-tls) is missing"],
  ["a certificate has expired", withCertificates(aCertificate(-1)), "certificates", "error", "expired on 2026-11-24"],
  ["a certificate expires soon", withCertificates(aCertificate(20)), "certificates", "warning", "expires in 20 days"],
  [
    "a certificate does not cover the preview",
    withCertificates(aCertificate(90, (host) => !host.startsWith("preview."))),
    "certificates",
    "error",
    "The certificate of preview.facefusion.example.com (Secret facefusion-tls) does not cover this host",
  ],
  [
    "a certificate may not be read",
    withCertificates({ "facefusion-tls": { kind: "unreadable", problem: "forbidden" } }),
    "certificates",
    "warning",
    "forbidden",
  ],
];

describe("the doctor", () => {
  it("finds nothing where nothing is wrong", () => {
    expect(diagnose(aSnapshot())).toEqual([]);
    expect(diagnose(withCertificates(aCertificate(22)))).toEqual([]);
  });

  it.each(cases)("tells that %s, and nothing else", (_, snapshot, check, severity, words) => {
    const findings = diagnose(snapshot);
    expect(new Set(findings.map((finding) => finding.check))).toEqual(new Set([check]));
    expect(findings[0]).toMatchObject({ severity });
    expect(findings.map(({ problem }) => problem).join("\n")).toContain(words);
    for (const { meaning, help } of findings) expect([meaning, help]).not.toContain("");
  });

  it("has a test for every check", () => {
    expect(new Set(cases.map(([, , check]) => check))).toEqual(new Set(checks.map(({ name }) => name)));
  });

  it.each([
    "insufficientGpus",
    "noNode",
    "unschedulable",
    "imagePull",
    "outOfMemory",
    "crashLoop",
    "configuration",
    "probe",
    "evicted",
    "unknown",
  ] as const)("tells why a Pod is not ready (%s), with the evidence and whether users feel it", (kind) => {
    const [finding] = diagnose(withPod({ kind, words: "for a reason" }));
    expect(finding).toMatchObject({ check: "pods", severity: "error", details: ["log: the last words"] });
    expect(finding?.problem).toBe("green: Pod broken is not ready: for a reason.");
    expect(finding?.meaning).toContain("It is idle: users do not feel this.");
    expect(diagnose(withPod({ kind, words: "for a reason" }, "blue"))[0]?.meaning).toContain("users feel this");
  });

  it("does not call it wrong that a Pod is still starting", () => {
    expect(diagnose(withPod({ kind: "starting", words: "still loading" }))).toMatchObject([{ severity: "warning" }]);
  });

  it("shows what a failed verification found", () => {
    const failedCheck: VerificationReport["checks"][number] = {
      name: "accuracy",
      status: "failed",
      seconds: 1,
      problems: ["too far"],
      notes: [],
      measurements: {},
    };
    const report: VerificationReport = {
      version: "v2.0.0",
      image: imageOf("green"),
      hash: "0123456789",
      verdict: "failed",
      startedAt: "",
      finishedAt: "",
      checks: [failedCheck],
    };
    expect(diagnose(withGate({ status: "failed", report }))[0]?.details).toEqual(["accuracy: too far"]);
  });

  it("tells how to keep what is live, by the key that says so", () => {
    const help = (service: Record<string, unknown>) => {
      const guard = { groups: ["releasers"], contact: "#releases" };
      return diagnose(aSnapshot({ configured: "green" }, {}, theSettings({ guard }, service)))[0]?.help;
    };
    expect(help({})).toContain("pulumi config set liveColor blue (they stay)");
    expect(help({ liveColor: "green" })).toContain("pulumi config set --path services.facefusion.liveColor blue");
  });

  it("knows a rollback that was quicker than the engine from a hand", () => {
    const moved = (manager: string) =>
      diagnose(
        withState({ live: { color: "green" }, preview: { color: "blue" }, routeWriter: { manager, at: now } }),
      )[0];
    expect(moved("kubectl-release")?.meaning).toContain("A rollback had to be quicker than the engine.");
    expect(moved("kubectl-edit")?.meaning).toContain("Nobody's release made green live.");
  });

  it("tells why a verification is skipped, and how to end that", () => {
    const guard = { groups: ["releasers"], contact: "#releases" };
    const skipVerification = { image: imageOf("green"), reason: "the certificate expires tonight" };
    const [finding] = diagnose(aSnapshot({}, {}, theSettings({ guard }, { skipVerification })));
    expect(finding).toMatchObject({ check: "gate", severity: "warning" });
    expect(finding?.problem).toContain("the certificate expires tonight");
    expect(finding?.help).toContain("pulumi config rm --path services.facefusion.skipVerification");
  });

  it("expects no verification of a colour without Pods", () => {
    const green = {
      deployment: aDeploymentState("green", { desired: 0, ready: 0, available: 0, updated: 0 }),
      pods: [],
    };
    const settings = theSettings(
      { capacity: "offPeak", guard: { groups: ["releasers"], contact: "#releases" } },
      { standbyReplicas: 0 },
    );
    const state = aServiceState({
      colors: {
        blue: aColorState("blue"),
        green: aColorState("green", { ...green, verification: aVerification("green", { status: "none" }) }),
      },
    });
    expect(diagnose(aSnapshot({ state }, {}, settings))).toEqual([]);
  });

  it("names the namespace in each command that looks at something in it", () => {
    const troubles = ["crashLoop", "probe", "unschedulable"] as const;
    const snapshots = [
      ...cases.map(([, snapshot]) => snapshot),
      ...troubles.map((kind) => withPod({ kind, words: "" })),
    ];
    const commands = snapshots.flatMap((snapshot) =>
      diagnose(snapshot).flatMap(({ help }) => help.split(/; | \| /).filter((each) => each.startsWith("kubectl "))),
    );
    const inNamespace = commands.filter((each) => each.startsWith("kubectl --namespace facefusion "));
    expect(inNamespace.length).toBeGreaterThan(5);
    // Nodes and classes are in none; -A looks into all.
    expect(commands.filter((each) => !inNamespace.includes(each)).join("\n")).not.toMatch(
      /^(?!kubectl (\w+ nodes?|uncordon|get ingressclass|get pods -A)\b).+/m,
    );
  });

  it("begins with what is worst", () => {
    const snapshot = aSnapshot({ configured: "green" }, {}, theSettings());
    expect(diagnose(snapshot).map(({ severity }) => severity)).toEqual(["error", "warning"]);
  });
});
