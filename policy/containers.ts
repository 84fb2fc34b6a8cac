/** Pictures of strangers are decoded in these containers: one that is taken over must find nothing to go on with. */
import { podKinds, podOf } from "./pods";
import { items, part, shown, Unknown } from "./plain";
import type { ResourceRule } from "./rule";

interface Demand {
  /** As in the container's specification. */
  path: readonly string[];
  /** True where the Pod's own security context counts as well; the container's wins. */
  byPod?: true;
  accepted: (value: unknown) => boolean;
  remedy: string;
}

const demands: readonly Demand[] = [
  { path: ["runAsNonRoot"], byPod: true, accepted: (v) => v === true, remedy: "runAsNonRoot: true" },
  { path: ["allowPrivilegeEscalation"], accepted: (v) => v === false, remedy: "allowPrivilegeEscalation: false" },
  { path: ["readOnlyRootFilesystem"], accepted: (v) => v === true, remedy: "readOnlyRootFilesystem: true" },
  {
    path: ["capabilities", "drop"],
    accepted: (v) => items(v).some((each) => each === "ALL" || each instanceof Unknown),
    remedy: 'capabilities.drop: ["ALL"]',
  },
  {
    path: ["capabilities", "add"],
    // The one that Kubernetes' own standard, restricted, allows as well.
    accepted: (v) => items(v).every((each) => each === "NET_BIND_SERVICE"),
    remedy: "no capabilities.add",
  },
  { path: ["privileged"], accepted: (v) => v !== true, remedy: "no privileged" },
  {
    path: ["seccompProfile", "type"],
    byPod: true,
    accepted: (v) => v === "RuntimeDefault" || v === "Localhost",
    remedy: "seccompProfile.type: RuntimeDefault",
  },
];

const namespaces = ["hostNetwork", "hostPID", "hostIPC"];

export const containers: ResourceRule = {
  name: "restricted-containers",
  description: "Containers run as nobody in particular, cannot become more, and write to nothing but their volumes.",
  types: podKinds,
  check(resource, findings) {
    const pod = podOf(resource);
    for (const key of namespaces) {
      const message = `${resource.name}: ${key} is true. Leave it out: the Pod would share that with its node.`;
      findings.demand(part(pod.spec, key), (each) => each !== true, message);
    }
    for (const container of findings.known(pod.containers)) {
      for (const { path, byPod, accepted, remedy } of demands) {
        const own = part(container, "securityContext", ...path);
        const value = own ?? (byPod && part(pod.spec, "securityContext", ...path));
        const container_ = shown(part(container, "name"));
        const message = `${resource.name}: container ${container_} has ${path.join(".")} ${shown(value)}. Set securityContext with ${remedy}.`;
        findings.demand(value, accepted, message);
      }
    }
  },
};
