/** Every way we know to lead requests elsewhere, as commands of somebody who has every right in the namespace. */
import {
  anEndpointSlice,
  anIngress,
  aPod,
  aService,
  aWorkload,
  harmless,
  labelsOf,
  nginxResource,
  type Manifest,
} from "./manifests";

/** What the commands fill in: the names that the cluster has given to what belongs to the live colour, and the like. */
export const ours = ["namespace", "host", "pod", "replicaSet", "endpointSlice", "configMap", "claim", "job"] as const;
export type Ours = Record<(typeof ours)[number], string>;

export interface Way {
  what: string;
  /** Of kubectl, with `{pod}` and the like to fill in. */
  command: string;
  /** What the command reads. */
  input?: (ours: Ours) => Manifest;
}

export const neighbour = "guard-neighbour";
const elsewhere = `--namespace ${neighbour}`;

/** A way that is a command. */
const by = (what: string, command: string): Way => ({ what, command });
/** A way that makes an object. */
const making = (what: string, input: (ours: Ours) => Manifest, where = ""): Way => ({
  what,
  command: `create -f - ${where}`,
  input,
});
const patch = (object: string, change: unknown, more = "--type merge") =>
  `patch ${object} --patch ${JSON.stringify(change)} ${more}`;
const replace = (object: string, path: string, value: string, more = "") =>
  patch(object, [{ op: "replace", path, value }], `--type json ${more}`);

/** The collection itself, which `kubectl delete --all` does not use; without consequences, since that says nothing less. */
const allAtOnce = (collection: string) => `delete --raw ${collection}?dryRun=All`;

const backend = "/spec/rules/0/http/paths/0/backend/service/name";
const nobody = { apiVersion: "v1", kind: "ConfigMap", name: "gone", uid: "00000000-0000-4000-8000-000000000000" };
const orphaned = { metadata: { ownerReferences: [nobody] } };
const minion = { "nginx.org/mergeable-ingress-type": "minion" };
const master = { "nginx.org/mergeable-ingress-type": "master" };

const routes: Way[] = [
  by("the route's backend", replace("ingress facefusion-ingress", backend, "facefusion-green")),
  by("the preview's backend", replace("ingress facefusion-preview", backend, "facefusion-blue")),
  {
    what: "the route by server-side apply",
    command: "apply --server-side --force-conflicts --field-manager eve -f -",
    input: ({ host }) => anIngress("facefusion-ingress", host),
  },
  by("an annotation of NGINX", "annotate ingress facefusion-ingress nginx.org/rewrites=x"),
  by("an annotation of NGINX taken away", "annotate ingress facefusion-ingress nginx.org/lb-method-"),
  by("the class by annotation", "annotate ingress facefusion-ingress kubernetes.io/ingress.class=other"),
  by(
    "where the host's name leads",
    "annotate ingress facefusion-ingress external-dns.alpha.kubernetes.io/target=elsewhere.example.com",
  ),
  by(
    "an annotation by way of the status",
    patch("ingress facefusion-ingress --subresource status", {
      metadata: { annotations: { "nginx.org/rewrites": "x" } },
    }),
  ),
  by("an owner that does not exist", patch("ingress facefusion-ingress", orphaned)),
  by("its deletion", "delete ingress facefusion-ingress"),
  by("the preview's deletion", "delete ingress facefusion-preview"),
  by("the deletion of all at once", allAtOnce("/apis/networking.k8s.io/v1/namespaces/{namespace}/ingresses")),
  making("another Ingress for the host", ({ host }) => anIngress("thief", host)),
  making("another in another namespace", ({ host }) => anIngress("thief", host), elsewhere),
  making("another for the preview's host", ({ host }) => anIngress("thief", `preview.${host}`), elsewhere),
  making("a minion of the host", ({ host }) => anIngress("thief", host, minion), elsewhere),
  making("a master of the host", ({ host }) => anIngress("thief", host, master), elsewhere),
  by("the host in an Ingress of another", replace("ingress innocent", "/spec/rules/0/host", "{host}", elsewhere)),
  ...["VirtualServer", "VirtualServerRoute", "TransportServer"].map((kind) =>
    making(`a ${kind} for the host`, ({ host }) => nginxResource(kind, host), elsewhere),
  ),
  making("the host in capitals", ({ host }) => nginxResource("VirtualServer", host.toUpperCase()), elsewhere),
];

const unheeded = { "service.kubernetes.io/service-proxy-name": "none" };
const outside = { type: "ExternalName", externalName: "elsewhere.example.com" };

