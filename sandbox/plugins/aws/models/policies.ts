/** Checks of IAM policies, which AWS's models take for any text. */
import { isObject, type Values } from "../../shared/values";

/** What a policy is attached to: an identity, a role as the right to take it on, or a resource. */
type PolicyKind = "identity" | "trust" | "resource";

const versions = ["2012-10-17", "2008-10-17"];
const elements = [
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
];

/** The grammar is that of docs.aws.amazon.com/IAM, Grammar of the IAM JSON policy language. */
export function policyFault(kind: PolicyKind): (text: string) => string | undefined {
  return (text) => {
    const policy = parsed(text);
    if (!isObject(policy)) return "is no policy; AWS takes a JSON object";
    const { Version: version, Statement: statement } = policy;
    if (version !== undefined && !versions.some((known) => known === version))
      return `has the Version ${JSON.stringify(version)}; AWS takes ${versions.join(" or ")}`;
    const statements = Array.isArray(statement) ? statement : [statement];
    if (statement === undefined || statements.length === 0) return "has no Statement; AWS requires one";
    return statements
      .map((one, index) => {
        const fault = isObject(one) ? statementFault(kind, one) : "is no JSON object";
        return fault === undefined ? undefined : `has a Statement (number ${index + 1}) that ${fault}`;
      })
      .find((fault) => fault !== undefined);
  };
}

export function jsonFault(text: string): string | undefined {
  return isObject(parsed(text)) ? undefined : "is not accepted; AWS takes a JSON object";
}

function statementFault(kind: PolicyKind, statement: Values): string | undefined {
  const has = (element: string) => element in statement || `Not${element}` in statement;
  const effect = statement["Effect"];
  if (effect === undefined) return "has no Effect; AWS takes Allow or Deny";
  if (effect !== "Allow" && effect !== "Deny")
    return `has the Effect ${JSON.stringify(effect)}; AWS takes Allow or Deny`;
  const strange = Object.keys(statement).find((element) => !elements.includes(element));
  if (strange !== undefined) return `has the element ${strange}; AWS takes ${elements.join(", ")}`;
  if (!has("Action")) return "has no Action; AWS requires one";
  if (kind === "identity") {
    if (has("Principal")) return "has a Principal; AWS takes none where the policy belongs to an identity";
    if (!has("Resource")) return "has no Resource; AWS requires one";
  } else if (!has("Principal")) return "has no Principal; AWS requires one";
  if (kind === "trust" && has("Resource")) return "has a Resource; AWS takes none where a role is trusted to somebody";
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
