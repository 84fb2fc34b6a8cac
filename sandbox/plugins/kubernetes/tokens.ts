/** Type tokens of @pulumi/kubernetes, as in `kubernetes:apps/v1:Deployment`. */
import { isObject, type Values } from "../shared/values";

/** A chart as one resource; the official provider runs Helm inside it. */
export const helmRelease = "kubernetes:helm.sh/v3:Release";

/** What the object of a token says of itself. */
export function kindOf(token: string): { apiVersion: string; kind: string } {
  const [, apiVersion = "", kind = ""] = token.split(":");
  return { apiVersion: apiVersion.replace(/^core\//, ""), kind };
}

/** The API group, empty for the core one. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
}

/** Why this stand-in does not take such a resource, if it does not. */
export function refusalOf(token: string, inputs: Values): string | undefined {
  const { kind } = kindOf(token);
  // `DeploymentPatch` sends the kind `Deployment`; an own kind that is called something-Patch sends itself.
  if (kind.endsWith("Patch") && typeof inputs["kind"] === "string" && inputs["kind"] !== kind)
    return `${token}: patches of objects that others own need the official Kubernetes provider`;
  if (kind.endsWith("List") && Array.isArray(inputs["items"]))
    return `${token}: a list cannot be created; use the resources in it`;
  if (/^kubernetes:(helm\.sh|kustomize|yaml)(\/|:)/.test(token) && token !== helmRelease)
    return `${token} needs the official Kubernetes provider`;
  return undefined;
}

/** Fills in what the object says of itself; the SDK does so too, but not for every custom resource. */
export function withKind(token: string, inputs: Values): Values {
  const known = kindOf(token);
  const metadata = inputs["metadata"] ?? {};
  return {
    ...inputs,
    apiVersion: inputs["apiVersion"] ?? known.apiVersion,
    kind: inputs["kind"] ?? known.kind,
    metadata: isObject(metadata) ? { ...metadata } : metadata,
  };
}
