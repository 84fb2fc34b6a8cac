/** One real request to the service, as a user would send it. */
import { readFileSync, writeFileSync } from "node:fs";
import { Agent, FormData, request } from "undici";
import { SandboxError } from "./failure";

/** What a swap of faces gave. */
export interface Answer {
  color: string;
  version: string;
  faces: string;
}

/** Sends every host to this machine, as browsers and curl do with names that end in `.localhost`. */
const here = new Agent({
  connect: {
    lookup: (_host, _options, callback) => {
      callback(null, [{ address: "127.0.0.1", family: 4 }]);
    },
  },
});

/**
 * Posts two pictures and writes the picture that comes back.
 *
 * @param url The service's URL.
 * @throws SandboxError where the service does not answer with a picture.
 */
export async function swapFaces(
  url: string,
  { source, target, result }: { source: string; target: string; result: string },
): Promise<Answer> {
  const body = new FormData();
  body.set("source", new Blob([readFileSync(source)]), "source.jpg");
  body.set("target", new Blob([readFileSync(target)]), "target.jpg");
  const response = await request(new URL("/v1/swap", url), { method: "POST", body, dispatcher: here });
  const picture = Buffer.from(await response.body.arrayBuffer());
  if (response.statusCode !== 200)
    throw new SandboxError(
      `${url} answered ${response.statusCode}: ${picture.toString("utf8", 0, 500)}`,
      "See what the Pods say: . .sandbox/env && kubectl -n facefusion logs -l color=blue",
    );
  writeFileSync(result, picture);
  const header = (name: string) => String(response.headers[name] ?? "");
  return { color: header("x-color"), version: header("x-version"), faces: header("x-faces") };
}
