import { describe, expect, it } from "vitest";
import type { V1Ingress } from "@kubernetes/client-node";
import {
  decideRollback,
  standingsOf,
  type Situation,
  type Standing,
} from "../../../release/operations/rollbackDecision";
import { bareConfig, contextOf } from "../../../release/operations/rollbackGround";
import { renderRollback, type RollbackResult } from "../../../release/operations/rollbackResult";
import { routePatch } from "../../../release/operations/routePatch";
import { aBrokenPod, aColorState, aPodState, aServiceState, aVerification, minutesAgo } from "../../support/states";

const standing = (minutes: number | undefined, change: Partial<Standing> = {}): Standing => ({
  image: "registry.example.com/facefusion:v1.0.0",
  ready: 2,
  verified: true,
  changedSince: false,
  releasedAt: minutes === undefined ? undefined : minutesAgo(minutes),
  troubles: [],
  ...change,
});

/** Green, the newer version, went live; blue is what was before. */
const afterSwitch: Situation = {
  live: "green",
  configured: "green",
  wanted: undefined,
  rolledBack: false,
  standings: { blue: standing(600), green: standing(10) },
};
const decide = (change: Partial<Situation>) => decideRollback("facefusion", "inference", { ...afterSwitch, ...change });

describe("a rollback", () => {
  it("leads to the colour that is not live", () => {
    expect(decide({})).toEqual({ kind: "move", to: "blue", reason: undefined, warning: undefined });
  });

  it("made twice is made once", () => {
    expect(decide({ live: "blue", configured: "blue", rolledBack: true })).toMatchObject({ kind: "stay", to: "blue" });
  });

  it("leads back from the older version too, where that was switched to", () => {
    expect(decide({ live: "blue", configured: "blue" })).toMatchObject({ kind: "move", to: "green" });
  });

  it("leads where it is told to, and there only once", () => {
    expect(decide({ wanted: "blue" })).toMatchObject({ kind: "move", to: "blue" });
    expect(decide({ wanted: "green" })).toMatchObject({ kind: "stay", to: "green" });
    expect(decide({ live: "blue", configured: "blue", rolledBack: true, wanted: "green" })).toMatchObject({
      kind: "move",
      to: "green",
    });
  });

  it("does not care whether the version that was live before passes its verification today", () => {
    const standings = { ...afterSwitch.standings, blue: standing(600, { verified: false }) };
    expect(decide({ standings })).toMatchObject({ kind: "move", to: "blue" });
  });

  it.each([
    { what: "an update has not moved the route yet", live: "blue", configured: "green", kind: "stay" },
    { what: "the configuration was changed back already", live: "green", configured: "blue", kind: "move" },
    { what: "the route was moved by hand", live: "green", configured: "blue", kind: "move" },
    { what: "the route leads nowhere", live: undefined, configured: "green", kind: "move" },
  ] as const)("leads to the older version where $what", ({ live, configured, kind }) => {
    expect(decide({ live, configured })).toMatchObject({ kind, to: "blue" });
  });

  it("leads to the configured colour where the route leads nowhere and no version is known to be older", () => {
    const standings = { blue: standing(undefined), green: standing(undefined) };
    expect(decide({ live: undefined, configured: "blue", standings })).toMatchObject({ kind: "move", to: "blue" });
  });

  it("is refused where there is no ready Pod to go back to, with what is seen and what helps", () => {
    const troubles = ["no GPU is free for it"];
    const standings = { ...afterSwitch.standings, blue: standing(600, { ready: 0, troubles }) };
    expect(decide({ standings })).toEqual({
      kind: "refuse",
      problem: "facefusion: blue has no ready Pod to go back to: no GPU is free for it.",
      remedy:
        "Bring one up, then try again: kubectl --namespace inference scale deployment facefusion-blue --replicas=1",
    });
  });

  it("is refused where the other colour has a version that was never live and is not verified", () => {
    const standings = { ...afterSwitch.standings, blue: standing(1, { verified: false }) };
    expect(decide({ standings })).toMatchObject({ kind: "refuse" });
    expect(decide({ standings, wanted: "blue" })).toMatchObject({ kind: "refuse" });
  });

  it("leads to Pods that were changed since their verification, and says so", () => {
    const standings = { ...afterSwitch.standings, blue: standing(1, { changedSince: true }) };
    const decision = decide({ standings });
    expect(decision).toMatchObject({ kind: "move", to: "blue" });
    expect("warning" in decision && decision.warning).toContain(
      "the Pods of blue are of registry.example.com/facefusion:v1.0.0, which was verified, and were changed",
    );
  });

  it("leads to a newer version that is verified", () => {
    const standings = { ...afterSwitch.standings, blue: standing(1) };
    expect(decide({ standings })).toMatchObject({ kind: "move", to: "blue" });
  });
});

