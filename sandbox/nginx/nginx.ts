/** The NGINX that is driven: validates configurations for it, makes it reload, and knows what it serves. */
import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { findMaster, isMaster, isServing, servingWorkers } from "./processes";
import { generationSocket } from "./render";
import { currentConfiguration } from "./store";

/**
 * How a reload hands over from the old workers to the new ones.
 *
 * - `ordered`: the old workers stop taking requests first; connections wait in the kernel's queue until the new ones
 *   are there, some 20 ms. Whoever has seen an answer of the new configuration will see none of the old.
 * - `overlapping`: a plain reload, which is what F5's controller does. NGINX starts the new workers and tells the old
 *   ones to stop 100 ms later: in between a request gets an answer of either.
 */
export type Handover = "ordered" | "overlapping";

export interface NginxOptions {
  binary: string;
  state: string;
  handover: Handover;
}

/** For the old workers to stop: they do so between two events. */
const stopMs = 1_000;
/** For the new workers to answer. */
const startMs = 10_000;
/** For one worker to answer one question. */
const answerMs = 2_000;

export class Nginx {
  readonly #options: NginxOptions;
  readonly #configuration: string;
  #master: number | undefined;

  constructor(options: NginxOptions) {
    this.#options = options;
    this.#configuration = currentConfiguration(options.state);
  }

  /** Tells why NGINX refuses a configuration; undefined where it takes it. */
  async test(configuration: string): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      execFile(this.#options.binary, ["-t", "-q", "-c", configuration], { timeout: 30_000 }, (error, _out, errors) => {
        if (error === null) resolve(undefined);
        else if (typeof error.code === "number") resolve(reasonIn(errors));
        else reject(new Error(`cannot validate the configuration: ${error.message}`));
      });
    });
  }

  /** Whether a master runs. */
  get running(): boolean {
    if (this.#master !== undefined && isMaster(this.#master, this.#configuration)) return true;
    this.#master = findMaster(this.#configuration);
    return this.#master !== undefined;
  }

  /** Makes NGINX take over the current configuration, and returns once its new workers serve that generation. */
  async reload(generation: number): Promise<void> {
    if (!this.running || this.#master === undefined) throw new Error("NGINX does not run");
    const master = this.#master;
    try {
      if (this.#options.handover === "ordered") await stopServing(master);
    } finally {
      // Come what may: a master that was told to stop its workers starts none before this.
      process.kill(master, "SIGHUP");
    }
    const deadline = Date.now() + startMs;
    while ((await this.#generation()) !== generation) {
      if (Date.now() > deadline) throw new Error(`generation ${generation} did not answer within ${startMs / 1000} s`);
      await sleep(2);
    }
  }

  /** Whether NGINX has workers that serve a generation. */
  async serves(generation: number): Promise<boolean> {
    if (!this.running || this.#master === undefined || servingWorkers(this.#master).length === 0) return false;
    return (await this.#generation()) === generation;
  }

  /** The generation of a worker that answers; undefined where none does in time. */
  async #generation(): Promise<number | undefined> {
    return new Promise((resolve) => {
      const socketPath = generationSocket(this.#options.state);
      const asked = request({ socketPath, agent: false, timeout: answerMs }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (text += chunk));
        response.on("end", () => {
          resolve(Number(text));
        });
        response.on("error", () => {
          resolve(undefined);
        });
      });
      asked.on("timeout", () => asked.destroy());
      asked.on("error", () => {
        resolve(undefined);
      });
      asked.end();
    });
  }
}

/** An NGINX that was killed leaves its socket behind, and the next one could not start. */
export async function removeStaleSocket(state: string): Promise<void> {
  const path = generationSocket(state);
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.on("connect", () => {
      probe.destroy();
      resolve();
    });
    probe.on("error", () => {
      rmSync(path, { force: true });
      resolve();
    });
  });
}

/** SIGWINCH has a master keep its listening sockets while its workers finish what they have, and take nothing new. */
async function stopServing(master: number): Promise<void> {
  const old = servingWorkers(master);
  // The next signal must come after this one has been obeyed, which shows in the workers alone.
  if (old.length === 0) return;
  process.kill(master, "SIGWINCH");
  const deadline = Date.now() + stopMs;
  // A worker that is stuck for so long may yet answer a request; the others have waited enough.
  while (old.some(isServing) && Date.now() < deadline) await sleep(1);
}

/** NGINX's own words, without time, process and file. */
function reasonIn(output: string): string {
  const line = output.split("\n").find((text) => /\[(emerg|alert|crit|error)\]/.test(text)) ?? output.trim();
  return line.replace(/^.*?\[\w+\] (\d+#\d+: )?/, "").replace(/ in \S+\/generations\/\S+:(\d+)$/, " in line $1");
}
