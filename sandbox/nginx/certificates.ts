/** Certificates of hosts: what a TLS Secret holds, checked, as NGINX reads it from one file. */
import { createHash } from "node:crypto";
import { createSecureContext } from "node:tls";
import type { Secret } from "./objects";

/** The certificate of hosts that have none of their own; made with the first configuration. */
export const defaultCertificate = "default.pem";

export interface Certificate {
  /** File name, made of the content: a renewed certificate changes the configuration, and so is loaded. */
  file: string;
  /** Chain and key. */
  pem: string;
}

/** The certificate in a Secret, or what is wrong with it. */
export function readCertificate(secret: Secret): Certificate | { fault: string } {
  const cert = decode(secret.data?.["tls.crt"]);
  const key = decode(secret.data?.["tls.key"]);
  if (cert === "" || key === "") return { fault: "it lacks tls.crt or tls.key" };
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    return {
      fault: `its certificate and key cannot be used: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
  const pem = `${cert.trimEnd()}\n${key.trimEnd()}\n`;
  return { file: `${createHash("sha256").update(pem).digest("hex").slice(0, 32)}.pem`, pem };
}

function decode(base64: string | undefined): string {
  return Buffer.from(base64 ?? "", "base64").toString();
}
