/**
 * How a policy of the guard becomes a ValidatingAdmissionPolicy: who is exempt, and what everybody else is told.
 *
 * The expressions are CEL. `object` is null on a DELETE, `oldObject` on a CREATE. JSON's lists, maps and strings are
 * CEL's, too.
 */
import type * as k8s from "@pulumi/kubernetes";

/** Who may do what is refused to everybody else. */
export interface Permitted {
  /** Groups of users, as the API server knows them. */
  groups: string[];
  /** Service accounts, each as `namespace/name`. */
  serviceAccounts: string[];
  /** Whom to ask: a person, a channel, an address. */
  contact: string;
}

/** What is refused to everybody else. */
export interface GuardPolicy {
  /** What is looked at: an API group and its resources. */
  resources: readonly (readonly [group: string, ...resources: string[]])[];
  operations?: readonly ("CREATE" | "UPDATE" | "DELETE")[];
  /** True where the other namespaces are looked at, too. */
  everywhere?: boolean;
  /** Kubernetes' own controllers whose work this is. */
  controllers?: readonly string[];
  /** Expressions that others use as `variables.<name>`, each after those that it uses. `subject` is always there. */
  variables?: Readonly<Record<string, string>>;
  /** When a request is refused, and an expression that gives the reason in words. */
  refusals: readonly { when: string; because: string }[];
}

/** Any value as CEL writes it. */
export const cel = (value: unknown): string => JSON.stringify(value);

/** They remove what has lost its owner or its namespace. Where controllers have no identities of their own, they are this one user. */
const cleaners = ["generic-garbage-collector", "namespace-controller"];
const controllerManager = "system:kube-controller-manager";

const everyOperation = ["CREATE", "UPDATE", "DELETE"] as const;

export function guardPolicySpec(
  policy: GuardPolicy,
  namespace: string,
  permitted: Permitted,
): k8s.types.input.admissionregistration.v1.ValidatingAdmissionPolicySpec {
  const controllers = [...cleaners, ...(policy.controllers ?? [])].map((name) => userOf(`kube-system/${name}`));
  const users = permitted.serviceAccounts.map(userOf);
  const variables = { subject: "object == null ? oldObject : object", ...policy.variables };
  return {
    failurePolicy: "Fail",
    matchConstraints: {
      ...(policy.everywhere !== true && {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
      }),
      resourceRules: policy.resources.map(([group, ...resources]) => ({
        apiGroups: [group],
        apiVersions: ["*"],
        resources,
        operations: [...(policy.operations ?? everyOperation)],
      })),
    },
    matchConditions: [
      {
        name: "no-controller",
        expression: `!(request.userInfo.username in ${cel([controllerManager, ...controllers])})`,
      },
      { name: "not-permitted-by-name", expression: `!(request.userInfo.username in ${cel(users)})` },
      {
        name: "not-permitted-by-group",
        // A request carries its user's groups only where there are any.
        expression: `!has(request.userInfo.groups) || !request.userInfo.groups.exists(group, group in ${cel(permitted.groups)})`,
      },
    ],
    variables: Object.entries(variables).map(([name, expression]) => ({ name, expression })),
    validations: policy.refusals.map(({ when, because }) => ({
      expression: `!(${when})`,
      reason: "Forbidden",
      messageExpression: messageOf(because, permitted),
    })),
  };
}

/** The user that a service account is to the API server. */
function userOf(serviceAccount: string): string {
  return `system:serviceaccount:${serviceAccount.replace("/", ":")}`;
}

/** The refusal in words; one line, since the API server drops a message of several. */
function messageOf(because: string, { groups, serviceAccounts, contact }: Permitted): string {
  const permitted = [...some("the group", groups), ...some("the service account", serviceAccounts)].join(", ");
  const advice = `. Only ${permitted} may. Ask ${contact}.`.replaceAll(/\s+/g, " ");
  return [
    `request.userInfo.username + " may not "`,
    `{"CREATE": "create", "UPDATE": "change", "DELETE": "delete"}[request.operation]`,
    `" " + request.resource.resource + "/" + variables.subject.metadata.name + ": "`,
    because,
    cel(advice),
  ].join(" + ");
}

function some(what: string, names: readonly string[]): string[] {
  return names.map((name) => `${what} ${name}`);
}
