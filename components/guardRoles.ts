/** What the guard's two roles may do: as little as their work needs, as data. */
import type * as k8s from "@pulumi/kubernetes";

type Rule = k8s.types.input.rbac.v1.PolicyRule;

export type RoleName = "release-manager" | "viewer";

export interface RoleRules {
  /** In the services' namespace. */
  namespaced: Rule[];
  /** Of what belongs to no namespace. */
  clusterWide: Rule[];
}

const read = ["get", "list", "watch"];
const write = ["create", "update", "patch", "delete"];

/** What a release changes. */
const released: readonly (readonly [group: string, ...resources: string[]])[] = [
  ["", "services", "configmaps", "persistentvolumeclaims"],
  ["apps", "deployments"],
  ["batch", "jobs"],
  ["networking.k8s.io", "ingresses"],
  ["policy", "poddisruptionbudgets"],
];

/** What tells how a release is doing, and what an update looks at though only another version of the program changes it. */
const seen: readonly (readonly [group: string, ...resources: string[]])[] = [
  ["", "pods", "events", "endpoints", "serviceaccounts"],
  ["apps", "replicasets"],
  ["discovery.k8s.io", "endpointslices"],
  ["events.k8s.io", "events"],
  ["rbac.authorization.k8s.io", "roles", "rolebindings"],
];

/** @param policies Names of the guard's policies, which are also those of their bindings. */
export function roleRules(namespace: string, policies: readonly string[]): Record<RoleName, RoleRules> {
  const clusterRoles = [clusterRoleName(namespace, "release-manager"), clusterRoleName(namespace, "viewer")];
  const viewer: RoleRules = {
    namespaced: [
      ...[...released, ...seen].map(([group, ...resources]) => ({ apiGroups: [group], resources, verbs: read })),
      { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
      // The services' own metrics, where there is no Prometheus.
      { apiGroups: [""], resources: ["pods/proxy"], verbs: ["get"] },
    ],
    clusterWide: [
      { apiGroups: [""], resources: ["nodes", "persistentvolumes"], verbs: read },
      { apiGroups: [""], resources: ["namespaces"], resourceNames: [namespace], verbs: ["get"] },
      // The guard itself: to see that it stands. Changing it is an administrator's.
      {
        apiGroups: ["admissionregistration.k8s.io"],
        resources: ["validatingadmissionpolicies", "validatingadmissionpolicybindings"],
        resourceNames: [...policies],
        verbs: ["get"],
      },
      {
        apiGroups: ["rbac.authorization.k8s.io"],
        resources: ["clusterroles", "clusterrolebindings"],
        resourceNames: clusterRoles,
        verbs: ["get"],
      },
    ],
  };
  return {
    viewer,
    "release-manager": {
      namespaced: [
        ...viewer.namespaced,
        ...released.map(([group, ...resources]) => ({ apiGroups: [group], resources, verbs: write })),
        // Which Pods go first when a colour shrinks is an annotation on them.
        { apiGroups: [""], resources: ["pods"], verbs: ["patch"] },
      ],
      clusterWide: [
        ...viewer.clusterWide,
        // Another version of the models is another volume.
        { apiGroups: [""], resources: ["persistentvolumes"], verbs: write },
      ],
    },
  };
}

/** What belongs to no namespace is named after the one it serves, so that two stacks can share a cluster. */
export function clusterRoleName(namespace: string, role: RoleName): string {
  return `${namespace}-${role}`;
}
