/** What cannot be changed in an object that exists, by kind: a change of it needs a new object. */
import type { Values } from "../shared/values";
import { at, textAt } from "./objects";
import { parsePath, type Path } from "./paths";
import { groupOf } from "./tokens";

interface Row {
  immutable: readonly string[];
  /** What can be changed in spite of `immutable`. */
  except?: readonly string[];
}

/** Provider options: by default both kinds are replaced, so that Pods that name them roll. */
export interface Mutability {
  configMaps: boolean;
  secrets: boolean;
}

const everywhere = ["metadata.name", "metadata.namespace"];

const volumeSources =
  "awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker gcePersistentDisk glusterfs hostPath iscsi local nfs photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos vsphereVolume";

/** The official provider's rows, and what the API server refuses besides. */
const rows: Readonly<Record<string, Row>> = {
  "apps/DaemonSet": { immutable: ["spec.selector"] },
  "apps/Deployment": { immutable: ["spec.selector"] },
  "apps/ReplicaSet": { immutable: ["spec.selector"] },
  "apps/StatefulSet": {
    immutable: ["spec.selector", "spec.serviceName", "spec.podManagementPolicy", "spec.volumeClaimTemplates"],
  },
  "batch/Job": {
    immutable: [
      "spec.completionMode",
      "spec.completions",
      "spec.managedBy",
      "spec.parallelism",
      "spec.podFailurePolicy",
      "spec.selector",
      "spec.successPolicy",
      "spec.template",
    ],
  },
  "core/PersistentVolume": { immutable: volumeSources.split(" ").map((source) => `spec.${source}`) },
  "core/PersistentVolumeClaim": {
    immutable: ["spec"],
    except: ["spec.resources", "spec.volumeAttributesClassName"],
  },
  "core/Pod": {
    immutable: ["spec"],
    except: ["spec.activeDeadlineSeconds", "spec.ephemeralContainers", "spec.tolerations"],
  },
  "core/ResourceQuota": { immutable: ["spec.scopes"] },
  "core/Secret": { immutable: ["type"] },
  "core/Service": { immutable: ["spec.clusterIP"] },
  "networking.k8s.io/IngressClass": { immutable: ["spec.controller"] },
  "rbac.authorization.k8s.io/ClusterRoleBinding": { immutable: ["roleRef"] },
  "rbac.authorization.k8s.io/RoleBinding": { immutable: ["roleRef"] },
  "scheduling.k8s.io/PriorityClass": { immutable: ["preemptionPolicy", "value"] },
  "storage.k8s.io/StorageClass": { immutable: ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"] },
};

/** The paths that are immutable in an object made with these inputs. */
export function immutablePaths(olds: Values, mutability: Mutability): { immutable: Path[]; except: Path[] } {
  const kind = `${groupOf(textAt(olds, "apiVersion")) || "core"}/${textAt(olds, "kind")}`;
  const { immutable = [], except = [] } = rows[kind] ?? {};
  return {
    immutable: [...everywhere, ...immutable, ...contents(kind, olds, mutability)].map(parsePath),
    except: except.map(parsePath),
  };
}

/** The contents of ConfigMaps and Secrets, which the object itself or the provider's options may fix. */
function contents(kind: string, olds: Values, { configMaps, secrets }: Mutability): string[] {
  const frozen = at(olds, "immutable") === true;
  const ofKind = {
    "core/ConfigMap": { mutable: configMaps, paths: ["data", "binaryData"] },
    "core/Secret": { mutable: secrets, paths: ["data", "stringData"] },
  };
  if (kind !== "core/ConfigMap" && kind !== "core/Secret") return [];
  const { mutable, paths } = ofKind[kind];
  if (frozen) return ["immutable", ...paths];
  return mutable ? [] : paths;
}
