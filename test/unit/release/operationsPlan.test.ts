import { describe, expect, it } from "vitest";
import { exitCodes } from "../../../release/errors";
import type { Change } from "../../../release/operations/engine";
import { valuesFor } from "../../../release/operations/deploy";
import {
  agreedLive,
  besidesSwitch,
  isVerificationJob,
  lackingPods,
  liveColorSetting,
  mustNotTouchTraffic,
  podsWhenIdle,
  podsWhenLive,
  renderChanges,
} from "../../../release/operations/plan";
import { aService } from "../../support/config";
import {
  aBrokenPod,
  aColorState,
  aDeploymentState,
  aPodState,
  aServiceState,
  imageOf,
  theService,
  theSettings,
} from "../../support/states";

const change = (name: string, op: Change["op"] = "update", type = "Ingress"): Change => ({ name, op, type });
const job = "facefusion-green-verification-0123456789";

describe("the flag of a service", () => {
  it("is everybody's where the stack has one service", () => {
    expect(liveColorSetting(theSettings(), "facefusion", "green")).toEqual({ path: ["liveColor"], value: "green" });
  });

  it("is its own where it has one", () => {
    const settings = theSettings({}, { liveColor: "blue" });
    expect(liveColorSetting(settings, "facefusion", "green").path).toEqual(["services", "facefusion", "liveColor"]);
  });

  it("becomes its own where others would be switched with it", () => {
    const services = { facefusion: aService(), deepfake: aService({ host: "deepfake.example.com" }) };
    expect(liveColorSetting(theSettings({ services }), "deepfake", "green").path).toEqual([
      "services",
      "deepfake",
      "liveColor",
    ]);
  });
});

describe("the Pods of a colour", () => {
  it.each([
    { capacity: "peak", live: 4, idle: 4 },
    { capacity: "offPeak", live: 2, idle: 1 },
  ])("at $capacity are $live where it is live, $idle where it is idle", ({ capacity, live, idle }) => {
    const settings = theSettings({ capacity }, { replicas: 4, offPeakReplicas: 2, standbyReplicas: 1 });
    expect(podsWhenLive(settings, theService(settings))).toBe(live);
    expect(podsWhenIdle(settings, theService(settings))).toBe(idle);
  });

  it("are as many at off-peak where the live colour has no number of its own for it", () => {
    const settings = theSettings({ capacity: "offPeak" }, { replicas: 4 });
    expect(podsWhenLive(settings, theService(settings))).toBe(4);
  });
});

describe("the live colour", () => {
  it("is what route and configuration agree on", () => {
    expect(agreedLive(aServiceState(), "blue")).toBe("blue");
  });

  it("is nobody's to guess where they do not", () => {
    expect(() => agreedLive(aServiceState(), "green")).toThrow(
      "the route leads to blue, and the configuration says green",
    );
    const live = { color: "unknown", reason: "there is no Ingress facefusion-ingress" } as const;
    expect(() => agreedLive(aServiceState({ live }), "blue")).toThrow("there is no Ingress facefusion-ingress");
  });
});

describe("an update that is not to touch the traffic", () => {
  it("may change anything but routes", () => {
    const changes = [change("facefusion-green-deployment"), change("facefusion-preview-ingress"), change(job)];
    expect(() => {
      mustNotTouchTraffic(changes, ["facefusion"]);
    }).not.toThrow();
  });

  it.each(["facefusion-route-ingress", "facefusion-route-live", "deepfake-route-ingress"])(
    "is refused where it would change %s",
    (name) => {
      expect.assertions(1);
      try {
        mustNotTouchTraffic([change("facefusion-green-deployment"), change(name)], ["facefusion", "deepfake"]);
      } catch (error) {
        expect(error).toMatchObject({
          message: `This would change the traffic: update ${name}.`,
          exitCode: exitCodes.refused,
        });
      }
    },
  );
});

describe("a colour", () => {
  const withGreen = (pods: Parameters<typeof aColorState>[1]) =>
    aServiceState({ colors: { blue: aColorState("blue"), green: aColorState("green", pods) } });

  it("can go live with all its Pods ready", () => {
    expect(lackingPods(aServiceState(), "green", 2)).toBeUndefined();
  });

  it("can go live from its standby, which the update brings to full number first", () => {
    const standby = withGreen({ deployment: aDeploymentState("green", { desired: 1 }), pods: [aPodState()] });
    expect(lackingPods(standby, "green", 2)).toBeUndefined();
  });

  it("cannot go live while Pods of it are not ready, and it is said why", () => {
    const crashed = { kind: "crashLoop", words: "its container ended with exit code 3, 2 restarts so far" } as const;
    expect(lackingPods(withGreen({ pods: [aPodState(), aBrokenPod(crashed)] }), "green", 2)).toBe(
      `facefusion: green has 1 of 2 Pods of ${imageOf("green")} ready: its container ended with exit code 3, 2 restarts so far`,
    );
  });

  it.each([
    { what: "its Pods are of another version still", image: imageOf("blue"), observed: true },
    { what: "Kubernetes has not yet looked at what it should be", image: imageOf("green"), observed: false },
  ])("cannot go live where $what", ({ image, observed }) => {
    const deployment = aDeploymentState("green", { observed });
    const state = withGreen({ deployment, pods: [aPodState({ image }), aPodState({ image })] });
    expect(lackingPods(state, "green", 2)).toContain(`of 2 Pods of ${imageOf("green")} ready`);
  });

  it("cannot go live where it has no Deployment", () => {
    expect(lackingPods(withGreen({ deployment: undefined }), "green", 2)).toBe("facefusion: green has no Deployment");
  });
});

describe("the changes of a switch", () => {
  it("are shown with the route first", () => {
    const changes = [change("facefusion-preview-ingress"), change("facefusion-route-ingress")];
    expect(renderChanges(changes, "facefusion")).toMatch(/facefusion-route-ingress\n.*facefusion-preview-ingress$/);
  });

  it("are the route, the preview, and what capacity needs; anything else is besides", () => {
    const own = [
      change("facefusion-route-ingress"),
      change("facefusion-preview-ingress"),
      change("facefusion-route-live"),
      change("facefusion-preview-idle"),
      change("facefusion-green-deployment"),
      change(job, "create", "Job"),
    ];
    const other = change("facefusion-blue-config", "replace", "ConfigMap");
    expect(besidesSwitch([...own, other], "facefusion")).toEqual([other]);
  });
});

describe("a verification's Job", () => {
  it("is told from what it needs", () => {
    expect(isVerificationJob(job, "facefusion", "green")).toBe(true);
    expect(isVerificationJob("facefusion-green-verification-report", "facefusion", "green")).toBe(false);
    expect(isVerificationJob(job, "facefusion", "blue")).toBe(false);
  });
});

describe("the values of a version", () => {
  it("are its image, its models where they are given, and its variables", () => {
    expect(valuesFor("facefusion", "green", "a:2", { models: "v2", env: { WORKERS: "2" } })).toEqual([
      { path: ["services", "facefusion", "green", "image"], value: "a:2" },
      { path: ["services", "facefusion", "green", "models"], value: "v2" },
      { path: ["services", "facefusion", "green", "env", "WORKERS"], value: "2" },
    ]);
    expect(valuesFor("facefusion", "green", "a:2", { env: {} })).toHaveLength(1);
  });
});
