/**
 * Only those who may switch can switch: the API server itself refuses everybody else, by whatever way they try.
 *
 * Two things that are no use without each other. RBAC gives the people and pipelines that release what their work needs,
 * and others a look. Admission policies refuse what leads requests elsewhere to all who are not named, whatever RBAC has
 * given them: editors of the namespace, controllers, administrators. docs/guard.md says what is covered, and what cannot be.
 */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { guardPolicies, type Guarded } from "./guardPolicies";
import { guardPolicySpec, type GuardPolicy, type Permitted } from "./guardPolicy";
import { clusterRoleName, roleRules, type RoleName } from "./guardRoles";

export interface SwitchGuardArgs extends Permitted {
  /** Where the services are. */
  namespace: pulumi.Input<string>;
  services: Guarded["services"];
  /** Groups that may look. */
  viewers: string[];
}

export class SwitchGuard extends pulumi.ComponentResource {
  constructor(name: string, args: SwitchGuardArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:SwitchGuard", name, {}, opts);
    const releasers = [...args.groups.map(group), ...args.serviceAccounts.map(serviceAccount)];
    this.let(releasers, "release-manager", name, args);
    this.let(args.viewers.map(group), "viewer", name, args);
    for (const [about, policy] of Object.entries(guardPolicies)) this.refuse(about, policy, name, args);
    this.registerOutputs();
  }

  /** A role in the namespace, another for what belongs to none, and who has them. */
  private let(subjects: Subject[], role: RoleName, name: string, args: SwitchGuardArgs): void {
    const namespace = pulumi.output(args.namespace);
    const rules = namespace.apply((its) => roleRules(its, guardPolicyNames(its))[role]);
    const inside = { name: role, namespace };
    const beyond = { name: namespace.apply((its) => clusterRoleName(its, role)) };
    const child = { parent: this };
    const local = new k8s.rbac.v1.Role(`${name}-${role}`, { metadata: inside, rules: rules.namespaced }, child);
    const clusterWide = new k8s.rbac.v1.ClusterRole(
      `${name}-${role}-cluster`,
      { metadata: beyond, rules: rules.clusterWide },
      child,
    );
    if (subjects.length === 0) return;
    new k8s.rbac.v1.RoleBinding(
      `${name}-${role}-binding`,
      { metadata: inside, roleRef: { apiGroup, kind: "Role", name: local.metadata.name }, subjects },
      child,
    );
    new k8s.rbac.v1.ClusterRoleBinding(
      `${name}-${role}-cluster-binding`,
      { metadata: beyond, roleRef: { apiGroup, kind: "ClusterRole", name: clusterWide.metadata.name }, subjects },
      child,
    );
  }

  /** A policy, and the binding that puts it in force. */
  private refuse(about: string, policy: (guarded: Guarded) => GuardPolicy, name: string, args: SwitchGuardArgs): void {
    const namespace = pulumi.output(args.namespace);
    const metadata = { name: namespace.apply((its) => policyName(its, about)) };
    const spec = namespace.apply((its) => {
      const guarded = { namespace: its, services: args.services };
      return guardPolicySpec(policy(guarded), its, args);
    });
    const child = { parent: this };
    const rules = new k8s.admissionregistration.v1.ValidatingAdmissionPolicy(
      `${name}-${about}`,
      { metadata, spec },
      child,
    );
    new k8s.admissionregistration.v1.ValidatingAdmissionPolicyBinding(
      `${name}-${about}-binding`,
      { metadata, spec: { policyName: rules.metadata.name, validationActions: ["Deny"] } },
      child,
    );
  }
}

/** The names of the policies, and of their bindings, that guard a namespace. */
export function guardPolicyNames(namespace: string): string[] {
  return Object.keys(guardPolicies).map((about) => policyName(namespace, about));
}

function policyName(namespace: string, about: string): string {
  return `${namespace}-switch-guard-${about}`;
}

const apiGroup = "rbac.authorization.k8s.io";

type Subject = k8s.types.input.rbac.v1.Subject;

function group(name: string): Subject {
  return { apiGroup, kind: "Group", name };
}

/** @param account As `namespace/name`. */
function serviceAccount(account: string): Subject {
  const [namespace = "", name = ""] = account.split("/");
  return { kind: "ServiceAccount", namespace, name };
}
