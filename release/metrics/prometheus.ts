/** How a colour did, as Prometheus knows it. */
import { request } from "undici";
import { z } from "zod";
import type { Color } from "../../components/colors";
import { stackName } from "../../components/labels";
import { exitCodes, ReleaseError } from "../errors";
import { machinePaths } from "./counts";
import type { Observation } from "./observation";

const answerMs = 5_000;

export interface Query {
  readonly namespace: string;
  readonly service: string;
  readonly color: Color;
  /** The last seconds before `end` are looked at. */
  readonly seconds: number;
  readonly end: Date;
}

/** @throws ReleaseError where Prometheus does not answer, or not as it should. */
export async function askPrometheus(url: string, query: Query): Promise<Observation> {
  const expressions = expressionsFor(query);
  const ask = (expression: string) => evaluate(url, expression, query.end);
  const [requests, errors, p50, p95] = await Promise.all([
    ask(expressions.requests),
    ask(expressions.errors),
    ask(expressions.p50),
    ask(expressions.p95),
  ]);
  return { requests: requests ?? 0, errors: errors ?? 0, p50, p95 };
}

/** The expressions, for the metrics of image/inference/metrics.py with the labels that every scrape of Pods gives them. */
export function expressionsFor({ namespace, service, color, seconds }: Omit<Query, "end">) {
  const pods = `namespace="${namespace}",pod=~"${stackName(service, color)}-[0-9a-z]+-[0-9a-z]+"`;
  const users = `path!~"${machinePaths.join("|")}"`;
  const requests = `inference_requests_total{${pods},${users}`;
  const buckets = `inference_request_duration_seconds_bucket{${pods},${users}}`;
  const latency = (part: number) => `histogram_quantile(${part}, sum by (le) (increase(${buckets}[${seconds}s])))`;
  return {
    requests: `sum(increase(${requests}}[${seconds}s]))`,
    errors: `sum(increase(${requests},status=~"5.."}[${seconds}s]))`,
    p50: latency(0.5),
    p95: latency(0.95),
  };
}

const answerSchema = z.object({
  status: z.literal("success"),
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
});

/** The one value of an expression; undefined where there is none. */
async function evaluate(url: string, expression: string, end: Date): Promise<number | undefined> {
  const address = new URL(`${url.replace(/\/+$/, "")}/api/v1/query`);
  // A password belongs in a header, and in no message.
  const { username, password } = address;
  address.username = address.password = "";
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString("base64");
  const where = `Prometheus at ${address.origin}`;
  const body = new URLSearchParams({ query: expression, time: (end.getTime() / 1000).toFixed(3) });
  let text: string;
  try {
    const answer = await request(address, {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        ...(username !== "" && { authorization: `Basic ${credentials}` }),
      },
      body: body.toString(),
      signal: AbortSignal.timeout(answerMs),
    });
    text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`status ${answer.statusCode}`);
  } catch (cause) {
    throw unusable(`${where} does not answer: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  const answer = answerSchema.safeParse(parsed(text));
  if (!answer.success) throw unusable(`${where} answers with something else than a value`, answer.error);
  const value = Number(answer.data.data.result[0]?.value[1]);
  return Number.isFinite(value) ? value : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unusable(message: string, cause: unknown): ReleaseError {
  return new ReleaseError(message, "Check facefusion:prometheus.url in the configuration.", exitCodes.failed, {
    cause,
  });
}
