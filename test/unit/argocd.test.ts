import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";

const read = (file: string): unknown => parse(readFileSync(`examples/argocd/${file}`, "utf8"));

const application = z
  .object({
    spec: z.object({
      source: z.object({ path: z.string(), repoURL: z.string() }),
      destination: z.object({ namespace: z.string() }),
      syncPolicy: z.record(z.string(), z.unknown()),
    }),
  })
  .parse(read("application.yaml"));

const stack = z
  .object({
    spec: z.looseObject({
      stack: z.string(),
      projectRepo: z.string(),
      // Digits alone would be a number, which the operator refuses.
      commit: z.string().length(40),
      serviceAccountName: z.string(),
      continueResyncOnCommitMatch: z.boolean(),
      destroyOnFinalize: z.boolean(),
    }),
  })
  .parse(read("stack/stack.yaml"));

describe("the example of Argo CD", () => {
  it("releases when somebody syncs, and never by itself", () => {
    expect(application.spec.syncPolicy).not.toHaveProperty("automated");
    expect(stack.spec).not.toHaveProperty("branch");
    expect(stack.spec.continueResyncOnCommitMatch).toBe(false);
    expect(stack.spec.destroyOnFinalize).toBe(false);
  });

  it("fits together: the path, the stack's file, the service account", () => {
    expect(existsSync(`${application.spec.source.path}/stack.yaml`)).toBe(true);
    expect(application.spec.source.repoURL).toBe(stack.spec.projectRepo);
    expect(existsSync(`Pulumi.${stack.spec.stack}.yaml`)).toBe(true);
    const text = readFileSync("examples/argocd/stack/serviceAccount.yaml", "utf8");
    const [account, binding] = parseAllDocuments(text).map((document) => z.unknown().parse(document.toJS()));
    expect(account).toMatchObject({ metadata: { name: stack.spec.serviceAccountName } });
    expect(binding).toMatchObject({
      subjects: [{ name: stack.spec.serviceAccountName, namespace: application.spec.destination.namespace }],
    });
  });
});
