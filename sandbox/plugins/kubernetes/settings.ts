/** The arguments of `kubernetes.Provider`, as the engine passes them: everything but text is JSON in text. */
import { hasUnknown, unknown, withoutSecrets, type Values } from "../shared/values";
import type { Mutability } from "./immutable";
import { objectAt, textAt } from "./objects";

export interface Settings {
  /** A kubeconfig or paths of such; empty for KUBECONFIG and ~/.kube/config. */
  kubeconfig: string;
  context: string;
  cluster: string;
  /** For objects that name none; empty for the context's. */
  namespace: string;
  /** Whether an object is taken over from whoever else manages its fields. */
  patchForce: boolean;
  /** Whether an object that is to be created and exists already is taken over. */
  upsert: boolean;
  /** Whether what a cluster that is gone held counts as gone too. */
  deleteUnreachable: boolean;
  mutability: Mutability;
  /** Whether something of the connection is not known before the update. */
  unknown: boolean;
}

export function settingsOf(args: Values): Settings {
  const known = objectAt(withoutSecrets(args));
  const text = (key: string) => (textAt(known, key) === unknown ? "" : textAt(known, key));
  const flag = (key: string, variable: string) => {
    const value = known[key] ?? process.env[variable];
    return value === true || value === "true";
  };
  if (known["enableServerSideApply"] === "false" || text("renderYamlToDirectory") !== "")
    throw new Error(
      "the sandbox's stand-in for the Kubernetes provider knows server-side apply alone: " +
        "leave out enableServerSideApply and renderYamlToDirectory, or use the official provider",
    );
  return {
    kubeconfig: text("kubeconfig"),
    context: text("context"),
    cluster: text("cluster"),
    namespace: text("namespace"),
    patchForce: flag("enablePatchForce", "PULUMI_K8S_ENABLE_PATCH_FORCE"),
    upsert: flag("upsertExistingObjects", "PULUMI_K8S_UPSERT_EXISTING_OBJECTS"),
    deleteUnreachable: flag("deleteUnreachable", "PULUMI_K8S_DELETE_UNREACHABLE"),
    mutability: {
      configMaps: flag("enableConfigMapMutable", "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE"),
      secrets: flag("enableSecretMutable", "PULUMI_K8S_ENABLE_SECRET_MUTABLE"),
    },
    unknown: hasUnknown(known),
  };
}
