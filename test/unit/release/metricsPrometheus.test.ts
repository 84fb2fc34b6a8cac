import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { askPrometheus, expressionsFor } from "../../../release/metrics/prometheus";

const query = { namespace: "inference", service: "facefusion", color: "green", seconds: 120 } as const;
const end = new Date("2026-11-25T01:00:00Z");

let close = (): void => undefined;
afterEach(() => {
  close();
});

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  close = () => server.close();
  const { port } = server.address() as AddressInfo;
  return `127.0.0.1:${port}`;
}

const value = (text: string) =>
  JSON.stringify({ status: "success", data: { resultType: "vector", result: [{ metric: {}, value: [1, text] }] } });

describe("what Prometheus is asked", () => {
  it("is about the Pods of one colour of one service, and about users' requests", () => {
    expect(expressionsFor(query)).toMatchInlineSnapshot(`
      {
        "errors": "sum(increase(inference_requests_total{namespace="inference",pod=~"facefusion-green-[0-9a-z]+-[0-9a-z]+",path!~"/healthz|/readyz|/metrics",status=~"5.."}[120s]))",
        "p50": "histogram_quantile(0.5, sum by (le) (increase(inference_request_duration_seconds_bucket{namespace="inference",pod=~"facefusion-green-[0-9a-z]+-[0-9a-z]+",path!~"/healthz|/readyz|/metrics"}[120s])))",
        "p95": "histogram_quantile(0.95, sum by (le) (increase(inference_request_duration_seconds_bucket{namespace="inference",pod=~"facefusion-green-[0-9a-z]+-[0-9a-z]+",path!~"/healthz|/readyz|/metrics"}[120s])))",
        "requests": "sum(increase(inference_requests_total{namespace="inference",pod=~"facefusion-green-[0-9a-z]+-[0-9a-z]+",path!~"/healthz|/readyz|/metrics"}[120s]))",
      }
    `);
  });
});

describe("an answer of Prometheus", () => {
  it("is one number for each question", async () => {
    const host = await serve((_, response) => response.end(value("12.5")));
    expect(await askPrometheus(`http://${host}/`, { ...query, end })).toEqual({
      requests: 12.5,
      errors: 12.5,
      p50: 12.5,
      p95: 12.5,
    });
  });

  it.each([
    ["no series", JSON.stringify({ status: "success", data: { resultType: "vector", result: [] } })],
    ["no number", value("NaN")],
  ])("may be %s: no requests, and no latency that is known", async (_, text) => {
    const host = await serve((__, response) => response.end(text));
    expect(await askPrometheus(`http://${host}`, { ...query, end })).toEqual({
      requests: 0,
      errors: 0,
      p50: undefined,
      p95: undefined,
    });
  });

  it("is asked for with the URL's password, which no message shows", async () => {
    const seen: (string | undefined)[] = [];
    const host = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.statusCode = 500;
      response.end();
    });
    await expect(askPrometheus(`http://me:s%40cret@${host}`, { ...query, end })).rejects.toThrow(
      `Prometheus at http://${host} does not answer: status 500`,
    );
    expect(seen[0]).toBe(`Basic ${Buffer.from("me:s@cret").toString("base64")}`);
  });

  it("that is none is an error in words", async () => {
    const host = await serve((_, response) => response.end("<html>"));
    await expect(askPrometheus(`http://${host}`, { ...query, end })).rejects.toThrow("something else than a value");
  });
});
