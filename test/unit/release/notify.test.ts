import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { ReleaseEvent } from "../../../release/notify/message";
import { notify } from "../../../release/notify/notify";
import { blocksOf } from "../../../release/notify/slack";

const event: ReleaseEvent = {
  kind: "deploy",
  service: "facefusion",
  stack: "prod",
  by: "alice@laptop",
  color: "green",
  image: "registry.example.com/facefusion:v2.0.0",
};

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  servers.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A webhook, with what it was sent. */
async function webhook(): Promise<{ url: string; bodies: unknown[] }> {
  const bodies: unknown[] = [];
  const url = await serve((request, response) => {
    let text = "";
    request.on("data", (part: Buffer) => (text += part.toString()));
    request.on("end", () => {
      bodies.push(JSON.parse(text));
      response.end("ok");
    });
  });
  return { url, bodies };
}

async function warningsOf(webhooks: Parameters<typeof notify>[0]): Promise<string[]> {
  const warnings: string[] = [];
  await notify(webhooks, event, (line) => warnings.push(line));
  return warnings;
}

describe("a notification", () => {
  it("goes to Slack as a text, and to another webhook as data", async () => {
    const [slack, other] = [await webhook(), await webhook()];
    expect(await warningsOf({ slack: slack.url, webhook: other.url })).toEqual([]);
    const text =
      "facefusion (prod): registry.example.com/facefusion:v2.0.0 is deployed to green, which is idle; traffic is untouched.\nby alice@laptop";
    expect(slack.bodies).toEqual([{ text, blocks: blocksOf(event) }]);
    expect(other.bodies).toMatchObject([{ ...event, text }]);
  });

  it("goes nowhere where nothing is configured", async () => {
    expect(await warningsOf(undefined)).toEqual([]);
  });

  it("that is refused is one line, without the URL", async () => {
    const url = await serve((_, response) => {
      response.statusCode = 410;
      response.end("no such hook");
    });
    expect(await warningsOf({ slack: `${url}/services/SECRET` })).toEqual([
      "Nobody was told: notifications.slack answered with status 410. The release itself is not affected.",
    ]);
  });

  it("that is never answered is one line, and waits for no more than seconds", async () => {
    const url = await serve(() => undefined);
    expect(await warningsOf({ slack: url })).toEqual([
      "Nobody was told: notifications.slack did not answer within 3 s. The release itself is not affected.",
    ]);
  });

  it("to nowhere is one line, without the URL, and others are told all the same", async () => {
    const other = await webhook();
    expect(await warningsOf({ slack: "http://127.0.0.1:1/services/SECRET", webhook: other.url })).toEqual([
      "Nobody was told: notifications.slack cannot be reached (ECONNREFUSED). The release itself is not affected.",
    ]);
    expect(other.bodies).toHaveLength(1);
  });

  it("whose URL cannot be one is one line too", async () => {
    const [warning] = await warningsOf({ webhook: "http://user name@SECRET:99999/" });
    expect(warning).toContain("notifications.webhook cannot be reached");
    expect(warning).not.toContain("SECRET");
  });
});
