/** A connection to the cluster, and the words for when there is none. */
import * as k8s from "@kubernetes/client-node";
import { exitCodes, ReleaseError } from "../errors";

/** The cluster's API. */
export interface Cluster {
  /** For what has no typed client: log streams, server-side dry runs, other hosts. */
  readonly kubeConfig: k8s.KubeConfig;
  /** Address of the API server. */
  readonly server: string;
  readonly core: k8s.CoreV1Api;
  readonly apps: k8s.AppsV1Api;
  readonly batch: k8s.BatchV1Api;
  readonly networking: k8s.NetworkingV1Api;
  readonly policy: k8s.PolicyV1Api;
  readonly admission: k8s.AdmissionregistrationV1Api;
}

/**
 * Connects to a cluster; nothing is sent yet.
 *
 * @param source A kubeconfig's text, as the stack's output holds it; else the user's own kubeconfig.
 */
export function connect(source: { kubeconfig: string } | { context?: string | undefined }): Cluster {
  const kubeConfig = new k8s.KubeConfig();
  try {
    if ("kubeconfig" in source) kubeConfig.loadFromString(source.kubeconfig);
    else {
      kubeConfig.loadFromDefault();
      if (source.context !== undefined) kubeConfig.setCurrentContext(source.context);
    }
  } catch (cause) {
    throw new ReleaseError(
      `The kubeconfig cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      "Set KUBECONFIG to the kubeconfig of the cluster.",
      exitCodes.usage,
      { cause },
    );
  }
  const server = kubeConfig.getCurrentCluster()?.server;
  if (server === undefined)
    throw new ReleaseError(
      `The kubeconfig has no cluster for the context "${kubeConfig.getCurrentContext()}".`,
      "Set KUBECONFIG, or facefusion:cluster.context in the stack's configuration.",
      exitCodes.usage,
    );
  const configuration = k8s.createConfiguration({
    baseServer: new k8s.ServerConfiguration(server, {}),
    authMethods: { default: kubeConfig },
    promiseMiddleware: [{ pre: prepared, post: (response) => Promise.resolve(response) }],
  });
  return {
    kubeConfig,
    server,
    core: new k8s.CoreV1Api(configuration),
    apps: new k8s.AppsV1Api(configuration),
    batch: new k8s.BatchV1Api(configuration),
    networking: new k8s.NetworkingV1Api(configuration),
    policy: new k8s.PolicyV1Api(configuration),
    admission: new k8s.AdmissionregistrationV1Api(configuration),
  };
}

/** Longer than any answer takes: where a VPN is down there may be none for minutes. */
const answerMs = 15_000;

function prepared(request: k8s.RequestContext): Promise<k8s.RequestContext> {
  request.setSignal(AbortSignal.timeout(answerMs));
  // By this the API server notes who wrote an object.
  request.setHeaderParam("User-Agent", "release");
  return Promise.resolve(request);
}

/** The answer to a request; undefined where there is no such object. Anything else is an error in words. */
export async function found<T>(cluster: Cluster, what: string, request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof k8s.ApiException && error.code === 404) return undefined;
    throw apiError(cluster, what, error);
  }
}

/** What a list holds; an error in words where it cannot be had. */
export async function listed<T>(cluster: Cluster, what: string, request: Promise<{ items: T[] }>): Promise<T[]> {
  return (await found(cluster, what, request))?.items ?? [];
}

/** The API server gave no answer at all. */
export class UnreachableError extends ReleaseError {}

/** @param what What was asked for, to complete "may not …": "list Pods in namespace facefusion". */
export function apiError(cluster: Cluster, what: string, error: unknown): ReleaseError {
  if (error instanceof ReleaseError) return error;
  if (error instanceof k8s.ApiException) {
    const message = statusMessage(error.body) ?? error.message;
    if (error.code === 401 || error.code === 403)
      return new ReleaseError(
        `The API server does not let you ${what}: ${message}`,
        "Ask for the role viewer (facefusion:guard.viewers), or use a kubeconfig that has it.",
        exitCodes.refused,
        { cause: error },
      );
    return new ReleaseError(
      `The API server could not ${what} (status ${error.code}): ${message}`,
      "Try again; if it stays, look at the API server.",
      exitCodes.failed,
      { cause: error },
    );
  }
  return new UnreachableError(
    `The API server at ${cluster.server} does not answer: ${innermost(error)}`,
    "Check the network, the VPN and the kubeconfig: kubectl version",
    exitCodes.failed,
    { cause: error },
  );
}

/** The message of the Status object that the API server answers with. */
function statusMessage(body: unknown): string | undefined {
  const status: unknown = typeof body === "string" ? parsed(body) : body;
  if (typeof status !== "object" || status === null) return undefined;
  const message: unknown = Reflect.get(status, "message");
  return typeof message === "string" ? message : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** fetch says only that it failed; why is in the cause, or in the cause's own errors. */
function innermost(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : innermost(error.cause);
}
