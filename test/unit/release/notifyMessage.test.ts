import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { messageOf, type ReleaseEvent } from "../../../release/notify/message";

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

describe("what people are told", () => {
  it.each(Object.entries(events))("of %s is as it was", async (name, event) => {
    await expect(`${messageOf(event)}\n`).toMatchFileSnapshot(path.join(__dirname, "golden", `notify-${name}.txt`));
  });
});
