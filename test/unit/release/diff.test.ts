import { describe, expect, it } from "vitest";
import { renderDifferences } from "../../../release/diff/diff";
import { differencesOf } from "../../../release/diff/differences";
import { aColorState, aDeploymentState, aServiceState, imageOf, theService, theSettings } from "../../support/states";
import type { Color } from "../../../components/colors";

/** A template as the program makes it: the colour is all over it. */
function aTemplate(color: Color, memory = "8Gi") {
  return {
    metadata: { labels: { color }, annotations: { "checksum/config": `${color}-checksum` } },
    spec: {
      nodeSelector: { color },
      tolerations: [{ key: "nvidia.com/gpu", value: color }],
      containers: [
        {
          name: "inference",
          image: imageOf(color),
          envFrom: [{ configMapRef: { name: `facefusion-${color}-config-1` } }],
          resources: { limits: { memory } },
        },
      ],
      volumes: [{ name: "models", persistentVolumeClaim: { claimName: `facefusion-${color}-models-1` } }],
    },
  };
}

const color = (of: Color, memory?: string, environment: Record<string, string> = {}) =>
  aColorState(of, {
    deployment: aDeploymentState(of, { template: aTemplate(of, memory) }),
    environment: { COLOR: of, VERSION: of, PORT: "7860", ...environment },
  });
const settings = theService(theSettings());

describe("what differs between the colours", () => {
  it("is the image alone where nothing else does, however often the colour is written into the Pods", () => {
    const state = aServiceState({ colors: { blue: color("blue"), green: color("green") } });
    expect(differencesOf(settings, state)).toEqual({
      service: "facefusion",
      live: "blue",
      configured: [{ key: "image", blue: imageOf("blue"), green: imageOf("green") }],
      deployed: [{ key: "spec.containers.0.image", blue: imageOf("blue"), green: imageOf("green") }],
      pending: [],
    });
  });

  it("is also models and environment, of the configuration and of what is deployed", () => {
    const own = theService(
      theSettings({}, { green: { image: imageOf("green"), models: "v2", env: { LOG_LEVEL: "debug" } } }),
    );
    const green = color("green", "16Gi", { LOG_LEVEL: "debug" });
    const { configured, deployed } = differencesOf(own, aServiceState({ colors: { blue: color("blue"), green } }));
    expect(configured).toContainEqual({ key: "models", blue: "v1", green: "v2" });
    expect(configured).toContainEqual({ key: "env.LOG_LEVEL", blue: null, green: "debug" });
    expect(deployed).toContainEqual({ key: "env.LOG_LEVEL", blue: null, green: "debug" });
    expect(deployed).toContainEqual({ key: "spec.containers.0.resources.limits.memory", blue: "8Gi", green: "16Gi" });
  });

  it("is told beside what the next update will change", () => {
    const own = theService(theSettings({}, { green: { image: "i:v3", env: { A: "1" } } }));
    const state = aServiceState({ colors: { blue: color("blue"), green: color("green") } });
    expect(differencesOf(own, state).pending).toEqual([
      { color: "green", key: "image", deployed: imageOf("green"), configured: "i:v3" },
      { color: "green", key: "env.A", deployed: null, configured: "1" },
    ]);
  });

  it("is everything where one colour is not there", () => {
    const state = aServiceState({
      live: { color: "unknown", reason: "there is no Ingress" },
      colors: { blue: color("blue"), green: aColorState("green", { deployment: undefined }) },
    });
    const found = differencesOf(settings, state);
    expect(found.live).toBeNull();
    expect(found.pending).toEqual([{ color: "green", key: "image", deployed: null, configured: imageOf("green") }]);
    expect(found.deployed.find(({ key }) => key === "spec")?.green).toBeNull();
  });

  it("is shown as a table, with the live colour marked", () => {
    const state = aServiceState({ colors: { blue: color("blue"), green: color("green") } });
    const text = renderDifferences(differencesOf(settings, state));
    expect(text).toMatch(/CONFIGURED +BLUE \(live\) +GREEN\n +image +\S+v1\.0\.0 +\S+v2\.0\.0/);
    expect(text).not.toContain("NEXT UPDATE");
  });
});
