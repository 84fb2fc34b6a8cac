/**
 * Bounded load on loopback: clients that each send one request after the other over a kept-alive connection until they
 * are told to stop, and write down who answered what, and when.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "undici";
import { wasClosed } from "./service";

export interface RequestPlan {
  method: "GET" | "POST";
  path: string;
  body?: string;
  headers?: Record<string, string>;
}

export interface Exchange {
  /** Milliseconds since the load began. */
  start: number;
  end: number;
  /** Status of the answer; undefined where there was none. */
  status?: number;
  color?: string;
  /** What went wrong where there was no answer. */
  failure?: string;
  /** How often the request was sent again because its connection was closed before any answer. */
  repeats: number;
}

export interface LoadOptions {
  /** Base URL on loopback. */
  url: string;
  /** The host that is asked for. */
  host: string;
  clients: number;
  plan: RequestPlan;
  /** Whether a client repeats a request whose connection was closed before any answer, as browsers do. */
  repeat: boolean;
  /** How long a client waits after an answer; little, so that a test of something else leaves the machine to that. */
  pauseMs?: number;
  /** The load ends by itself after this time. */
  limitMs?: number;
}

/** A load that runs. */
export class Load {
  readonly exchanges: Exchange[] = [];
  private readonly begin = performance.now();
  private stopping = false;
  private readonly done: Promise<unknown>;

  constructor(private readonly options: LoadOptions) {
    const deadline = this.begin + (options.limitMs ?? 120_000);
    this.done = Promise.all(Array.from({ length: options.clients }, () => this.client(deadline)));
  }

  /** Milliseconds since the load began. */
  now(): number {
    return performance.now() - this.begin;
  }

  /** Lets the requests that are under way finish, and returns all that were made. */
  async stop(): Promise<readonly Exchange[]> {
    this.stopping = true;
    await this.done;
    return this.exchanges;
  }

  private async client(deadline: number): Promise<void> {
    const { url, pauseMs = 50 } = this.options;
    const client = new Client(url, { keepAliveTimeout: 60_000, headersTimeout: 120_000 });
    while (!this.stopping && performance.now() < deadline) {
      this.exchanges.push(await this.exchange(client));
      await sleep(pauseMs);
    }
    await client.close();
  }

  private async exchange(client: Client): Promise<Exchange> {
    const { plan, host, repeat } = this.options;
    const start = this.now();
    for (let repeats = 0; ; repeats++) {
      try {
        const { statusCode, headers, body } = await client.request({
          ...plan,
          headers: { ...plan.headers, host },
          body: plan.body ?? null,
        });
        await body.dump();
        const color = headers["x-color"];
        return {
          start,
          end: this.now(),
          status: statusCode,
          ...(typeof color === "string" && { color }),
          repeats,
        };
      } catch (error) {
        if (repeat && wasClosed(error) && repeats < 3) continue;
        return { start, end: this.now(), failure: String(error), repeats };
      }
    }
  }
}

/** How many exchanges had no good answer, by what they had instead: nothing, or what NGINX says in place of the service. */
export function failures(exchanges: readonly Exchange[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, color, failure } of exchanges) {
    if (status !== undefined && status < 500 && color !== undefined) continue;
    const what = failure ?? `status ${status ?? ""}${color === undefined ? " without a colour" : ""}`;
    counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
}

/** The exchanges that began after the first answer of `color` had been seen, and were answered by another colour. */
export function stale(exchanges: readonly Exchange[], color: string): Exchange[] {
  const answered = exchanges.filter((exchange) => exchange.color === color);
  const firstSeen = Math.min(...answered.map(({ end }) => end));
  return exchanges.filter(
    (exchange) => exchange.start > firstSeen && exchange.color !== undefined && exchange.color !== color,
  );
}
