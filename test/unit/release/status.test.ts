import { describe, expect, it } from "vitest";
import { processCounts } from "../../../release/metrics/counts";
import { trafficOf } from "../../../release/metrics/traffic";
import { renderStatus } from "../../../release/status/render";
import { serviceReport, verificationStatus } from "../../../release/status/report";
import { trafficBetween } from "../../../release/status/traffic";
import {
  aBrokenPod,
  aColorState,
  aDeploymentState,
  aServiceState,
  aVerification,
  imageOf,
  minutesAgo,
  now,
  theService,
  theSettings,
} from "../../support/states";

const settings = theService(theSettings());
const chosen = { name: "facefusion", settings, configured: "blue" as const };

describe("the status of a service", () => {
  it("is the truth in the cluster beside what the configuration says", () => {
    const report = serviceReport(chosen, aServiceState(), undefined, undefined);
    expect(report).toMatchObject({
      live: "blue",
      configured: "blue",
      drift: false,
      preview: "green",
      lastSwitch: null,
    });
    expect(report.colors.green).toMatchObject({
      version: "v2.0.0",
      desired: 2,
      ready: 2,
      updating: false,
      traffic: null,
    });
  });

  it("is drift where the two differ", () => {
    const state = aServiceState({ live: { color: "green" } });
    expect(serviceReport(chosen, state, undefined, undefined)).toMatchObject({ live: "green", drift: true });
  });

  it("is drift, with the reason, where neither colour is live", () => {
    const state = aServiceState({ live: { color: "unknown", reason: "there is no Ingress facefusion-ingress" } });
    expect(serviceReport(chosen, state, undefined, undefined)).toMatchObject({
      live: null,
      liveProblem: "there is no Ingress facefusion-ingress",
      drift: true,
    });
  });

  it("says of a colour that is being changed, or is not whole, that it is so, and why", () => {
    const pods = [aBrokenPod({ kind: "imagePull", words: "its image cannot be pulled" })];
    const deployment = aDeploymentState("green", { ready: 1, updated: 1 });
    const green = aColorState("green", { deployment, pods });
    const state = aServiceState({ colors: { blue: aColorState("blue"), green } });
    expect(serviceReport(chosen, state, undefined, undefined).colors.green).toMatchObject({
      ready: 1,
      updating: true,
      troubles: ["facefusion-green-1: its image cannot be pulled"],
    });
  });
});

describe("the verification that a status shows", () => {
  it.each(["none", "running", "passed", "failed", "broken"] as const)("is the newest verdict: %s", (status) => {
    const state = aColorState("green", { verification: aVerification("green", { status }) });
    expect(verificationStatus(state, undefined)).toMatchObject({ status });
  });

  it("does not count for another image than the one that is deployed", () => {
    const state = aColorState("green", { verification: aVerification("green", { image: "i:v9" }) });
    expect(verificationStatus(state, undefined)).toMatchObject({ status: "outdated", image: "i:v9" });
  });

  it("is skipped for the image that the configuration lets through, with the reason", () => {
    const skip = { image: imageOf("green"), reason: "an emergency" };
    expect(verificationStatus(aColorState("green"), skip)).toMatchObject({ status: "skipped", reason: "an emergency" });
    expect(verificationStatus(aColorState("blue"), skip)).toMatchObject({ status: "passed", reason: null });
  });
});

describe("the measured traffic", () => {
  const counts = (requests: number, errors = 0, startedAt = 1) =>
    processCounts([
      { name: "inference_requests_total", labels: { path: "/v1/swap", status: "200" }, value: requests - errors },
      { name: "inference_requests_total", labels: { path: "/v1/swap", status: "500" }, value: errors },
      { name: "process_start_time_seconds", labels: {}, value: startedAt },
    ]);
  const pod = (name: string, of: ReturnType<typeof counts> | undefined) => trafficOf([{ name, counts: of }]);

  it("is each colour's part of what came between two looks", () => {
    const traffic = trafficBetween(
      { blue: pod("b", counts(100)), green: pod("g", counts(7)) },
      { blue: pod("b", counts(130, 4)), green: pod("g", counts(17)) },
      2,
    );
    expect(traffic).toMatchObject({
      blue: { share: 0.75, requestsPerSecond: 15, errorsPerSecond: 2 },
      green: { share: 0.25, requestsPerSecond: 5, errorsPerSecond: 0 },
    });
  });

  it("has no shares where nobody asked for anything", () => {
    const quiet = { blue: pod("b", counts(5)), green: pod("g", counts(5)) };
    expect(trafficBetween(quiet, quiet, 2).blue).toMatchObject({ share: null, requestsPerSecond: 0 });
  });

  it("is not negative after a restart", () => {
    const traffic = trafficBetween(
      { blue: pod("b", counts(100)), green: pod("g", counts(0)) },
      { blue: pod("b", counts(3, 0, 2)), green: pod("g", counts(0)) },
      1,
    );
    expect(traffic.blue).toMatchObject({ share: 1, requestsPerSecond: 3 });
  });

  it("is not known of a colour none of whose Pods answers", () => {
    const traffic = trafficBetween(
      { blue: pod("b", counts(0)), green: pod("g", undefined) },
      { blue: pod("b", counts(2)), green: pod("g", undefined) },
      1,
    );
    expect(traffic).toMatchObject({ green: null, blue: { share: 1 } });
  });
});

describe("the status as text", () => {
  it("has a line for each colour, and shouts where there is drift", async () => {
    const broken = aBrokenPod({ kind: "crashLoop", words: "its container ended with exit code 1" });
    const green = aColorState("green", {
      deployment: aDeploymentState("green", { ready: 1 }),
      pods: [broken],
      verification: aVerification("green", { status: "failed" }),
    });
    const state = aServiceState({ live: { color: "blue" }, colors: { blue: aColorState("blue"), green } });
    const traffic = {
      blue: { share: 1, requestsPerSecond: 12.34, errorsPerSecond: 0.5, inFlight: 2 },
      green: { share: 0, requestsPerSecond: 0, errorsPerSecond: 0, inFlight: 0 },
    };
    const switched = { from: "green", to: "blue", at: minutesAgo(90), by: "alice@laptop", seconds: 2.8 } as const;
    const report = serviceReport({ ...chosen, configured: "green" }, state, traffic, switched);
    const text = renderStatus({ stack: "prod", capacity: "peak", services: [report] }, now);
    await expect(withoutTime(text)).toMatchFileSnapshot("golden/status.txt");
  });

  /** The one time that is told in the time zone of whoever looks. */
  function withoutTime(text: string): string {
    return `${text.replace(/\(\d{4}-\d{2}-\d{2} \d{2}:\d{2}\)/, "(<time>)")}\n`;
  }
});
