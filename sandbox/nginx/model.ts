/**
 * What NGINX has to serve, worked out from the objects in the cluster: one host after the other, each owned by one
 * Ingress. A pure function; nothing here knows how NGINX writes it, or who watches.
 */
import { readAnnotations, type Treatment } from "./annotations";
import { resolveBackend } from "./backends";
import { readCertificate, type Certificate } from "./certificates";
import type { Ingress, Objects, Secret, ServiceReference } from "./objects";
import { hostsOf, readPaths, type Path } from "./rules";

/** The Ingress that something is done for. */
export interface Owner {
  namespace: string;
  name: string;
  uid: string;
}

export interface Location {
  path: string;
  exact: boolean;
  /** Name of the upstream; undefined where it has no server. */
  upstream: string | undefined;
  /** Whether a client may upgrade the connection. */
  websocket: boolean;
}

export interface Upstream {
  name: string;
  servers: readonly string[];
}

export interface Host {
  name: string;
  owner: Owner;
  treatment: Treatment;
  /** Whether the host is served over TLS, and by which certificate if it has its own. */
  tls: false | { certificate: Certificate | undefined };
  locations: readonly Location[];
  upstreams: readonly Upstream[];
}

export interface Warning {
  owner: Owner;
  /** The reasons are those of F5's controller. */
  reason: "Rejected" | "AddedOrUpdatedWithWarning";
  message: string;
}

export interface Model {
  hosts: readonly Host[];
  /** Hosts of Ingresses that cannot be served as they are now: what was served before stays. */
  kept: readonly { name: string; owner: Owner }[];
  warnings: readonly Warning[];
}

/** Works out what to serve for the Ingresses of a class. */
export function buildModel(objects: Objects, className: string): Model {
  const mine = objects.ingresses.filter(({ spec }) => spec?.ingressClassName === className).sort(byAge);
  const read = mine.map((ingress) => readIngress(ingress, objects));
  const accepted = read.filter(({ faults }) => faults.length === 0);
  const rejected = read.filter(({ faults }) => faults.length > 0);
  const winners = new Map<string, Owner>();
  const warnings = rejected.map(({ owner, faults }) => reject(owner, faults.join("; ")));
  const hosts = accepted.flatMap(({ owner, hosts: candidates, remarks }) => {
    warnings.push(...remarks.map((message) => remark(owner, message)));
    return candidates.filter(({ name }) => {
      const winner = winners.get(name);
      if (winner === undefined) winners.set(name, owner);
      else warnings.push(reject(owner, `host ${name} belongs to the older Ingress ${winner.namespace}/${winner.name}`));
      return winner === undefined;
    });
  });
  const kept = rejected
    .flatMap(({ owner, ingress }) => hostsOf(ingress).map((name) => ({ name, owner })))
    .filter(({ name }) => !winners.has(name));
  return { hosts, kept, warnings };
}

interface ReadIngress {
  ingress: Ingress;
  owner: Owner;
  hosts: readonly Host[];
  /** Why the Ingress cannot be served at all. */
  faults: readonly string[];
  /** What is served otherwise than its author may think. */
  remarks: readonly string[];
}

function readIngress(ingress: Ingress, objects: Objects): ReadIngress {
  const owner = ownerOf(ingress);
  const { treatment, faults, unknown } = readAnnotations(ingress.metadata?.annotations ?? {});
  const paths = readPaths(ingress);
  const remarks = [...paths.remarks, ...unknown.map((name) => `annotation ${name} is not supported and has no effect`)];
  const hosts = hostsOf(ingress).map((name): Host => {
    const routes = routesOf(name, paths.byHost.get(name) ?? [], owner.namespace, treatment, objects);
    const tls = tlsOf(name, ingress, objects.secrets);
    remarks.push(...routes.problems, ...tls.problems);
    return { name, owner, treatment, tls: tls.tls, locations: routes.locations, upstreams: routes.upstreams };
  });
  return { ingress, owner, hosts, faults: [...faults, ...paths.faults], remarks: [...new Set(remarks)] };
}

function routesOf(
  host: string,
  paths: readonly Path[],
  namespace: string,
  treatment: Treatment,
  { services, slices }: Objects,
) {
  const upstreams = new Map<string, Upstream>();
  const problems: string[] = [];
  const locations = paths.map(({ path, exact, backend }): Location => {
    const name = upstreamName(host, backend);
    const { servers, problem } = resolveBackend(
      backend,
      services.find(({ metadata }) => metadata?.namespace === namespace && metadata.name === backend.name),
      slices.filter(
        ({ metadata }) =>
          metadata?.namespace === namespace && metadata.labels?.["kubernetes.io/service-name"] === backend.name,
      ),
      treatment.useClusterIp,
    );
    if (problem !== undefined) problems.push(problem);
    if (servers.length > 0) upstreams.set(name, { name, servers });
    return {
      path,
      exact,
      upstream: servers.length > 0 ? name : undefined,
      websocket: treatment.websocketServices.includes(backend.name),
    };
  });
  return { locations, upstreams: [...upstreams.values()], problems };
}

/** Unique, because no name of a host, a Service or a port has an underscore. */
function upstreamName(host: string, { name, port }: ServiceReference): string {
  return `${host.replace("*", "_")}_${name}_${port?.name ?? port?.number ?? ""}`;
}

function tlsOf(host: string, ingress: Ingress, secrets: readonly Secret[]): Pick<Host, "tls"> & { problems: string[] } {
  const entry = (ingress.spec?.tls ?? []).find(({ hosts }) => hosts?.includes(host));
  if (entry === undefined) return { tls: false, problems: [] };
  const self = (problem: string) => ({
    tls: { certificate: undefined },
    problems: [`${host} is served with the self-signed certificate: ${problem}`],
  });
  if (entry.secretName === undefined) return self("tls names no Secret");
  const secret = secrets.find(
    ({ metadata }) => metadata?.namespace === ingress.metadata?.namespace && metadata?.name === entry.secretName,
  );
  if (secret === undefined) return self(`there is no Secret ${entry.secretName} of type kubernetes.io/tls`);
  const certificate = readCertificate(secret);
  if ("fault" in certificate) return self(`Secret ${entry.secretName}: ${certificate.fault}`);
  return { tls: { certificate }, problems: [] };
}

function ownerOf({ metadata }: Ingress): Owner {
  return { namespace: metadata?.namespace ?? "", name: metadata?.name ?? "", uid: metadata?.uid ?? "" };
}

/** Oldest first; of two made in the same second, the first by name. */
function byAge(a: Ingress, b: Ingress): number {
  const key = ({ namespace, name }: Owner) => `${namespace}/${name}`;
  return createdAt(a) - createdAt(b) || (key(ownerOf(a)) < key(ownerOf(b)) ? -1 : 1);
}

function createdAt({ metadata }: Ingress): number {
  return new Date(metadata?.creationTimestamp ?? 0).getTime();
}

function reject(owner: Owner, message: string): Warning {
  return { owner, reason: "Rejected", message };
}

function remark(owner: Owner, message: string): Warning {
  return { owner, reason: "AddedOrUpdatedWithWarning", message };
}