const services: Way[] = [
  by("the selector", patch("service facefusion-blue", { spec: { selector: { color: "green" } } })),
  by("the port", patch("service facefusion-blue", { spec: { ports: [{ port: 80, targetPort: 9 }] } })),
  by("the type", patch("service facefusion-blue", { spec: outside })),
  by("the proxy that heeds it", patch("service facefusion-blue", { metadata: { labels: unheeded } })),
  by(
    "the same by way of the status",
    patch("service facefusion-blue --subresource status", { metadata: { labels: unheeded } }),
  ),
  by("an owner that does not exist", patch("service facefusion-blue", orphaned)),
  by("its deletion", "delete service facefusion-blue"),
  by("the deletion of all at once", allAtOnce("/api/v1/namespaces/{namespace}/services")),
  making("a live Service that leads outside", () => aService("facefusion-live", outside)),
  making("an idle Service that leads outside", () => aService("facefusion-idle", outside)),
  making("the addresses of Pods", () => aService("thief", { externalIPs: ["10.244.0.99"] }), elsewhere),
];

const endpoints: Way[] = [
  making("more of them", () => anEndpointSlice("thief", "facefusion-blue")),
  by("other addresses", patch("endpointslice {endpointSlice}", { endpoints: [] })),
  by("whose they are", "label endpointslice {endpointSlice} --overwrite kubernetes.io/service-name=other"),
  by("whose others are", "label endpointslice innocent --overwrite kubernetes.io/service-name=facefusion-blue"),
  by("their deletion", "delete endpointslice {endpointSlice}"),
  by("other addresses in the old form", patch("endpoints facefusion-blue", { subsets: [] })),
];

const otherImage = "inference=localhost/facefusion:v9.9.9";
const restarted = { spec: { template: { metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": "now" } } } } };
const goBack = { metadata: { annotations: { "deprecated.deployment.rollback.to": "1" } } };
const kinds = ["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicationController"];

const workloads: Way[] = [
  by("the image of the live colour", `set image deployment/facefusion-blue ${otherImage}`),
  by("the image of the idle colour", `set image deployment/facefusion-green ${otherImage}`),
  by("how many Pods", "scale deployment facefusion-blue --replicas 0"),
  by("how many Pods of a ReplicaSet", "scale replicaset {replicaSet} --replicas 0"),
  by("a restart", patch("deployment facefusion-blue", restarted)),
  by("a pause", patch("deployment facefusion-blue", { spec: { paused: true } })),
  by("an earlier template", patch("deployment facefusion-blue", goBack)),
  by("a colour's labels", "label deployment facefusion-blue --overwrite color=green"),
  by("an owner that does not exist", patch("deployment facefusion-blue", orphaned)),
  by("its deletion", "delete deployment facefusion-blue"),
  by("the deletion of all at once", allAtOnce("/apis/apps/v1/namespaces/{namespace}/deployments")),
  by("the image in a ReplicaSet", `set image replicaset/{replicaSet} ${otherImage}`),
  by("the deletion of a ReplicaSet", "delete replicaset {replicaSet}"),
  ...kinds.map((kind) => making(`a ${kind} of such Pods`, () => aWorkload(kind, "thief", labelsOf("blue")))),
  making("a ReplicaSet to take over", () => aWorkload("ReplicaSet", "thief", harmless, labelsOf("blue"))),
  making("a verification", () => aWorkload("Job", "facefusion-green-verification-0123456789", harmless)),
  by("the deletion of a verification", "delete job {job}"),
];

const verifying = { ...labelsOf("blue"), "app.kubernetes.io/name": "facefusion-verification" };
const larger = { spec: { containers: [{ name: "inference", resources: { limits: { memory: "2Gi" } } }] } };

const pods: Way[] = [
  making("one with a colour's labels", () => aPod("thief", labelsOf("blue"))),
  making("one with a verification's labels", () => aPod("thief", verifying)),
  making("one that a Job would take over", () => aPod("thief", { "batch.kubernetes.io/controller-uid": "any" })),
  by("the other colour's label", "label pod {pod} --overwrite color=green"),
  by(
    "the same by way of the status",
    patch("pod {pod} --subresource status", { metadata: { labels: labelsOf("green") } }),
  ),
  by("a colour's labels on another", "label pod innocent app.kubernetes.io/name=facefusion color=blue"),
  by("another image while it runs", `set image pod/{pod} ${otherImage}`),
  by("another size while it runs", patch("pod {pod} --subresource resize", larger, "--type strategic")),
  by("an owner that does not exist", patch("pod {pod}", orphaned)),
];

const contents: Way[] = [
  by("the deletion of a colour's environment", "delete configmap {configMap}"),
  by("an owner of it that does not exist", patch("configmap {configMap}", orphaned)),
  by("the deletion of a colour's models", "delete persistentvolumeclaim {claim}"),
];

/** By the policy that stands in the way. */
export const waysAround = { routes, services, endpoints, workloads, pods, contents };
