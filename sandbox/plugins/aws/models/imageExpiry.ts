/** Check of an ECR lifecycle policy, which AWS's model takes for any text. */
import { isObject, type Value, type Values } from "../../shared/values";
import { firstTwice, parsed } from "./policies";

const tagStatuses = ["tagged", "untagged", "any"];
const countTypes = ["imageCountMoreThan", "sinceImagePushed", "sinceImagePulled", "sinceImageTransitioned"];
const actions = ["expire", "transition"];
const classes = ["standard", "archive"];

/** Source: docs.aws.amazon.com/AmazonECR, Lifecycle policy properties. */
export function imageExpiryFault(text: string): string | undefined {
  const policy = parsed(text);
  const rules = isObject(policy) ? policy["rules"] : undefined;
  if (!Array.isArray(rules) || rules.length === 0) return "is not accepted; AWS takes a JSON object with rules";
  for (const [index, rule] of rules.entries()) {
    const fault = isObject(rule) ? ruleFault(rule) : "is no JSON object";
    if (fault !== undefined) return `has a rule (number ${index + 1}) that ${fault}`;
  }
  const priorities = rules.map((rule) => Number((rule as Values)["rulePriority"]));
  const twice = firstTwice(priorities);
  if (twice !== undefined) return `has two rules with the rulePriority ${twice}; AWS takes each once`;
  const last = rules.find((_rule, index) => priorities[index] === Math.max(...priorities));
  const ofAny = rules.find((rule) => selectionOf(rule)["tagStatus"] === "any");
  return ofAny === undefined || ofAny === last
    ? undefined
    : 'has a rule with the tagStatus "any" before another; AWS takes it with the highest rulePriority';
}

function ruleFault(rule: Values): string | undefined {
  const selection = selectionOf(rule);
  const { tagStatus, tagPatternList, tagPrefixList, countType, countUnit, countNumber, storageClass } = selection;
  const action = isObject(rule["action"]) ? rule["action"] : {};
  const byTags = tagPatternList ?? tagPrefixList;
  return (
    wholeFault("rulePriority", rule["rulePriority"]) ??
    choiceFault("tagStatus", tagStatus, tagStatuses) ??
    (tagStatus === "tagged" && byTags === undefined
      ? "has neither tagPatternList nor tagPrefixList; AWS requires one with the tagStatus tagged"
      : undefined) ??
    (tagStatus !== "tagged" && byTags !== undefined
      ? `has tags to look for; AWS takes none with the tagStatus ${JSON.stringify(tagStatus)}`
      : undefined) ??
    choiceFault("countType", countType, countTypes) ??
    wholeFault("countNumber", countNumber) ??
    (countType === "imageCountMoreThan" ? undefined : choiceFault("countUnit", countUnit, ["days"])) ??
    (storageClass === undefined ? undefined : choiceFault("storageClass", storageClass, classes)) ??
    choiceFault("action.type", action["type"], actions)
  );
}

function selectionOf(rule: Value): Values {
  return isObject(rule) && isObject(rule["selection"]) ? rule["selection"] : {};
}

function choiceFault(name: string, value: Value | undefined, accepted: readonly string[]): string | undefined {
  return accepted.some((one) => one === value)
    ? undefined
    : `has ${shown(name, value)}; AWS takes ${accepted.join(", ")}`;
}

function wholeFault(name: string, value: Value | undefined): string | undefined {
  return Number.isInteger(value) && Number(value) >= 1
    ? undefined
    : `has ${shown(name, value)}; AWS takes a whole number from 1`;
}

function shown(name: string, value: Value | undefined): string {
  return value === undefined ? `no ${name}` : `the ${name} ${JSON.stringify(value)}`;
}
