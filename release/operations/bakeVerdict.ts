/** Whether a colour does worse than the one before it: a pure judgement over what was observed of both. */
import type { Observation } from "../metrics/observation";

/** What is accepted of a colour that has just gone live. */
export interface Budgets {
  /** Part of the requests that may fail, whatever it was before. */
  maxErrorRate: number;
  /** How many times the part that failed before. */
  maxErrorRatio: number;
  /** A part of failures below which nothing is called worse, even where none failed before. */
  noticedErrorRate: number;
  /** How many times the latency (p95) of before. */
  maxLatencyRatio: number;
  /** A latency in seconds below which nothing is called worse. */
  noticedLatency: number;
  /** Failed requests below which nothing is called worse: one is chance. */
  minErrors: number;
  /** Requests below which nothing is called good, and no latency worse. */
  minRequests: number;
}

export const defaultBudgets: Budgets = {
  maxErrorRate: 0.01,
  maxErrorRatio: 2,
  noticedErrorRate: 0.001,
  maxLatencyRatio: 1.5,
  noticedLatency: 0.1,
  minErrors: 3,
  minRequests: 50,
};

export interface BakeVerdict {
  /** `unknown`: there was too little traffic to tell. */
  readonly verdict: "good" | "worse" | "unknown";
  /** Why, one sentence each. */
  readonly reasons: readonly string[];
}

/**
 * @param now The new colour since it is live.
 * @param before The old colour before that.
 */
export function judge(now: Observation, before: Observation, budgets: Budgets = defaultBudgets): BakeVerdict {
  const worse = [...errorProblems(now, before, budgets), ...latencyProblems(now, before, budgets)];
  if (worse.length > 0) return { verdict: "worse", reasons: worse };
  if (now.requests < budgets.minRequests) {
    const seen = `too little traffic to tell: ${whole(now.requests)} requests, ${budgets.minRequests} are needed`;
    return { verdict: "unknown", reasons: [seen] };
  }
  return { verdict: "good", reasons: [] };
}

/** The part of requests that may fail. Going back to a colour that failed more often would help nobody. */
export function acceptedErrorRate(before: Observation, budgets: Budgets): number {
  if (before.requests < budgets.minRequests) return budgets.maxErrorRate;
  const former = before.errors / before.requests;
  const noticed = Math.max(former * budgets.maxErrorRatio, budgets.noticedErrorRate);
  return Math.max(former, Math.min(budgets.maxErrorRate, noticed));
}

function errorProblems(now: Observation, before: Observation, budgets: Budgets): string[] {
  if (now.errors < budgets.minErrors) return [];
  const accepted = acceptedErrorRate(before, budgets);
  if (atLeast(now.errors, now.requests) <= accepted) return [];
  const former = before.requests === 0 ? "" : `; before it was ${percent(before.errors / before.requests)}`;
  const failed = `${whole(now.errors)} of ${whole(now.requests)} requests failed (${percent(now.errors / now.requests)})`;
  return [`${failed}, at most ${percent(accepted)} is accepted${former}`];
}

function latencyProblems(now: Observation, before: Observation, budgets: Budgets): string[] {
  if (now.p95 === undefined || before.p95 === undefined) return [];
  if (now.requests < budgets.minRequests || before.requests < budgets.minRequests) return [];
  const accepted = Math.max(before.p95 * budgets.maxLatencyRatio, budgets.noticedLatency);
  if (now.p95 <= accepted) return [];
  return [
    `the slowest 5 % of the requests took ${seconds(now.p95)} or more, at most ${seconds(accepted)} is accepted; before it was ${seconds(before.p95)}`,
  ];
}

/** 99 % of chance on either side. */
const z = 2.58;

/** The least part of failures that the numbers allow for, chance put aside: the lower end of Wilson's interval. */
function atLeast(failed: number, all: number): number {
  const part = failed / all;
  const spread = z * Math.sqrt((part * (1 - part)) / all + z ** 2 / (4 * all ** 2));
  return (part + z ** 2 / (2 * all) - spread) / (1 + z ** 2 / all);
}

export function percent(part: number): string {
  return `${Number((part * 100).toFixed(part < 0.01 ? 2 : 1))} %`;
}

export function seconds(value: number): string {
  return value < 1 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(1)} s`;
}

/** Prometheus interpolates: it may have seen 49.7 requests. */
function whole(count: number): string {
  return Math.round(count).toString();
}
