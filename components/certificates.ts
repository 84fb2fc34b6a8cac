/** The certificate of a host, where TLS ends at NGINX: which Secret it is in, and how a Job reads it. */

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

/** How a Job gets at a certificate: as a file, where the Secret is there; nothing at all where there is no TLS. */
export function certificateFile(certificate: Certificate | undefined) {
  if (certificate === undefined) return { environment: {}, mounts: [], volumes: [] };
  const mountPath = "/certificate";
  const key = "tls.crt";
  const told = { ...certificate, file: `${mountPath}/${key}` };
  // A first deployment makes the namespace itself, and a Secret cannot be there before: no Pod may wait for it.
  const secret = { secretName: certificate.secretName, optional: true, items: [{ key, path: key }] };
  return {
    environment: { CERTIFICATE: JSON.stringify(told) },
    mounts: [{ name: "certificate", mountPath, readOnly: true }],
    volumes: [{ name: "certificate", secret }],
  };
}
