import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { liveTemplateProblem } from "../../../components/liveColorGuard";
import { stackCost } from "../../../cost/stackCost";
import { difference } from "../../../release/preview/offline";
import { renderPreview, commentLimit } from "../../../release/preview/render";
import { reportOf, type Told } from "../../../release/preview/report";
import { sentencesOf } from "../../../release/preview/sentences";
import { aStackOnAws, officeHours } from "../../support/costs";
import { aDeployment, aPlan, aStep, ingressTo, serviceSteps, stepBetween } from "../../support/plans";
import { imageOf, theSettings } from "../../support/states";

const newer = "registry.example.com/facefusion:v2.1.0";
const price = (change: Record<string, unknown> = {}) =>
  stackCost(aStackOnAws({ schedule: officeHours }, change), "eu-west-1", "2026-11-25");
const verifiedAgain = { blue: "b000000000", green: "a111111111" };

function told(change: Partial<Told> = {}): Told {
  return {
    stack: "prod",
    plan: aPlan(),
    settings: theSettings(),
    byState: true,
    cost: { before: price(), after: price(), hasBase: true },
    notes: ["Compared with main at 1a2b3c4."],
    secrets: [],
    ...change,
  };
}

const refusal = liveTemplateProblem("facefusion", "blue", {
  oldInputs: aDeployment(imageOf("blue")),
  newInputs: aDeployment("registry.example.com/facefusion:v1.1.0"),
  oldOutputs: { status: { availableReplicas: 2 } },
});

const comments: Record<string, Told> = {
  flip: told({
    plan: aPlan({ steps: serviceSteps({}, { live: "green" }) }),
    settings: theSettings({ liveColor: "green" }),
  }),
  deploy: told({
    plan: aPlan({ steps: serviceSteps({}, { green: newer, verified: verifiedAgain }) }),
    settings: theSettings({}, { green: { image: newer } }),
  }),
  refused: told({
    plan: aPlan({ steps: [], problems: [refusal ?? "no problem"], refused: true }),
    settings: theSettings({}, { blue: { image: "registry.example.com/facefusion:v1.1.0" } }),
  }),
  policy: told({
    plan: aPlan({
      steps: serviceSteps({}, { replicas: { blue: 4, green: 4 } }),
      policies: {
        asked: true,
        violations: [
          {
            policy: "max-monthly-cost",
            message: "the node groups cost about $69,685 a month, and the limit is $60,000.",
            mandatory: true,
          },
          {
            policy: "image-from-own-registry",
            message: "green: docker.io/facefusion:v2 is not from one of ours.",
            mandatory: false,
          },
        ],
        unanswered: ["ingress-backend-is-a-color"],
      },
    }),
    cost: { before: price(), after: price({ replicas: 32 }), hasBase: true },
  }),
  nothing: told(),
  failed: told({
    plan: aPlan({ steps: [], problems: ['facefusion:liveColor: "red" is not accepted; accepted: blue or green'] }),
    settings: undefined,
  }),
};

