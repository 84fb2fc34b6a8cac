/**
 * What a flip takes and what it costs: `make bench`, on a running sandbox. All the while, clients on loopback send one
 * request after the other, over connections that they keep, and write down who answered.
 *
 * Two ways to make the same change are measured in turn: the program on the engine, as people do it, and a bare patch of
 * the Ingress, which is the floor. The raw numbers are kept beside this file.
 */
import { writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { other, type Color } from "../components/colors";
import { engineEnvironment, hasCluster } from "../sandbox/engine";
import { at, layouts, root } from "../sandbox/layout";
import { failures, Load, stale } from "../test/support/load";

const rounds = 5;
const layout = layouts.local;
const env = engineEnvironment(layout);
const load = {
  url: `http://127.0.0.1:${layout.ports.http}`,
  host: "facefusion.localhost",
  clients: 8,
  pauseMs: 20,
  plan: { method: "GET", path: "/v1/info" },
  repeat: true,
} as const;

interface Sample {
  way: string;
  to: Color;
  /** From the start of the command to its end. */
  commandMs: number;
  /** From the start of the command to the first answer of the new colour. */
  firstAnswerMs: number;
  requests: number;
  /** Sent again because the connection was closed before any answer. */
  repeated: number;
  failed: number;
  /** Answered by the old colour although the new one had been seen before they began. */
  stale: number;
}

const ways: Record<string, (to: Color) => Promise<unknown>> = {
  "pulumi up": async (to) => {
    const pulumi = at(layout, "bin", "pulumi");
    const switched = ["--config", `liveColor=${to}`];
    await execa(pulumi, ["up", "--stack", "local", "--yes", "--skip-preview", ...switched], { cwd: root, env });
  },
  "kubectl patch": (to) => {
    const change = [
      { op: "replace", path: "/spec/rules/0/http/paths/0/backend/service/name", value: `facefusion-${to}` },
    ];
    const target = ["--namespace=facefusion", "patch", "ingress", "facefusion-ingress", "--type=json"];
    return execa(at(layout, "bin", "kubectl"), [...target, `--patch=${JSON.stringify(change)}`], { env });
  },
};

async function measure(way: string, flip: (to: Color) => Promise<unknown>, to: Color): Promise<Sample> {
  const clients = new Load(load);
  await sleep(500);
  const start = clients.now();
  await flip(to);
  const commandMs = clients.now() - start;
  await sleep(1000);
  const exchanges = await clients.stop();
  const first = Math.min(...exchanges.filter(({ color }) => color === to).map(({ end }) => end));
  return {
    way,
    to,
    commandMs: Math.round(commandMs),
    firstAnswerMs: Math.round(first - start),
    requests: exchanges.length,
    repeated: exchanges.reduce((sum, { repeats }) => sum + repeats, 0),
    failed: Object.values(failures(exchanges)).reduce((sum, count) => sum + count, 0),
    stale: stale(exchanges, to).length,
  };
}

function summary(way: string, samples: readonly Sample[]) {
  const of = (key: "commandMs" | "firstAnswerMs") => {
    const sorted = samples.map((sample) => sample[key]).sort((a, b) => a - b);
    return `${sorted[0] ?? 0} / ${sorted[Math.floor(sorted.length / 2)] ?? 0} / ${sorted.at(-1) ?? 0}`;
  };
  const sum = (key: "requests" | "repeated" | "failed" | "stale") =>
    samples.reduce((total, sample) => total + sample[key], 0);
  return {
    way,
    flips: samples.length,
    "command ms (min / median / max)": of("commandMs"),
    "first answer ms (min / median / max)": of("firstAnswerMs"),
    requests: sum("requests"),
    repeated: sum("repeated"),
    failed: sum("failed"),
    stale: sum("stale"),
  };
}

async function main(): Promise<void> {
  if (!hasCluster(layout)) throw new Error("There is no sandbox here. Start one with: make sandbox");
  const { stdout } = await execa(at(layout, "bin", "pulumi"), ["config", "get", "liveColor", "--stack", "local"], {
    cwd: root,
    env,
  });
  const home: Color = stdout === "green" ? "green" : "blue";
  const samples: Sample[] = [];
  for (let round = 0; round < rounds; round++) {
    // There and back each time, so that a patch never leaves the cluster at odds with the engine's state.
    for (const [way, flip] of Object.entries(ways))
      for (const to of [other(home), home]) samples.push(await measure(way, flip, to));
    console.log(`round ${round + 1} of ${rounds}`);
  }
  const summaries = Object.keys(ways).map((way) =>
    summary(
      way,
      samples.filter((sample) => sample.way === way),
    ),
  );
  console.table(summaries);
  const machine = { cpus: os.cpus().length, model: os.cpus()[0]?.model, loadavg: os.loadavg(), node: process.version };
  const file = path.join(__dirname, "flip.json");
  writeFileSync(file, `${JSON.stringify({ date: new Date().toISOString(), machine, summaries, samples }, null, 2)}\n`);
  console.log(`The raw numbers: ${path.relative(root, file)}`);
}

void main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
