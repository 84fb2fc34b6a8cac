import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { driftIn } from "../../../release/drift/changes";
import { issueOf, renderDrift } from "../../../release/drift/render";
import { commentLimit } from "../../../release/preview/render";
import { aStep, ingressTo, stepBetween } from "../../support/plans";
import { theSettings } from "../../support/states";

const ingress = "networking.k8s.io/v1:Ingress";
const moved = stepBetween(
  ingress,
  "facefusion-route-ingress",
  ingressTo("facefusion-blue"),
  ingressTo("facefusion-green"),
);
const scaled = stepBetween(
  "apps/v1:Deployment",
  "facefusion-green-deployment",
  { spec: { replicas: 2 } },
  { spec: { replicas: 5 } },
);
const gone = stepBetween("policy/v1:PodDisruptionBudget", "facefusion-blue-budget", { spec: {} }, undefined);
const writer = { manager: "kubectl-edit", at: new Date("2026-11-25T01:59:05Z") };
const drift = (
  steps: Parameters<typeof driftIn>[1],
  settings = theSettings(),
  by: Parameters<typeof driftIn>[3] = { facefusion: writer },
) => driftIn("prod", steps, settings, by);

describe("what was changed by hand", () => {
  it("is told by resource and property, the route first, with the commands that repair it", async () => {
    const report = drift([gone, scaled, moved]);
    await expect(`${renderDrift(report)}\n`).toMatchFileSnapshot(path.join(__dirname, "golden", "drift.txt"));
    const { title, body } = issueOf(report);
    await expect(`# ${title}\n\n${body}\n`).toMatchFileSnapshot(path.join(__dirname, "golden", "drift-issue.md"));
  });

  it("is nothing where only the cluster's own fields differ", () => {
    const status = aStep(ingress, "facefusion-route-ingress", {
      op: "update",
      before: { spec: {} },
      after: { spec: {} },
    });
    const report = drift([status, aStep(ingress, "facefusion-preview-ingress")]);
    expect(report.drifts).toEqual([]);
    expect(report.advice).toEqual([]);
    expect(renderDrift(report)).toBe("stack prod: nothing was changed past Pulumi.");
  });

  it("by a rollback that had to be quick is what the next update agrees with", () => {
    const report = drift([moved], theSettings({ liveColor: "green" }), {
      facefusion: { manager: "kubectl-release", at: undefined },
    });
    expect(report.advice).toEqual([
      {
        words:
          "The route of facefusion was moved past Pulumi: users are on green, and Pulumi left them on blue (last written by kubectl-release). A rollback had to be quicker than the engine.",
        commands: [{ command: "pulumi up", effect: "users stay on green, which the configuration says as well" }],
      },
    ]);
  });

  it("on a service with a flag of its own is kept by that flag", () => {
    const commands = drift([moved], theSettings({}, { liveColor: "blue" })).advice[0]?.commands.map(
      ({ command }) => command,
    );
    expect(commands).toEqual([
      "pulumi up",
      "pulumi config set --path 'services.facefusion.liveColor' green && pulumi up",
    ]);
  });

  it("on a route by Service is seen as well, and a route that is gone is repaired like everything else", () => {
    const live = stepBetween(
      "core/v1:Service",
      "facefusion-route-live",
      { spec: { selector: { color: "blue" } } },
      { spec: { selector: { color: "green" } } },
    );
    expect(drift([live]).advice[0]?.words).toContain("users are on green");
    const report = drift([stepBetween(ingress, "facefusion-route-ingress", ingressTo("facefusion-blue"), undefined)]);
    expect(report).toMatchObject({
      drifts: [{ what: "gone", route: true }],
      advice: [{ words: "Something was changed past Pulumi: facefusion-route-ingress." }],
    });
  });

  it("fits into an issue, however much it is", () => {
    const many = Array.from({ length: 2_000 }, (_, i) =>
      stepBetween("core/v1:ConfigMap", `config-${i}`, { data: "a" }, { data: "b".repeat(300) }),
    );
    expect(issueOf(drift(many)).body.length).toBeLessThanOrEqual(commentLimit);
  });
});