describe("the comment of a pull request", () => {
  it.each(Object.entries(comments))("that is %s is as it was", async (name, each) => {
    const markdown = renderPreview(reportOf(each));
    await expect(`${markdown}\n`).toMatchFileSnapshot(path.join(__dirname, "golden", `preview-${name}.md`));
  });

  it("keeps to the forge's limit, and says that there is more", () => {
    const steps = Array.from({ length: 3_000 }, (_, i) =>
      stepBetween("core/v1:ConfigMap", `config-${i}`, { data: { key: "a" } }, { data: { key: "b" } }),
    );
    const markdown = renderPreview(reportOf(told({ plan: aPlan({ steps }) })));
    expect(markdown.length).toBeLessThanOrEqual(commentLimit);
    expect(markdown).toContain("3000 resources: 3000 to update");
    expect(markdown).toMatch(/… and \d+ more resources; the log of the job has all of them\./);
    const problems = Array.from({ length: 40 }, (_, i) => `${i}: ${"no ".repeat(5_000)}`);
    const failed = renderPreview(reportOf(told({ plan: aPlan({ problems }) })));
    expect(failed.length).toBeLessThanOrEqual(commentLimit);
    expect(failed).toContain("There is more than a comment may hold");
  });

  it("has no secret in it, wherever one came from", () => {
    const secrets = ["s3cr3t-token"];
    const steps = [
      stepBetween("core/v1:ConfigMap", "config", { data: { key: "old" } }, { data: { key: "is s3cr3t-token" } }),
    ];
    const plan = aPlan({ steps, problems: ["env.TOKEN: s3cr3t-token -> other"], warnings: ["s3cr3t-token is weak"] });
    const report = reportOf(told({ plan, secrets }));
    expect(JSON.stringify(report)).not.toContain("s3cr3t");
    expect(renderPreview(report)).toContain("env.TOKEN: [secret] -> other");
  });

  it("shows what others wrote as text: it calls nobody, and ends no block", () => {
    const plan = aPlan({
      problems: ["```\n</details> @somebody"],
      warnings: ["@everybody <img src=x> [link](http://x)"],
    });
    const markdown = renderPreview(reportOf(told({ plan })));
    expect(markdown).toContain("````text\n```\n</details> @somebody\n````");
    expect(markdown).not.toMatch(/@everybody|<img|\[link\]\(/);
  });
});

describe("what is told in sentences", () => {
  const of = (...args: Parameters<typeof serviceSteps>) => sentencesOf(serviceSteps(...args), theSettings());

  it("is the flip, with both versions", () => {
    expect(of({}, { live: "green" })).toEqual([
      "facefusion: traffic moves from blue v1.0.0 to green v2.0.0. green has been verified as it is.",
    ]);
    expect(of({}, { live: "green", verified: verifiedAgain })[0]).toContain("green has to pass its verification first");
    expect(sentencesOf(serviceSteps({}, { live: "green" }), theSettings(), false)[0]).toContain(
      "goes on only if green has passed its verification",
    );
  });

  it("is the flip of a route by Service, too", () => {
    const selecting = (color: string) => ({ spec: { selector: { color } } });
    const steps = [
      ...serviceSteps({}, {}).filter(({ name }) => !name.endsWith("-route-ingress")),
      stepBetween("core/v1:Service", "facefusion-route-live", selecting("green"), selecting("blue")),
      aStep("networking.k8s.io/v1:Ingress", "facefusion-route-ingress", {
        before: ingressTo("facefusion-live"),
        after: ingressTo("facefusion-live"),
      }),
    ];
    expect(sentencesOf(steps, theSettings())[0]).toContain("traffic moves from green v2.0.0 to blue v1.0.0");
  });

  it("is a new image on the idle colour, where traffic stays", () => {
    expect(of({}, { green: newer, verified: verifiedAgain })).toEqual([
      "facefusion: green gets v2.1.0 instead of v2.0.0, and is verified there; traffic stays on blue v1.0.0.",
    ]);
  });

  it("is the number of Pods", () => {
    expect(of({}, { replicas: { blue: 2, green: 1 } })).toEqual([
      "facefusion: green, which is idle, goes from 2 Pods to 1 Pod.",
    ]);
  });

  it("is what may go live unverified, and why", () => {
    const skipVerification = { image: imageOf("green"), reason: "the fix for the outage of this morning" };
    const settings = theSettings({ liveColor: "green" }, { skipVerification });
    expect(sentencesOf(serviceSteps({}, { live: "green" }), settings)).toEqual([
      "facefusion: traffic moves from blue v1.0.0 to green v2.0.0.",
      "facefusion: green may go live UNVERIFIED: the fix for the outage of this morning",
    ]);
  });

  it("is a service that comes or goes", () => {
    const created = serviceSteps({}, {}).map((step) => ({ ...step, op: "create" as const, before: undefined }));
    expect(sentencesOf(created, theSettings())).toEqual(["facefusion is new: blue is live with v1.0.0."]);
    const gone = [
      stepBetween("networking.k8s.io/v1:Ingress", "other-route-ingress", ingressTo("other-blue"), undefined),
    ];
    expect(sentencesOf(gone, theSettings())).toEqual(["other is removed, with all of its traffic."]);
  });

  it("is nothing where nothing of a release changes", () => {
    expect(of({}, {})).toEqual([]);
  });
});

describe("two plans from nothing", () => {
  const planned = (side: Parameters<typeof serviceSteps>[1]) => {
    const steps = serviceSteps({}, side).filter(({ op }) => op !== "delete");
    return aPlan({ steps: steps.map((step) => ({ ...step, op: "create" as const, before: undefined })) });
  };
  const compared = (
    base: Parameters<typeof serviceSteps>[1],
    head: Parameters<typeof serviceSteps>[1],
    settings = theSettings(),
  ) =>
    reportOf(
      told({
        plan: difference({ plan: planned(base), settings: theSettings() }, { plan: planned(head), settings }),
        settings,
        byState: false,
      }),
    );

  it("that are the same change nothing", () => {
    expect(compared({}, {})).toMatchObject({ outcome: "nothing", changes: [] });
  });

  it("tell a flip by the configuration, where no Service has a name yet", () => {
    const nameless = (side: { plan: ReturnType<typeof planned> }) => ({
      ...side.plan,
      steps: side.plan.steps.map((step) =>
        step.type === "Ingress" ? { ...step, after: ingressTo("04da6b54-80e4-46f7-96ec-b56ff0331ba9") } : step,
      ),
    });
    const settings = theSettings({ liveColor: "green" });
    const plan = difference(
      { plan: nameless({ plan: planned({}) }), settings: theSettings() },
      { plan: nameless({ plan: planned({}) }), settings },
    );
    expect(reportOf(told({ plan, settings, byState: false }))).toMatchObject({
      outcome: "changes",
      sentences: [expect.stringContaining("traffic moves from blue v1.0.0 to green v2.0.0")],
      changes: [{ name: "facefusion-route-ingress", op: "update" }],
    });
  });

  it("refuse a change of the live image in the guard's own words", () => {
    const report = compared({}, { blue: "registry.example.com/facefusion:v1.1.0" });
    expect(report).toMatchObject({ outcome: "refused", problems: [refusal] });
    expect(compared({}, { green: newer }).outcome).toBe("changes");
  });
});
