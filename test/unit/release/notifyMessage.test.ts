import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { messageOf, type ReleaseEvent, type ScheduleEvent } from "../../../release/notify/message";
import { blocksOf } from "../../../release/notify/slack";

const common = { service: "facefusion", stack: "prod", by: "alice@laptop" };
const image = "registry.example.com/facefusion:v2.0.0";
const former = "registry.example.com/facefusion:v1.0.0";

const events: Record<string, ReleaseEvent> = {
  deploy: { ...common, kind: "deploy", color: "green", image },
  verified: { ...common, kind: "verdict", color: "green", image, verdict: "passed", reasons: [] },
  refused: {
    ...common,
    kind: "verdict",
    color: "green",
    image,
    verdict: "failed",
    reasons: ["accuracy: identity distance 0.83 on group.jpg, at most 0.50 accepted", "stability: 1 restart"],
  },
  broken: {
    ...common,
    kind: "verdict",
    color: "green",
    image,
    verdict: "broken",
    reasons: ["its image cannot be pulled"],
  },
  skipped: {
    ...common,
    kind: "verdict",
    color: "green",
    image,
    verdict: "skipped",
    reasons: ["the fix for the outage of this morning"],
  },
  switch: { ...common, kind: "switch", from: "blue", to: "green", image, switchMs: 214, skipVerification: null },
  "switch-unverified": {
    ...common,
    kind: "switch",
    from: "blue",
    to: "green",
    image,
    switchMs: null,
    skipVerification: "the fix for the outage of this morning",
  },
  rollback: {
    ...common,
    kind: "rollback",
    from: "green",
    to: "blue",
    image: former,
    seconds: 4.2,
    how: "engine",
  },
  "rollback-direct": {
    ...common,
    kind: "rollback",
    from: "green",
    to: "blue",
    image: former,
    seconds: 14.1,
    how: "direct",
  },
  "bake-failed": {
    ...common,
    kind: "bake",
    color: "green",
    image,
    reasons: ["60 of 200 requests failed (30 %), at most 0.4 % is accepted; before it was 0.2 %"],
    rolledBack: true,
  },
  "bake-stuck": {
    ...common,
    kind: "bake",
    color: "green",
    image,
    reasons: ["60 of 200 requests failed (30 %), at most 0.4 % is accepted; before it was 0.2 %"],
    rolledBack: false,
  },
};

const onTime = { stack: "prod", by: "the schedule" };
const services: ScheduleEvent["services"] = [
  { service: "facefusion", live: "blue", ready: { live: 4, idle: 1 }, problems: [] },
  { service: "motion-transfer", live: "green", ready: { live: 2, idle: 1 }, problems: [] },
];
const schedule: ScheduleEvent = {
  ...onTime,
  kind: "schedule",
  capacity: "offPeak",
  until: "Thu 26 Nov 06:30 (Europe/Dublin)",
  saved: "Saves 160 GPU-hours: 16 GPUs for 10 h; 6,813 in an average month.",
  services,
  notes: [],
  trouble: null,
};
const stackEvents: Record<string, ReleaseEvent> = {
  "off-peak": schedule,
  peak: {
    ...schedule,
    capacity: "peak",
    until: "Thu 26 Nov 20:00 (Europe/Dublin)",
    saved: "Saved 160 GPU-hours: 16 GPUs for 10 h.",
  },
  "off-peak-problems": {
    ...schedule,
    services: [
      {
        service: "facefusion",
        live: "blue",
        ready: { live: 4, idle: 0 },
        problems: ["green answers with 0 of 1 Pods."],
      },
    ],
    notes: ["Besides, it changed gpu-green-hint-tag."],
  },
  "schedule-locked": {
    ...schedule,
    until: null,
    saved: null,
    trouble: {
      kind: "locked",
      words:
        "Another update of this stack is under way: alice@laptop's (process 4711, since 2026-11-25T01:00:00.000Z), and has not ended within 10 min.",
      remedy: "Try again later, or wait longer with --wait. Only where it runs no more: pulumi cancel",
    },
  },
  "schedule-credentials": {
    ...schedule,
    until: null,
    saved: null,
    services: [],
    trouble: {
      kind: "credentials",
      words: "ExpiredToken: The security token included in the request is expired",
      remedy: "Renew what the pipeline has.",
    },
  },
  drift: {
    ...onTime,
    kind: "drift",
    issue: "https://github.example/i/11",
    drifts: [
      {
        name: "facefusion-route-ingress",
        type: "Ingress",
        what: "changed",
        route: true,
        properties: [
          { path: "spec.rules.0.http.paths.0.backend.service.name", from: "facefusion-blue", to: "facefusion-green" },
        ],
      },
      { name: "facefusion-blue-budget", type: "PodDisruptionBudget", what: "gone", route: false, properties: [] },
    ],
    advice: [
      {
        words:
          "The route of facefusion was moved past Pulumi: users are on green, and Pulumi left them on blue (last written by kubectl-edit at 2026-11-25T01:59:05.000Z).",
        commands: [
          { command: "pulumi up", effect: "users go back to blue, if it is verified" },
          { command: "pulumi config set liveColor green && pulumi up", effect: "users stay on green" },
        ],
      },
    ],
  },
};

const all = { ...events, ...stackEvents };

describe("what people are told", () => {
  it.each(Object.entries(all))("of %s is as it was", async (name, event) => {
    await expect(`${messageOf(event)}\n`).toMatchFileSnapshot(path.join(__dirname, "golden", `notify-${name}.txt`));
  });

  it.each(["switch", "refused", "off-peak", "off-peak-problems", "schedule-locked", "drift"])(
    "on Slack of %s is as it was",
    async (name) => {
      const event = all[name];
      if (event === undefined) throw new Error(`there is no event ${name}`);
      const text = JSON.stringify(blocksOf(event), null, 2);
      await expect(`${text}\n`).toMatchFileSnapshot(path.join(__dirname, "golden", `slack-${name}.json`));
    },
  );

  it("on Slack keeps to its limits, and calls nobody", () => {
    const event: ReleaseEvent = {
      ...common,
      kind: "bake",
      color: "green",
      image: `<!channel> ${"x".repeat(4_000)}`,
      reasons: ["y".repeat(4_000)],
      rolledBack: true,
    };
    for (const block of blocksOf(event)) {
      const text = "text" in block ? block.text.text : block.elements.map((each) => each.text).join("");
      expect(text.length).toBeLessThanOrEqual(block.type === "header" ? 150 : 3_000);
      expect(text).not.toContain("<!");
    }
  });
});
