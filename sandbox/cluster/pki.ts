/** The cluster's certificates: one authority, one key pair for each component, made once and kept. */
import "reflect-metadata";
import type { webcrypto } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import * as x509 from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const day = 24 * 60 * 60 * 1000;

export interface KeyPair {
  certificate: string;
  key: string;
}

/** What a certificate says: the subject, such as `O=system:masters, CN=admin`, and the names that a server answers to. */
export interface Identity {
  subject: string;
  names?: x509.JsonGeneralNames;
}

export interface Authority extends KeyPair {
  /** Files that components are pointed at. */
  certificatePath: string;
  /** Issues a certificate for servers and clients, or returns the one that was issued before. */
  issue(name: string, identity: Identity): Promise<KeyPair & { certificatePath: string; keyPath: string }>;
}

/** Opens the authority whose files are in `directory`, or founds it. */
export async function openAuthority(directory: string): Promise<Authority> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const ca = await kept(directory, "ca", async () => {
    const keys = await generateKeys();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      ...validity(),
      name: "CN=facefusion-sandbox",
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return { certificate: certificate.toString("pem"), key: await exportKey(keys.privateKey) };
  });
  return { ...ca, issue: (name, identity) => kept(directory, name, () => signed(ca, identity)) };
}

async function signed(ca: KeyPair, { subject, names = [] }: Identity): Promise<KeyPair> {
  const keys = await generateKeys();
  const issuer = new x509.X509Certificate(ca.certificate);
  const certificate = await x509.X509CertificateGenerator.create({
    ...validity(),
    subject,
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey: await importKey(ca.key),
    signingAlgorithm: algorithm,
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
      ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return { certificate: certificate.toString("pem"), key: await exportKey(keys.privateKey) };
}

/** Reads the pair from the directory, or makes it and writes it there. */
async function kept(directory: string, name: string, make: () => Promise<KeyPair>) {
  const certificatePath = path.join(directory, `${name}.crt`);
  const keyPath = path.join(directory, `${name}.key`);
  if (!existsSync(certificatePath) || !existsSync(keyPath)) {
    const made = await make();
    writeFileSync(keyPath, made.key, { mode: 0o600 });
    writeFileSync(certificatePath, made.certificate);
  }
  return {
    certificatePath,
    keyPath,
    certificate: readFileSync(certificatePath, "utf8"),
    key: readFileSync(keyPath, "utf8"),
  };
}

/** From an hour ago, for clocks that differ, to a year from now. */
function validity() {
  const now = Date.now();
  return { notBefore: new Date(now - day / 24), notAfter: new Date(now + 365 * day) };
}

async function generateKeys() {
  return crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}

async function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const [der] = x509.PemConverter.decode(pem);
  if (der === undefined) throw new Error("the authority's key file holds no key");
  return crypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]);
}
