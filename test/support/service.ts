/** The service as its users meet it: by HTTP, through NGINX, on loopback. */
import { openAsBlob } from "node:fs";
import * as path from "node:path";
import pRetry from "p-retry";
import { errors, FormData, request, type Dispatcher } from "undici";
import { preparePictures } from "../../sandbox/images/images";
import { at } from "../../sandbox/layout";
import { layout } from "./engine";

export const url = `http://127.0.0.1:${layout.ports.http}`;

/** An answer, read to its end. */
export interface Answer {
  status: number;
  color: string | undefined;
  version: string | undefined;
  type: string | undefined;
  faces: number;
  body: Buffer;
}

/** Whether a connection was closed before there was any answer. */
export function wasClosed(error: unknown): boolean {
  return error instanceof errors.SocketError || (error as NodeJS.ErrnoException).code === "ECONNRESET";
}

/** Asks `host` for something. */
export async function ask(
  host: string,
  where: string,
  options: Pick<Dispatcher.RequestOptions, "body" | "method"> & { headers?: Record<string, string> } = {
    method: "GET",
  },
): Promise<Answer> {
  const send = () =>
    request(`${url}${where}`, {
      // An idle connection may be closed by any reload of NGINX, just as it is used again.
      reset: true,
      ...options,
      headers: { ...options.headers, host },
      headersTimeout: 180_000,
    });
  // So may a new one before it was used, which is when clients repeat what changes nothing.
  const response = await pRetry(send, {
    retries: options.method === "GET" ? 3 : 0,
    minTimeout: 10,
    shouldRetry: ({ error }) => wasClosed(error),
  });
  const header = (name: string) => response.headers[name]?.toString();
  return {
    status: response.statusCode,
    color: header("x-color"),
    version: header("x-version"),
    type: header("content-type"),
    faces: Number(header("x-faces")),
    body: Buffer.from(await response.body.arrayBuffer()),
  };
}

export const pictures = () =>
  preparePictures({ cacheDir: layout.cacheDir, directory: at(layout, "pictures"), log: () => undefined });

/**
 * Has a portrait's face put into a picture; the portrait itself where no other is given.
 *
 * @param holdSeconds Makes the job last longer (see image/README.md, `TEST_JOB_SECONDS_MAX`).
 */
export async function swap(host: string, { target, holdSeconds }: { target?: string; holdSeconds?: number } = {}) {
  const { source } = await pictures();
  const form = new FormData();
  for (const [name, file] of [
    ["source", source],
    ["target", target ?? source],
  ] as const)
    form.set(name, await openAsBlob(file), path.basename(file));
  const headers = holdSeconds === undefined ? {} : { "x-test-job-seconds": String(holdSeconds) };
  return ask(host, "/v1/swap", { method: "POST", body: form as unknown as string, headers });
}
