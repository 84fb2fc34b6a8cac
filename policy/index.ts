/** The policy pack: what every stack of this project must keep to. docs/policy.md tells what each policy is for. */
import {
  PolicyPack,
  type PolicyResource,
  type ReportViolation,
  type ResourceValidation,
  type ResourceValidationPolicy,
  type StackValidation,
  type StackValidationPolicy,
} from "@pulumi/policy";
import { bucketRules } from "./buckets";
import { containers } from "./containers";
import { cost } from "./cost";
import { encryption } from "./encryption";
import { gpuFamilies } from "./gpuFamilies";
import { images } from "./images";
import { instanceMetadata } from "./instanceMetadata";
import { isolation } from "./isolation";
import { plain } from "./plain";
import { routeRules } from "./routes";
import { Findings, type Context, type Resource, type ResourceRule, type Rule, type StackRule } from "./rule";
import { schedules } from "./schedules";
import { stackConfig } from "./stackConfig";

const rules: readonly Rule[] = [
  gpuFamilies,
  schedules,
  ...bucketRules,
  encryption,
  instanceMetadata,
  containers,
  images,
  ...routeRules,
  isolation,
  cost,
];

/**
 * The inputs of each resource that the engine has shown, by URN. It shows all of them before the stack as a whole, and a
 * provider whose own configuration is not known yet, such as that of a cluster still to be made, plans no outputs at all.
 */
const inputs = new Map<string, unknown>();

new PolicyPack("facefusion", { enforcementLevel: "mandatory", policies: rules.map(policyOf) });

function policyOf(rule: Rule): ResourceValidationPolicy | StackValidationPolicy {
  const { name, description, configSchema } = rule;
  const common = { name, description, ...(configSchema && { configSchema }) };
  return "types" in rule
    ? { ...common, validateResource: validateResource(rule) }
    : { ...common, validateStack: validateStack(rule) };
}

function validateResource(rule: ResourceRule): ResourceValidation {
  return (args, report) => {
    const { urn, type, name } = args;
    const props = inputs.get(urn) ?? plain(args.props);
    inputs.set(urn, props);
    if (!rule.types.includes(type)) return;
    const findings = new Findings();
    rule.check({ urn, type, name, props, madeFrom: {} }, findings, contextOf(args));
    tell(findings, report);
  };
}

function validateStack(rule: StackRule): StackValidation {
  return (args, report) => {
    const findings = new Findings();
    rule.checkStack(args.resources.map(resourceOf), findings, contextOf(args));
    tell(findings, report);
  };
}

function contextOf(args: { getConfig: () => object }): Context {
  return { config: args.getConfig(), stackConfig };
}

function resourceOf({ urn, type, name, props, propertyDependencies }: PolicyResource): Resource {
  const madeFrom = Object.fromEntries(
    Object.entries(propertyDependencies).map(([property, owners]) => [property, owners.map((owner) => owner.urn)]),
  );
  const outputs = Object.keys(props).length > 0 ? plain(props) : inputs.get(urn);
  return { urn, type, name, props: outputs, madeFrom };
}

function tell({ violations, unknowns }: Findings, report: ReportViolation): void {
  for (const { message, urn } of violations) report(message, urn);
  // After the violations: the SDK adds, as advice, that this value could not be looked at.
  if (unknowns[0] !== undefined) throw unknowns[0].reason;
}
