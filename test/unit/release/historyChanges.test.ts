import { describe, expect, it } from "vitest";
import { changesBetween, changeWords, concerns, type Change } from "../../../release/history/changes";
import { aConfig, aService } from "../../support/config";

const words = (before: Record<string, unknown> | undefined, after: Record<string, unknown>) =>
  changesBetween(before, after).map(changeWords);
const withService = (change: Record<string, unknown>, top: Record<string, unknown> = {}) =>
  aConfig({ services: { facefusion: aService(change) }, ...top });

describe("what a configuration changes", () => {
  it.each([
    ["nothing", aConfig(), aConfig(), []],
    ["everything, at first", undefined, aConfig(), ["first deployment of facefusion"]],
    ["the flag", aConfig(), aConfig({ liveColor: "green" }), ["facefusion: switch blue -> green"]],
    ["a service's own flag", aConfig(), withService({ liveColor: "green" }), ["facefusion: switch blue -> green"]],
    [
      "nothing for a service whose own flag says what the flag said",
      aConfig({ liveColor: "green" }),
      withService({ liveColor: "green" }),
      [],
    ],
    [
      "an image",
      aConfig(),
      withService({ green: { image: "registry.example.com/facefusion:v3.0.0" } }),
      ["facefusion: deploy on green registry.example.com/facefusion:v2.0.0 -> registry.example.com/facefusion:v3.0.0"],
    ],
    ["the capacity", aConfig(), aConfig({ capacity: "offPeak" }), ["capacity peak -> offPeak"]],
    [
      "a verification that is skipped, with the reason",
      aConfig(),
      withService({ skipVerification: { image: "i:v3", reason: "the certificate expires tonight" } }),
      ["facefusion: verification of i:v3 skipped: the certificate expires tonight"],
    ],
    [
      "the end of that",
      withService({ skipVerification: { image: "i:v3", reason: "the certificate expires tonight" } }),
      aConfig(),
      ['services.facefusion.skipVerification {"image":"i:v3","reason":"the certificate expires tonight"} -> nothing'],
    ],
    ["any other key", aConfig(), withService({ replicas: 3 }), ["services.facefusion.replicas nothing -> 3"]],
    [
      "a service more, and one less",
      aConfig({ services: { old: aService(), facefusion: aService() } }),
      aConfig({ services: { facefusion: aService(), neu: aService() } }),
      ["old: service removed", "neu: service added"],
    ],
  ])("is %s", (_, before, after, expected) => {
    expect(words(before, after)).toEqual(expected);
  });

  it("is told of a configuration that would not be accepted today", () => {
    expect(words({ liveColor: "red", services: 3 }, { liveColor: "blue" })).toEqual(["services 3 -> nothing"]);
  });
});

describe("a change", () => {
  it("concerns one service, or all of them", () => {
    const flip: Change = { kind: "switch", service: "facefusion", from: "blue", to: "green" };
    const setting = (key: string): Change => ({ kind: "setting", key, from: null, to: 1 });
    expect(
      [flip, setting("services.facefusion.cpu"), setting("ingress.port")].map((c) => concerns(c, "facefusion")),
    ).toEqual([true, true, true]);
    expect(
      [flip, setting("services.facefusion.cpu"), setting("ingress.port")].map((c) => concerns(c, "other")),
    ).toEqual([false, false, true]);
  });
});
