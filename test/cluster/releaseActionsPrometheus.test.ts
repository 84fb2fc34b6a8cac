import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { request } from "undici";
import { afterAll, beforeAll, expect, it } from "vitest";
import { installPackages } from "../../sandbox/machine/packages";
import { until } from "../../sandbox/wait";
import { askPrometheus } from "../../release/metrics/prometheus";

const port = 29090;
const url = `http://127.0.0.1:${port}`;
const pod = "facefusion-green-5d54bd7848-4tzpd";

let metrics: Server;
let prometheus: ChildProcess;
let directory: string;
/** What the Pod has answered so far: by its status, and how long that took. */
const answered = { good: 100, bad: 0, probes: 1000, within1: 90 };

/** In the words of image/inference/metrics.py. */
function exposition(): string {
  const all = answered.good + answered.bad;
  const swap = 'method="POST",path="/v1/swap"';
  const bucket = (le: string, count: number) =>
    `inference_request_duration_seconds_bucket{${swap},status="200",le="${le}"} ${count}`;
  return [
    `inference_requests_total{${swap},status="200"} ${answered.good}`,
    `inference_requests_total{${swap},status="500"} ${answered.bad}`,
    `inference_requests_total{method="GET",path="/readyz",status="200"} ${answered.probes}`,
    bucket("1.0", answered.within1),
    bucket("5.0", all),
    bucket("+Inf", all),
    "",
  ].join("\n");
}

beforeAll(async () => {
  if (!existsSync("/usr/bin/prometheus")) await installPackages(["prometheus"]);
  metrics = createServer((_, response) => response.setHeader("content-type", "text/plain").end(exposition()));
  await new Promise<void>((resolve) => metrics.listen(0, "127.0.0.1", resolve));
  const target = `127.0.0.1:${(metrics.address() as AddressInfo).port}`;
  directory = mkdtempSync(path.join(os.tmpdir(), "prometheus-"));
  const config = path.join(directory, "prometheus.yml");
  const labels = { namespace: "inference", pod };
  // JSON is YAML too.
  const scrape = { job_name: "pods", scrape_interval: "1s", static_configs: [{ targets: [target], labels }] };
  writeFileSync(config, JSON.stringify({ scrape_configs: [scrape] }));
  prometheus = spawn(
    "/usr/bin/prometheus",
    [`--config.file=${config}`, `--storage.tsdb.path=${directory}/data`, `--web.listen-address=127.0.0.1:${port}`],
    { stdio: "ignore" },
  );
  await until("Prometheus to have scraped twice", async () => {
    const query = encodeURIComponent("min(count_over_time(inference_requests_total[1m]))");
    const { body } = await request(`${url}/api/v1/query?query=${query}`);
    return /,"([2-9]|\d\d+)"\]/.test(await body.text());
  });
});

afterAll(async () => {
  metrics.close();
  prometheus.kill();
  await new Promise((resolve) => prometheus.once("exit", resolve));
  rmSync(directory, { recursive: true });
});

it("a real Prometheus tells how a colour does: requests, errors and latency, without what machines ask", async () => {
  answered.good += 200;
  answered.bad += 50;
  answered.probes += 5000;
  answered.within1 += 125;
  const seen = await until("Prometheus to have seen it", async () => {
    const query = {
      namespace: "inference",
      service: "facefusion",
      color: "green",
      seconds: 60,
      end: new Date(),
    } as const;
    const observation = await askPrometheus(url, query);
    return observation.errors >= 50 ? observation : undefined;
  });
  // It extrapolates each series to the whole window by itself, one that began with nothing less than others.
  expect(seen.errors / seen.requests).toBeGreaterThan(0.1);
  expect(seen.errors / seen.requests).toBeLessThan(0.25);
  expect(seen.requests).toBeGreaterThan(200);
  expect(seen.requests).toBeLessThan(1000);
  // Half of them took up to a second, the others up to five.
  expect(seen.p50).toBeGreaterThan(0.5);
  expect(seen.p50).toBeLessThan(2);
  expect(seen.p95).toBeGreaterThan(4);
  expect(seen.p95).toBeLessThan(5);
});

it("says nothing of a colour that it does not know", async () => {
  const query = { namespace: "inference", service: "facefusion", color: "blue", seconds: 60, end: new Date() } as const;
  expect(await askPrometheus(url, query)).toEqual({ requests: 0, errors: 0, p50: undefined, p95: undefined });
});
