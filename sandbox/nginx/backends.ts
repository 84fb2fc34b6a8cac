/** From the Service that a path names to the addresses that NGINX connects to. */
import type { EndpointSlice, Service, ServicePort, ServiceReference } from "./objects";

export interface Backend {
  /** `address:port` of each server, sorted; none means that every request is answered with 502. */
  servers: readonly string[];
  /** Why there can be no servers, where it is not just that no Pod is ready. */
  problem?: string;
}

/**
 * The ready Pods behind a Service's port, by address and target port; or, with `useClusterIp`, the Service's own
 * address, which stays the same whatever its Pods do.
 */
export function resolveBackend(
  { name, port: wanted }: ServiceReference,
  service: Service | undefined,
  slices: readonly EndpointSlice[],
  useClusterIp: boolean,
): Backend {
  if (service === undefined) return { servers: [], problem: `Service ${name} does not exist` };
  if (service.spec?.type === "ExternalName")
    return { servers: [], problem: `Service ${name} is of type ExternalName, which is not supported` };
  const port = (service.spec?.ports ?? []).find((candidate) =>
    wanted?.name === undefined ? candidate.port === wanted?.number : candidate.name === wanted.name,
  );
  if (port === undefined)
    return { servers: [], problem: `Service ${name} has no port ${wanted?.name ?? wanted?.number ?? ""}` };
  return useClusterIp ? clusterIp(name, service, port) : { servers: readyServers(slices, port) };
}

function clusterIp(name: string, service: Service, { port }: ServicePort): Backend {
  const address = service.spec?.clusterIP ?? "";
  if (address === "" || address === "None") return { servers: [], problem: `Service ${name} has no cluster IP` };
  return { servers: [endpoint(address, port)] };
}

function readyServers(slices: readonly EndpointSlice[], { name }: ServicePort): string[] {
  const servers = slices.flatMap((slice) => {
    // A slice names the target port as the Service names its port; an unnamed one is "" or left out.
    const target = (slice.ports ?? []).find((port) => (port.name ?? "") === (name ?? ""))?.port;
    if (target === undefined || slice.addressType === "FQDN") return [];
    return (slice.endpoints ?? [])
      .filter(({ conditions }) => conditions?.ready !== false)
      .flatMap(({ addresses }) => addresses.map((address) => endpoint(address, target)));
  });
  return [...new Set(servers)].sort();
}

function endpoint(address: string, port: number): string {
  return `${address.includes(":") ? `[${address}]` : address}:${port}`;
}
