/** A stand-in for an API server: real HTTP, answers from a table, every request noted. */
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { Cluster } from "../../sandbox/plugins/kubernetes/cluster";
import { isObject, toValues, type Values } from "../../sandbox/plugins/shared/values";

/** One request as it arrived. */
export interface Seen {
  method: string;
  /** With the query. */
  url: string;
  body: Values;
}

/** A body for HTTP 200, or the status with the body. `undefined` is 404. */
export type Answer = Values | { code: number; body: Values } | undefined;

/** Answers by method and path, as in `GET /api/v1/namespaces/ns/pods`; the kinds of `kinds` are there already. */
export type Answers = Readonly<Record<string, Answer | ((seen: Seen) => Answer)>>;

export interface Api {
  cluster: Cluster;
  /** As in a kubeconfig. */
  address: string;
  seen: Seen[];
  /** What the provider's own cancellation does. */
  abort: () => void;
  close: () => Promise<void>;
}

/** The API's own lists of kinds, as far as the tests need them. */
const kinds: Answers = {
  "GET /api/v1": kindsOf(
    { name: "configmaps", kind: "ConfigMap", namespaced: true },
    { name: "events", kind: "Event", namespaced: true },
    { name: "namespaces", kind: "Namespace", namespaced: false },
    { name: "pods", kind: "Pod", namespaced: true },
    { name: "pods/status", kind: "Pod", namespaced: true },
    { name: "services", kind: "Service", namespaced: true },
  ),
  "GET /apis/apps/v1": kindsOf(
    { name: "deployments", kind: "Deployment", namespaced: true },
    { name: "replicasets", kind: "ReplicaSet", namespaced: true },
  ),
  "GET /apis/batch/v1": kindsOf({ name: "jobs", kind: "Job", namespaced: true }),
  "GET /apis/discovery.k8s.io/v1": kindsOf({ name: "endpointslices", kind: "EndpointSlice", namespaced: true }),
  "GET /apis/networking.k8s.io/v1": kindsOf({ name: "ingresses", kind: "Ingress", namespaced: true }),
};

function kindsOf(...resources: Values[]): Values {
  return { kind: "APIResourceList", resources };
}

/** Serves such APIs for the tests of a file, and closes those that one test has opened. */
export function apis(): { api: (answers: Answers) => Promise<Api>; close: () => Promise<void> } {
  let opened: Api[] = [];
  return {
    api: async (answers) => {
      const one = await serveApi(answers);
      opened.push(one);
      return one;
    },
    close: async () => {
      await Promise.all(opened.map((one) => one.close()));
      opened = [];
    },
  };
}

async function serveApi(answers: Answers): Promise<Api> {
  const seen: Seen[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "" } = request;
      const parsed: unknown = chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString());
      const one = { method, url, body: isObject(parsed) ? toValues(parsed) : {} };
      seen.push(one);
      const entry = { ...kinds, ...answers }[`${method} ${url.replace(/\?.*/, "")}`];
      const answer = typeof entry === "function" ? entry(one) : entry;
      const { code, body } = coded(answer);
      response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cancellation = new AbortController();
  const address = `http://127.0.0.1:${portOf(server.address())}`;
  const connection = {
    server: new URL(address),
    namespace: "default",
    options: () => Promise.resolve({ headers: {} }),
  };
  return {
    address,
    cluster: new Cluster(connection, cancellation.signal, []),
    seen,
    abort: () => {
      cancellation.abort();
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function coded(answer: Answer): { code: number; body: Values } {
  if (answer === undefined) return { code: 404, body: { reason: "NotFound", message: "not found" } };
  const { code, body } = answer;
  return typeof code === "number" && isObject(body) ? { code, body } : { code: 200, body: toValues(answer) };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("not listening");
  return address.port;
}
