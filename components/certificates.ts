/** The certificate of a host, where TLS ends at NGINX: which Secret it is in. */

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
}

/** The Secret of the certificate that an Ingress is to have. */
export function certificateSecret(tls: Tls, ingress: string): string {
  return tls.kind === "secret" ? tls.name : `${ingress}-tls`;
}
