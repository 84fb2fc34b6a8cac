/** Checks of IAM policies, which AWS's models take for any text. */
import { isObject } from "../../shared/values";
import { statementFault, type PolicyKind } from "./policyStatements";

const versions = ["2012-10-17", "2008-10-17"];

/**
 * The grammar is that of docs.aws.amazon.com/IAM, Grammar of the IAM JSON policy language. Values in it that are not known
 * yet pass.
 *
 * @param maxLength What the quotas of IAM (same place, IAM and AWS STS quotas) let such a policy have, white space aside.
 */
export function policyFault(kind: PolicyKind, maxLength?: number): (text: string) => string | undefined {
  return (text) => {
    const policy = parsed(text);
    if (!isObject(policy)) return "is no policy; AWS takes a JSON object";
    const { Version: version, Statement: statement } = policy;
    if (version !== undefined && !versions.some((known) => known === version))
      return `has the Version ${JSON.stringify(version)}; AWS takes ${versions.join(" or ")}`;
    const statements = Array.isArray(statement) ? statement : [statement];
    if (statement === undefined || statements.length === 0) return "has no Statement; AWS requires one";
    for (const [index, one] of statements.entries()) {
      const fault = isObject(one) ? statementFault(kind, one) : "is no JSON object";
      if (fault !== undefined) return `has a Statement (number ${index + 1}) that ${fault}`;
    }
    const twice = firstTwice(statements.flatMap((one) => (isObject(one) ? (one["Sid"] ?? []) : [])));
    if (twice !== undefined) return `has the Sid ${JSON.stringify(twice)} twice; AWS takes each once`;
    const { length } = text.replaceAll(/\s/g, "");
    return maxLength !== undefined && length > maxLength
      ? `has ${length} characters besides white space; AWS takes at most ${maxLength}`
      : undefined;
  };
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function firstTwice<T>(items: readonly T[]): T | undefined {
  return items.find((item, index) => items.indexOf(item) < index);
}
