import { describe, expect, it } from "vitest";
import { EncryptionKey } from "../../../components/encryptionKey";
import { at } from "../../support/graph";
import { record } from "../../support/mocks";

const user = {
  Sid: "Cluster",
  Effect: "Allow" as const,
  Principal: { AWS: "arn:aws:iam::123456789012:role/cluster" },
  Action: "kms:Decrypt",
  Resource: "*",
};

describe("an encryption key", () => {
  it("is managed by the account and used by those it is for", async () => {
    const { graph } = await record(() => new EncryptionKey("secrets", { description: "Secrets", users: [user] }));
    const { inputs, protect } = graph.one("Key", "secrets-key");
    expect(protect).toBe(true);
    expect(at(inputs, "enableKeyRotation")).toBe(true);
    const statements = at(JSON.parse(String(at(inputs, "policy"))), "Statement");
    expect(statements).toEqual([
      {
        Sid: "Account",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::123456789012:root" },
        Action: "kms:*",
        Resource: "*",
      },
      user,
    ]);
  });

  it("has a name that people recognise, and no other stack has", async () => {
    const { graph } = await record(() => new EncryptionKey("secrets", { description: "Secrets", users: [] }));
    expect(graph.one("Alias", "secrets-alias").inputs).toMatchObject({
      name: "alias/facefusion-test-secrets",
      targetKeyId: "0a1b2c3d",
    });
  });
});
