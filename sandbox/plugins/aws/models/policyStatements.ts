/** Checks of one statement of an IAM policy. */
import { isObject, unknown, type Value, type Values } from "../../shared/values";

/** What a policy is attached to: an identity, a role as the right to take it on, or a resource. */
export type PolicyKind = "identity" | "trust" | "resource";

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
const principals = ["AWS", "CanonicalUser", "Federated", "Service"];

/** Source: docs.aws.amazon.com/IAM, IAM JSON policy elements: Condition operators. */
const operators = [
  "StringEquals",
  "StringNotEquals",
  "StringEqualsIgnoreCase",
  "StringNotEqualsIgnoreCase",
  "StringLike",
  "StringNotLike",
  "NumericEquals",
  "NumericNotEquals",
  "NumericLessThan",
  "NumericLessThanEquals",
  "NumericGreaterThan",
  "NumericGreaterThanEquals",
  "DateEquals",
  "DateNotEquals",
  "DateLessThan",
  "DateLessThanEquals",
  "DateGreaterThan",
  "DateGreaterThanEquals",
  "Bool",
  "BinaryEquals",
  "IpAddress",
  "NotIpAddress",
  "ArnEquals",
  "ArnLike",
  "ArnNotEquals",
  "ArnNotLike",
  "Null",
];

/** @returns What is wrong, as it follows "a Statement that". */
export function statementFault(kind: PolicyKind, statement: Values): string | undefined {
  const { Sid: sid, Effect: effect, Action, NotAction, Resource, NotResource, Condition: condition } = statement;
  if (effect === undefined) return "has no Effect; AWS takes Allow or Deny";
  if (effect !== "Allow" && effect !== "Deny" && effect !== unknown)
    return `has the Effect ${JSON.stringify(effect)}; AWS takes Allow or Deny`;
  const strange = Object.keys(statement).find((element) => !elements.includes(element));
  if (strange !== undefined) return `has the element ${strange}; AWS takes ${elements.join(", ")}`;
  if (kind !== "resource" && sid !== undefined && !matches(sid, /^[A-Za-z0-9]*$/))
    return `has the Sid ${JSON.stringify(sid)}; AWS takes letters and digits`;
  return (
    presenceFault(kind, statement) ??
    principalFault(statement["Principal"] ?? statement["NotPrincipal"]) ??
    eachIs(Action ?? NotAction, "Action", /^(\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$/, "one such as s3:GetObject, or *") ??
    eachIs(Resource ?? NotResource, "Resource", /^(\*|arn:[^:]+:[^:]+:[^:]*:[^:]*:.+)$/s, "an ARN, or *") ??
    conditionFault(condition)
  );
}

function presenceFault(kind: PolicyKind, statement: Values): string | undefined {
  const has = (element: string) => element in statement || `Not${element}` in statement;
  if (!has("Action")) return "has no Action; AWS requires one";
  if (kind === "identity") {
    if (has("Principal")) return "has a Principal; AWS takes none where the policy belongs to an identity";
    if (!has("Resource")) return "has no Resource; AWS requires one";
  } else if (!has("Principal")) return "has no Principal; AWS requires one";
  if (kind === "trust" && has("Resource")) return "has a Resource; AWS takes none where a role is trusted to somebody";
  return undefined;
}

function principalFault(principal: Value | undefined): string | undefined {
  if (principal === undefined || principal === "*" || principal === unknown) return undefined;
  if (!isObject(principal)) return `has the Principal ${JSON.stringify(principal)}; AWS takes *, or an object`;
  const strange = Object.keys(principal).find((type) => !principals.includes(type));
  if (strange !== undefined) return `has a Principal of the type ${strange}; AWS takes ${principals.join(", ")}`;
  return (
    eachIs(principal["Service"], "Service", /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/, "one such as ec2.amazonaws.com") ??
    eachIs(principal["AWS"], "AWS principal", /^(\*|\d{12}|arn:.+|[A-Z0-9]{16,128})$/, "an ARN, an account or *")
  );
}

function conditionFault(condition: Value | undefined): string | undefined {
  if (condition === undefined || condition === unknown) return undefined;
  if (!isObject(condition)) return "has a Condition that is no object";
  for (const [operator, keys] of Object.entries(condition)) {
    const plain = operator.replace(/^For(AllValues|AnyValue):/i, "").replace(/IfExists$/i, "");
    if (!operators.some((known) => known.toLowerCase() === plain.toLowerCase()))
      return `has a Condition with the operator ${operator}; AWS takes ${operators.join(", ")}`;
    if (keys === unknown) continue;
    const strange = isObject(keys) ? Object.keys(keys).find((key) => !/^[^:\s]+:.+$/.test(key)) : operator;
    if (strange !== undefined)
      return `has a Condition on ${JSON.stringify(strange)}; AWS takes keys such as aws:SourceArn with their values`;
  }
  return undefined;
}

/** Whether each of one or more texts is as it should be. */
function eachIs(value: Value | undefined, name: string, pattern: RegExp, accepted: string): string | undefined {
  if (value === undefined) return undefined;
  const wrong = (Array.isArray(value) ? value : [value]).find((item) => !matches(item, pattern));
  return wrong === undefined ? undefined : `has the ${name} ${JSON.stringify(wrong)}; AWS takes ${accepted}`;
}

/** A text that holds something unknown is taken to be right. */
function matches(value: Value, pattern: RegExp): boolean {
  return typeof value === "string" && (value.includes(unknown) || pattern.test(value));
}