describe("how a colour stands", () => {
  const of = (change: Parameters<typeof aColorState>[1], skippedImage?: string) => {
    const state = aServiceState({ colors: { blue: aColorState("blue", change), green: aColorState("green") } });
    return standingsOf(state, { blue: minutesAgo(5), green: undefined }, skippedImage).blue;
  };

  it("counts Pods that answer, and will go on to", () => {
    const trouble = { kind: "probe", words: "it runs, and its readiness probe fails" } as const;
    const pods = [aPodState(), aPodState({ terminating: true }), aBrokenPod(trouble)];
    expect(of({ pods })).toMatchObject({ ready: 1, troubles: ["it runs, and its readiness probe fails"] });
  });

  it.each([
    { what: "has passed", verification: aVerification("blue"), verified: true },
    { what: "has failed", verification: aVerification("blue", { status: "failed" }), verified: false },
    { what: "is of another image", verification: aVerification("blue", { image: "other:v9" }), verified: false },
  ])("is verified: $verified where its verification $what", ({ verification, verified }) => {
    expect(of({ verification }).verified).toBe(verified);
  });

  it.each([
    {
      what: "since its verification began",
      verification: aVerification("blue", { startedAt: minutesAgo(6) }),
      is: true,
    },
    { what: "and then verified", verification: aVerification("blue", { startedAt: minutesAgo(4) }), is: false },
    {
      what: "since a verification that failed",
      verification: aVerification("blue", { status: "failed", startedAt: minutesAgo(6) }),
      is: false,
    },
  ])("counts as changed past it ($is) where its template was made $what", ({ verification, is }) => {
    expect(of({ verification }).changedSince).toBe(is);
  });

  it("is as good as verified where the configuration says so of its image", () => {
    const failed = aVerification("blue", { status: "failed" });
    expect(of({ verification: failed }, "registry.example.com/facefusion:v1.0.0").verified).toBe(true);
  });
});

describe("the patch of a route", () => {
  const ingress = (backend: string): V1Ingress => ({
    metadata: { name: "facefusion-ingress", resourceVersion: "41" },
    spec: {
      rules: [
        {
          host: "facefusion.example.com",
          http: { paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: backend } } }] },
        },
      ],
    },
  });

  it("changes the Service that the Ingress names, if nobody else has changed anything", () => {
    expect(routePatch("facefusion", "blue", ingress("facefusion-green"), undefined)).toEqual({
      kind: "Ingress",
      name: "facefusion-ingress",
      operations: [
        { op: "test", path: "/metadata/resourceVersion", value: "41" },
        { op: "replace", path: "/spec/rules/0/http/paths/0/backend/service/name", value: "facefusion-blue" },
      ],
    });
  });

  it("changes the live Service's selector where the Ingress names that", () => {
    expect(routePatch("facefusion", "blue", ingress("facefusion-live"), "42")).toEqual({
      kind: "Service",
      name: "facefusion-live",
      operations: [
        { op: "test", path: "/metadata/resourceVersion", value: "42" },
        { op: "replace", path: "/spec/selector/color", value: "blue" },
      ],
    });
  });

  it("leads past a live Service that is gone, or that the Ingress was taken off", () => {
    expect(routePatch("facefusion", "blue", ingress("facefusion-live"), undefined).kind).toBe("Ingress");
    expect(routePatch("facefusion", "blue", ingress("facefusion-green"), "42").kind).toBe("Ingress");
  });

  it("is not made up where there is no Ingress", () => {
    expect(() => routePatch("facefusion", "blue", undefined, undefined)).toThrow("no Ingress facefusion-ingress");
  });
});

describe("a configuration that is not accepted", () => {
  const read = (lines: string[]) =>
    bareConfig({ project: "facefusion", path: "Pulumi.prod.yaml", text: ["config:", ...lines].join("\n") });

  it("still says which services there are, and where", () => {
    const config = read([
      "  facefusion:namespace: inference",
      "  facefusion:liveColor: purple",
      "  facefusion:notifications: { secure: v1:abc }",
      "  facefusion:services:",
      "    facefusion: { liveColor: green, replicas: many, blue: { image: a:latest } }",
    ]);
    expect(config).toMatchObject({ namespace: "inference", liveColor: "blue" });
    expect(config.services["facefusion"]?.liveColor).toBe("green");
  });

  it("is an error in words where it does not even say that", () => {
    expect(() => read(["  facefusion:liveColor: green"])).toThrow("Pulumi.prod.yaml does not say which services");
  });
});

describe("a stack whose state cannot be read", () => {
  it("is looked for where its file says, or where whoever types says", () => {
    expect(contextOf({ kind: "kubeconfig", context: "prod" }, undefined, "prod")).toBe("prod");
    expect(contextOf({ kind: "kubeconfig", context: "prod" }, "prod-by-vpn", "prod")).toBe("prod-by-vpn");
    expect(contextOf({}, undefined, "local")).toBeUndefined();
    expect(contextOf({ kind: "adopt" }, "prod", "prod")).toBe("prod");
  });

  it.each(["create", "adopt"])("is not guessed by the selected context where its cluster is on EKS (%s)", (kind) => {
    expect(() => contextOf({ kind }, undefined, "prod")).toThrow(
      "Which cluster stack prod is on is in its state alone",
    );
  });
});

describe("what a rollback came to", () => {
  const result: RollbackResult = {
    service: "facefusion",
    from: "green",
    to: "blue",
    image: "registry.example.com/facefusion:v1.0.0",
    how: "direct",
    seconds: 12.3,
    answeredAfterSeconds: 12.5,
    ready: 2,
    notes: ["The engine failed: no space left on device"],
  };

  it("is said with its times, and with what else there is to know", () => {
    expect(renderRollback(result)).toBe(
      [
        "facefusion: rolled back from green to blue with registry.example.com/facefusion:v1.0.0, after 12 s.",
        "First answer of blue after 13 s.",
        "The engine failed: no space left on device",
      ].join("\n"),
    );
  });

  it("may be nothing", () => {
    expect(renderRollback({ ...result, how: "none", answeredAfterSeconds: null, notes: [] })).toBe(
      "facefusion: nothing to do, blue is live with registry.example.com/facefusion:v1.0.0.",
    );
  });
});
