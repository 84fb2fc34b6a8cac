/** Where the objects of a kind are found in the API, and which kinds belong to no namespace. */
import type { Values } from "../shared/values";
import { listAt, textAt } from "./objects";

/** A kind as the API server serves it. */
export interface ApiType {
  /** As in `/apis/apps/v1`. */
  prefix: string;
  plural: string;
  namespaced: boolean;
}

/** For when no API server can be asked: kinds that belong to the cluster. Any other is taken to belong to a namespace. */
const clusterKinds = new Set(
  (
    "APIService CertificateSigningRequest ClusterRole ClusterRoleBinding ClusterTrustBundle CSIDriver CSINode " +
    "CustomResourceDefinition DeviceClass FlowSchema IngressClass IPAddress MutatingAdmissionPolicy " +
    "MutatingAdmissionPolicyBinding MutatingWebhookConfiguration Namespace Node PersistentVolume PriorityClass " +
    "PriorityLevelConfiguration ResourceSlice RuntimeClass ServiceCIDR StorageClass ValidatingAdmissionPolicy " +
    "ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration VolumeAttachment VolumeAttributesClass"
  ).split(" "),
);

export function isNamespacedByName(kind: string): boolean {
  return !clusterKinds.has(kind);
}

/** The path that lists a group's kinds, and that their objects lie under. */
export function prefixOf(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** Finds the kind in an APIResourceList. Subresources have a slash in their name. */
export function apiTypeIn(list: Values, apiVersion: string, kind: string): ApiType | undefined {
  const found = listAt(list, "resources").find(
    (resource) => resource["kind"] === kind && !textAt(resource, "name").includes("/"),
  );
  return (
    found && { prefix: prefixOf(apiVersion), plural: textAt(found, "name"), namespaced: found["namespaced"] === true }
  );
}

export function collectionPath({ prefix, plural, namespaced }: ApiType, namespace: string): string {
  return namespaced && namespace !== ""
    ? `${prefix}/namespaces/${encodeURIComponent(namespace)}/${plural}`
    : `${prefix}/${plural}`;
}

export function objectPath(type: ApiType, namespace: string, name: string): string {
  return `${collectionPath(type, namespace)}/${encodeURIComponent(name)}`;
}
