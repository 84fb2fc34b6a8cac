/** Reads the rules of an Ingress: which paths of which hosts lead to which Services. */
import type { Ingress, ServiceReference } from "./objects";

export interface Path {
  path: string;
  exact: boolean;
  backend: ServiceReference;
}

export interface Paths {
  byHost: ReadonlyMap<string, readonly Path[]>;
  faults: readonly string[];
  remarks: readonly string[];
}

/** The hosts that an Ingress names, each once. */
export function hostsOf({ spec }: Ingress): string[] {
  return [...new Set((spec?.rules ?? []).flatMap(({ host }) => host || []))];
}

/** All paths by host, exact ones first, then the longest first: the order in which NGINX tries them. */
export function readPaths(ingress: Ingress): Paths {
  const byHost = new Map<string, Path[]>();
  const faults: string[] = [];
  const remarks: string[] = [];
  const rules = ingress.spec?.rules ?? [];
  if (rules.some(({ host }) => !host)) faults.push("every rule needs a host");
  if (ingress.spec?.defaultBackend !== undefined) remarks.push("defaultBackend is not supported and has no effect");
  for (const { host, http } of rules) {
    const paths = byHost.get(host ?? "") ?? [];
    byHost.set(host ?? "", paths);
    for (const { path = "/", pathType, backend } of http?.paths ?? []) {
      const exact = pathType === "Exact";
      if (!isWritable(path)) faults.push(`path ${JSON.stringify(path)} has characters that are not accepted`);
      else if (backend.service === undefined) faults.push(`path ${path} leads to no Service`);
      else if (paths.some((other) => other.path === path && other.exact === exact))
        remarks.push(`${host ?? ""}${path} is there twice; the first one counts`);
      else paths.push({ path, exact, backend: backend.service });
    }
  }
  for (const paths of byHost.values()) paths.sort(byPrecedence);
  return { byHost, faults, remarks };
}

/** Whether NGINX reads the path as one word that means itself. */
function isWritable(path: string): boolean {
  return /^\/[^\s;{}"'\\$]*$/.test(path);
}

function byPrecedence(a: Path, b: Path): number {
  return Number(b.exact) - Number(a.exact) || b.path.length - a.path.length || (a.path < b.path ? -1 : 1);
}
