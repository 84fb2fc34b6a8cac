/** An IAM policy from the arguments of aws.iam.getPolicyDocument. No AWS is needed for it: it is text from text. */
import type { Value, Values } from "../shared/values";
import { objectsIn, textsIn } from "./arguments";

export function policyDocument(args: Values): Values {
  for (const merged of ["sourcePolicyDocuments", "overridePolicyDocuments", "sourceJson", "overrideJson"]) {
    if (args[merged] !== undefined) throw new Error(`the sandbox's AWS recorder cannot merge policies (${merged})`);
  }
  return withoutEmpty({
    Version: args["version"] ?? "2012-10-17",
    Id: args["policyId"],
    Statement: objectsIn(args["statements"]).map(statement),
  });
}

function statement(args: Values): Values {
  return withoutEmpty({
    Sid: args["sid"],
    Effect: args["effect"] ?? "Allow",
    Action: oneOrMany(args["actions"]),
    NotAction: oneOrMany(args["notActions"]),
    Resource: oneOrMany(args["resources"]),
    NotResource: oneOrMany(args["notResources"]),
    Principal: principals(args["principals"]),
    NotPrincipal: principals(args["notPrincipals"]),
    Condition: conditions(args["conditions"]),
  });
}

/** `"*"` alone means everybody; otherwise identifiers are gathered by type. */
function principals(value: Value | undefined): Value | undefined {
  const byType: Record<string, string[]> = {};
  for (const { type, identifiers } of objectsIn(value)) {
    if (typeof type !== "string") continue;
    byType[type] = [...(byType[type] ?? []), ...textsIn(identifiers)];
  }
  if (byType["*"] !== undefined) return "*";
  return withoutEmpty(Object.fromEntries(Object.entries(byType).map(([type, texts]) => [type, oneOrMany(texts)])));
}

function conditions(value: Value | undefined): Values {
  const byTest: Record<string, Values> = {};
  for (const { test, variable, values } of objectsIn(value)) {
    if (typeof test !== "string" || typeof variable !== "string") continue;
    byTest[test] = { ...byTest[test], [variable]: oneOrMany(values) ?? [] };
  }
  return byTest;
}

/** One text stands alone; several are sorted in reverse, as the official provider writes them. `&{` escapes `${`. */
function oneOrMany(value: Value | undefined): Value | undefined {
  const texts = textsIn(value).map((item) => item.replaceAll("&{", "${"));
  return texts.length === 1 ? texts[0] : texts.sort().reverse();
}

function withoutEmpty(values: Readonly<Record<string, Value | undefined>>): Values {
  const filled: Values = {};
  for (const [key, value] of Object.entries(values)) {
    const empty =
      value === undefined || value === "" || (typeof value === "object" && Object.keys(value ?? {}).length === 0);
    if (!empty) filled[key] = value;
  }
  return filled;
}
