/** The certificates of a service's hosts, where TLS ends at NGINX: which Secret each is in. */
import { previewHost } from "./hosts";
import { previewName, routeName } from "./labels";

/** Where the certificate of a host comes from. */
export type Tls =
  /** A TLS Secret that somebody else keeps up to date; it must cover the host and `preview.<host>`. */
  | { kind: "secret"; name: string }
  /** A cert-manager ClusterIssuer; the Secret is made by it. */
  | { kind: "issuer"; name: string };

/** What NGINX shows for one host. */
export interface Certificate {
  host: string;
  secretName: string;
  /** True where it is made only once the host's Ingress is there. */
  issuedOnDemand: boolean;
}

/** The Secret of the certificate that an Ingress is to have. */
export function certificateSecret(tls: Tls, ingress: string): string {
  return tls.kind === "secret" ? tls.name : `${ingress}-tls`;
}

/** What is shown for the host that users call, and for the testers' one. */
export function certificatesOf(service: string, host: string, tls: Tls | undefined): Certificate[] {
  if (tls === undefined) return [];
  const issuedOnDemand = tls.kind === "issuer";
  return [
    { host, secretName: certificateSecret(tls, routeName(service)), issuedOnDemand },
    { host: previewHost(host), secretName: certificateSecret(tls, previewName(service)), issuedOnDemand },
  ];
}
