/** Sends what happened to where the configuration says. A release never fails by it, nor waits for it long. */
import { request } from "undici";
import type { Settings } from "../../settings";
import { messageOf, type ReleaseEvent } from "./message";
import { blocksOf } from "./slack";

/** What a post may take, from its start to its answer. */
const postMs = 3_000;

/**
 * Posts an event to all webhooks that are configured, at once.
 *
 * @param warn Told one line for each that did not take it. Never with its URL: that is a secret.
 */
export async function notify(
  webhooks: Settings["notifications"],
  event: ReleaseEvent,
  warn: (line: string) => void,
): Promise<void> {
  const text = messageOf(event);
  await Promise.all([
    post("slack", webhooks?.slack, { text, blocks: blocksOf(event) }, warn),
    post("webhook", webhooks?.webhook, { ...event, text, at: new Date().toISOString() }, warn),
  ]);
}

async function post(
  name: "slack" | "webhook",
  url: string | undefined,
  body: unknown,
  warn: (line: string) => void,
): Promise<void> {
  if (url === undefined) return;
  const problem = await attempt(url, JSON.stringify(body));
  if (problem !== undefined)
    warn(`Nobody was told: notifications.${name} ${problem}. The release itself is not affected.`);
}

/** What went wrong, in words that do not show the URL. */
async function attempt(url: string, body: string): Promise<string | undefined> {
  try {
    const answer = await request(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      signal: AbortSignal.timeout(postMs),
    });
    await answer.body.dump();
    return answer.statusCode < 300 ? undefined : `answered with status ${answer.statusCode}`;
  } catch (error) {
    if (error instanceof Error && error.name === "TimeoutError") return `did not answer within ${postMs / 1000} s`;
    // An error's message may hold the address; its code does not.
    const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
    return `cannot be reached${typeof code === "string" ? ` (${code})` : ""}`;
  }
}
