/**
 * Says in the channel of NOTIFY_WEBHOOK that a job has failed, with the way to its log. The release command tells what it
 * did by itself; this is for what keeps it from starting, such as a credential that has expired or a stack that is locked.
 */
import { request } from "undici";
import { failureMessage } from "./failureMessage";

const postMs = 10_000;

/** What went wrong, in words that do not show the address: that is a secret. */
async function problemOf(webhook: string): Promise<string | undefined> {
  try {
    const { statusCode, body } = await request(webhook, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text: failureMessage(process.env) }),
      signal: AbortSignal.timeout(postMs),
    });
    await body.dump();
    return statusCode < 300 ? undefined : `answers with status ${statusCode}`;
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
    return `cannot be reached${typeof code === "string" ? ` (${code})` : ""}`;
  }
}

async function tell(webhook: string): Promise<void> {
  if (webhook === "") {
    console.error("NOTIFY_WEBHOOK is not set: nobody is told.");
    return;
  }
  const problem = await problemOf(webhook);
  if (problem === undefined) return;
  console.error(`Nobody was told: NOTIFY_WEBHOOK ${problem}.`);
  process.exitCode = 1;
}

void tell(process.env["NOTIFY_WEBHOOK"] ?? "");
