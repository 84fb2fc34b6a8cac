import { webcrypto } from "node:crypto";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { describe, expect, it } from "vitest";
import { certificateState } from "../../../release/doctor/collect";

async function aCertificate(host: string, notAfter: Date): Promise<Buffer> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${host}`,
    notAfter,
    keys,
    signingAlgorithm: algorithm,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: "dns", value: host }])],
  });
  return Buffer.from(certificate.toString("pem"));
}

describe("a certificate", () => {
  it("says until when it is good, and for which hosts", async () => {
    const state = certificateState(await aCertificate("*.example.com", new Date("2030-01-02T03:04:05Z")));
    if (state.kind !== "present") throw new Error(state.kind);
    expect(state.expires).toEqual(new Date("2030-01-02T03:04:05Z"));
    expect(["facefusion.example.com", "preview.facefusion.example.com"].map(state.covers)).toEqual([true, false]);
  });

  it("is none where its Secret holds something else", () => {
    expect(certificateState(Buffer.from("nothing"))).toMatchObject({ kind: "unreadable" });
  });
});
