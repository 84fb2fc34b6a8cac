/** From a kubeconfig to something that requests can be sent with. */
import { existsSync, readFileSync } from "node:fs";
import type { OutgoingHttpHeaders } from "node:http";
import * as https from "node:https";
import { homedir } from "node:os";
import * as path from "node:path";
import type { KubeConfig } from "./kubeConfig";
import type { Settings } from "./settings";

/** TLS, agent and headers. */
export type RequestOptions = Omit<https.RequestOptions, "headers"> & { headers: OutgoingHttpHeaders };

export interface Connection {
  server: URL;
  /** The namespace of objects that name none. */
  namespace: string;
  /** What proves who we are, for one request: tokens expire. */
  options(): Promise<RequestOptions>;
}

/** Throws if there is no kubeconfig, or none that can be used. */
export async function connect(settings: Settings): Promise<Connection> {
  const config = await load(settings);
  const context = config.getContextObject(config.getCurrentContext());
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error(`the kubeconfig has no context "${config.getCurrentContext()}" with a cluster`);
  const agent = new https.Agent({ keepAlive: true });
  return {
    server: new URL(cluster.server),
    namespace: settings.namespace || (context?.namespace ?? "default"),
    async options() {
      const options: RequestOptions = { headers: {} };
      await config.applyToHTTPSOptions(options);
      // The agent that comes with the options opens a connection for each request, unless it is a proxy's.
      return cluster.proxyUrl === undefined ? { ...options, agent } : options;
    },
  };
}

async function load(settings: Settings): Promise<KubeConfig> {
  // Imported when it is needed: it is half of this plugin's start-up time.
  const { KubeConfig } = await import("./kubeConfig.ts");
  const config = new KubeConfig();
  const [first, ...rest] = sources(settings.kubeconfig);
  if (first === undefined)
    throw new Error("there is no kubeconfig: set KUBECONFIG or the provider's kubeconfig argument");
  const read = (into: KubeConfig, source: string) => {
    if (isText(source)) into.loadFromString(source);
    else into.loadFromFile(source);
  };
  read(config, first);
  for (const source of rest) {
    const further = new KubeConfig();
    read(further, source);
    config.mergeConfig(further, true);
  }
  if (settings.context !== "") config.setCurrentContext(settings.context);
  const context = config.getContextObject(config.getCurrentContext());
  if (settings.cluster !== "" && context !== null) {
    const name = `${context.name} at ${settings.cluster}`;
    config.addContext({ ...context, name, cluster: settings.cluster });
    config.setCurrentContext(name);
  }
  return config;
}

/** A kubeconfig itself, or the files that the argument, KUBECONFIG or kubectl's default name. */
function sources(kubeconfig: string): string[] {
  if (isText(kubeconfig)) return [kubeconfig];
  const named = kubeconfig || (process.env["KUBECONFIG"] ?? "") || path.join(homedir(), ".kube", "config");
  return named
    .split(path.delimiter)
    .map((file) => file.replace(/^~(?=\/|$)/, homedir()))
    .filter((file) => file !== "" && existsSync(file));
}

function isText(source: string): boolean {
  return /\n|^\s*\{/.test(source);
}

/** The cluster that a kubeconfig leads to, to be compared: its address and authority; undefined where it cannot be read. */
export async function identityOf(settings: Settings): Promise<string | undefined> {
  try {
    const cluster = (await load(settings)).getCurrentCluster();
    if (cluster === null) return undefined;
    const authority = cluster.caData ?? (cluster.caFile === undefined ? "" : readFileSync(cluster.caFile, "base64"));
    return `${cluster.server} ${authority}`;
  } catch {
    return undefined;
  }
}
