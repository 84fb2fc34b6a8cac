/** When users get their first answer of a colour: asked for at the service's own URL, as they would. */
import * as dns from "node:dns";
import type { LookupFunction } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent, request } from "undici";
import type { Color } from "../../components/colors";
import type { ServiceSettings, Settings } from "../../settings";

const everyMs = 25;
const answerMs = 2_000;

/** The address that people type. */
export function urlOf({ ingress }: Settings, { host, tls }: ServiceSettings): string {
  const atLoadBalancer = ingress.kind === "install" && ingress.certificateArn !== undefined;
  const port = ingress.kind === "adopt" && ingress.port !== undefined ? `:${ingress.port}` : "";
  return `${tls !== undefined || atLoadBalancer ? "https" : "http"}://${host}${port}`;
}

/** Asks for a small page again and again until it is stopped, and notes when a colour answered first. */
export class FirstAnswer {
  /** On the clock of `performance.now()`; undefined until then, and where the URL cannot be reached from here. */
  at: number | undefined;
  private stopped = false;
  private readonly agent = new Agent({ connect: { lookup: loopbackForLocalhost }, headersTimeout: answerMs });

  constructor(
    private readonly url: string,
    private readonly color: Color,
  ) {
    void this.ask();
  }

  /** Waits for it a little longer, and stops. */
  async within(ms: number): Promise<number | undefined> {
    const until = performance.now() + ms;
    while (this.at === undefined && performance.now() < until) await sleep(everyMs);
    this.stop();
    return this.at;
  }

  stop(): void {
    this.stopped = true;
  }

  private async ask(): Promise<void> {
    while (!this.stopped && this.at === undefined) {
      const color = await this.answer();
      if (color === this.color) this.at = performance.now();
      // A command that has failed does not stay for this.
      else await sleep(everyMs, undefined, { ref: false });
    }
    await this.agent.destroy();
  }

  private async answer(): Promise<unknown> {
    try {
      const signal = AbortSignal.timeout(answerMs);
      const { headers, body } = await request(`${this.url}/healthz`, { dispatcher: this.agent, signal });
      await body.dump();
      return headers["x-color"];
    } catch {
      return undefined;
    }
  }
}

/** Names below localhost are this machine by definition, and many resolvers do not know it. */
const loopbackForLocalhost: LookupFunction = (hostname, options, callback) => {
  if (!hostname.endsWith(".localhost")) dns.lookup(hostname, options, callback);
  else if (options.all === true) callback(null, [{ address: "127.0.0.1", family: 4 }]);
  else callback(null, "127.0.0.1", 4);
};
