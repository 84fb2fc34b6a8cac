/** HTTP to the API server: one request, its answer as JSON, and which failures pass by themselves. */
import * as http from "node:http";
import * as https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { isObject, toValues, type Values } from "../shared/values";
import type { Connection } from "./connection";
import { textAt } from "./objects";

export interface Call {
  method?: "GET" | "PATCH" | "DELETE";
  path: string;
  query?: Record<string, string | undefined>;
  body?: Values;
  contentType?: string;
  signal?: AbortSignal | undefined;
}

/** The API server's own refusal. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly answer: Values,
    readonly retryAfterSeconds: number | undefined,
  ) {
    super(textAt(answer, "message") || `the API server answered with HTTP ${status}`);
  }
}

/** No answer at all. */
export class ConnectionError extends Error {}

/** Longer than the 30 s that the API server gives a webhook. */
const answerTimeoutMilliseconds = 40_000;

/** Pauses between the tries of a request that failed for a reason that may pass. */
export const pausesMilliseconds: readonly number[] = [100, 300, 900, 2700];

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

/** Whether the same request may well succeed in a moment. Code 500 is not among them: an object that is wrong gets it too. */
export function isTransient(error: unknown): boolean {
  if (error instanceof ConnectionError) return true;
  if (!(error instanceof ApiError)) return false;
  const reason = textAt(error.answer, "reason");
  return (
    [429, 502, 503, 504].includes(error.status) || reason === "ServerTimeout" || /etcdserver: /.test(error.message)
  );
}

/** Does the task again where it failed for a reason that may pass; every request here can be repeated safely. */
export async function withRetries<T>(
  task: () => Promise<T>,
  options: {
    pauses?: readonly number[];
    retriable?: (error: unknown) => boolean;
    signal?: AbortSignal | undefined;
  } = {},
): Promise<T> {
  const { pauses = pausesMilliseconds, retriable = isTransient, signal } = options;
  for (const pause of pauses) {
    try {
      return await task();
    } catch (error) {
      if (!retriable(error) || signal?.aborted === true) throw error;
      const asked = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
      await sleep(Math.max(pause, asked), undefined, { signal });
    }
  }
  return task();
}

export async function requestJson(connection: Connection, call: Call): Promise<Values> {
  return parse((await request(connection, call)).body);
}

export async function requestText(connection: Connection, call: Call): Promise<string> {
  return (await request(connection, call)).body;
}

interface Answer {
  status: number;
  body: string;
  retryAfter: string | undefined;
}

async function request(connection: Connection, call: Call): Promise<Answer> {
  const answer = await send(connection, call);
  if (answer.status < 300) return answer;
  const seconds = Number(answer.retryAfter);
  throw new ApiError(
    answer.status,
    parse(answer.body),
    answer.retryAfter === undefined || Number.isNaN(seconds) ? undefined : seconds,
  );
}

async function send(connection: Connection, call: Call): Promise<Answer> {
  const options = await connection.options();
  const url = new URL(connection.server.href.replace(/\/$/, "") + call.path);
  for (const [key, value] of Object.entries(call.query ?? {}))
    if (value !== undefined) url.searchParams.set(key, value);
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      reject(call.signal?.aborted === true ? error : new ConnectionError(`${url.origin}: ${reasonOf(error)}`));
    };
    const outgoing = (url.protocol === "http:" ? http : https).request(
      url,
      {
        ...options,
        ...(url.protocol === "http:" && { agent: undefined }),
        method: call.method ?? "GET",
        headers: {
          ...options.headers,
          accept: "application/json, */*",
          ...(body !== undefined && {
            "content-type": call.contentType ?? "application/json",
            "content-length": Buffer.byteLength(body),
          }),
        },
        timeout: answerTimeoutMilliseconds,
        ...(call.signal !== undefined && { signal: call.signal }),
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", fail);
        incoming.on("end", () => {
          resolve({
            status: incoming.statusCode ?? 0,
            body: Buffer.concat(chunks).toString("utf8"),
            retryAfter: incoming.headers["retry-after"],
          });
        });
      },
    );
    outgoing.on("error", fail);
    outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer within ${answerTimeoutMilliseconds / 1000} s`)));
    outgoing.end(body);
  });
}

/** An AggregateError (both address families failed) has its reasons inside. */
function reasonOf(error: Error): string {
  if (error instanceof AggregateError) {
    const first: unknown = error.errors[0];
    if (first instanceof Error) return first.message;
  }
  return error.message;
}

/** What is no JSON, such as a proxy's error page, becomes the message. */
function parse(body: string): Values {
  try {
    const parsed: unknown = JSON.parse(body);
    return isObject(parsed) ? toValues(parsed) : {};
  } catch {
    return { message: body.trim().slice(0, 500) };
  }
}
