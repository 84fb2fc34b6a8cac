/**
 * What the API server refuses to everybody but those who may switch: one policy for each kind of thing by which requests
 * could be led elsewhere. docs/guard.md tells the same in words.
 */
import { colors } from "./colors";
import { cel, type GuardPolicy } from "./guardPolicy";
import { idleName, liveName, previewName, routeName, selectorLabels, stackName } from "./labels";

export interface Guarded {
  /** Where the services are. */
  namespace: string;
  services: {
    name: string;
    /** The hosts that lead to it: the users' and the preview's. */
    hosts: string[];
  }[];
}

const differs = (path: string) => `object${path} != oldObject${path}`;
// An object whose owner does not exist is removed by the garbage collector, whoever it was that named the owner.
const ownerChanges = differs(".metadata.?ownerReferences");
const labelsChange = differs(".metadata.?labels");
const specChanges = `request.operation != "UPDATE" || ${differs(".?spec")} || ${ownerChanges}`;

const labelsOf = (object: string) => `${object} == null ? {} : ${object}.metadata.?labels.orValue({})`;
const annotationsOf = (object: string) => `${object} == null ? {} : ${object}.metadata.?annotations.orValue({})`;
const kindAndName = `request.resource.resource + "/" + variables.subject.metadata.name`;

/** Annotations that say where the requests of an Ingress go, or where the name of its host leads. */
const routing = [
  "(nginx[.](org|com)|nginx[.]ingress[.]kubernetes[.]io|appprotect(dos)?[.]f5[.]com)/.*",
  "external-dns[.]alpha[.]kubernetes[.]io/.*",
  "kubernetes[.]io/ingress[.]class",
].join("|");

/** The services' Ingresses, and whatever else claims one of their hosts, in any namespace. */
function routes({ namespace, services }: Guarded): GuardPolicy {
  const ingresses = services.flatMap(({ name }) => [routeName(name), previewName(name)]);
  const hosts = services.flatMap((service) => service.hosts);
  const isRouting = `key.matches(${cel(`^(${routing})$`)})`;
  return {
    resources: [
      ["networking.k8s.io", "ingresses", "ingresses/status"],
      ["k8s.nginx.org", "virtualservers", "virtualserverroutes", "transportservers"],
    ],
    everywhere: true,
    variables: {
      isOurs: [
        `request.namespace == ${cel(namespace)}`,
        `request.resource.resource == "ingresses"`,
        `variables.subject.metadata.name in ${cel(ingresses)}`,
      ].join(" && "),
      hosts: `object == null ? [] : [?object.?spec.?host] + object.?spec.?rules.orValue([]).map(rule, rule.?host.orValue(""))`,
      claimed: `variables.hosts.filter(host, host.lowerAscii() in ${cel(hosts)})`,
      before: annotationsOf("oldObject"),
      now: annotationsOf("object"),
      changes: [
        specChanges,
        `variables.now.exists(key, ${isRouting} && variables.now[key] != variables.before[?key].orValue(""))`,
        `variables.before.exists(key, ${isRouting} && !(key in variables.now))`,
      ].join(" || "),
    },
    refusals: [
      { when: "variables.isOurs && (variables.changes)", because: cel("it says where users and testers are sent") },
      {
        when: "variables.claimed.size() > 0 && (variables.changes)",
        because: `"it claims " + variables.claimed[0] + ${cel(`, a host of the services in ${namespace}`)}`,
      },
    ],
  };
}

const serviceNames = ({ services }: Guarded) =>
  services.flatMap(({ name }) => [...colors.map((color) => stackName(name, color)), liveName(name), idleName(name)]);

/** Where a Service leads; and the external IPs by which any Service, in any namespace, takes over another's address. */
function services(guarded: Guarded): GuardPolicy {
  const externalIps = (object: string) => `${object} == null ? [] : ${object}.?spec.?externalIPs.orValue([])`;
  return {
    resources: [["", "services", "services/status"]],
    everywhere: true,
    variables: {
      isOurs: [
        `request.namespace == ${cel(guarded.namespace)}`,
        `variables.subject.metadata.name in ${cel(serviceNames(guarded))}`,
      ].join(" && "),
      before: externalIps("oldObject"),
      now: externalIps("object"),
    },
    refusals: [
      {
        when: `variables.isOurs && (${specChanges} || ${labelsChange})`,
        because: cel("it leads to the Pods of a colour"),
      },
      {
        when: "variables.now.exists(address, !(address in variables.before))",
        because: cel("by an external IP a Service takes over the address of another, or of a Pod"),
      },
    ],
  };
}

/** The addresses behind those Services: their controllers' business alone. */
function endpoints(guarded: Guarded): GuardPolicy {
  const service = `request.resource.resource == "endpoints" ? each.metadata.name : each.metadata.?labels[?"kubernetes.io/service-name"].orValue("")`;
  return {
    resources: [
      ["", "endpoints"],
      ["discovery.k8s.io", "endpointslices"],
    ],
    controllers: ["endpoint-controller", "endpointslice-controller", "endpointslicemirroring-controller"],
    variables: { services: `[object, oldObject].filter(each, each != null).map(each, ${service})` },
    refusals: [
      {
        when: `variables.services.exists(name, name in ${cel(serviceNames(guarded))})`,
        because: cel("it says which Pods a colour's Service leads to"),
      },
    ],
  };
}

/** The labels of the Pods that count: each colour's, and those that verify it. */
const stacks = ({ services }: Guarded) =>
  services.flatMap(({ name }) =>
    colors.flatMap((color) => [name, `${name}-verification`].map((service) => selectorLabels(service, color))),
  );
const stacksAmong = (labels: string) =>
  `variables.stacks.filter(stack, stack.all(key, ${labels}[?key].orValue("") == stack[key]))`;

/** `facefusion-blue`, and so on, as a part of a regular expression. */
const stackNames = ({ services }: Guarded) =>
  `(${services.flatMap(({ name }) => colors.map((color) => stackName(name, color))).join("|")})`;

/** What makes such Pods: what is named so, and what would make Pods that carry their labels. */
function workloads(guarded: Guarded): GuardPolicy {
  const stack = stackNames(guarded);
  const names = `^(deployments/${stack}|replicasets/${stack}-[a-z0-9]+|jobs/${stack}-verification-[a-z0-9]+)$`;
  const template = "?template.?metadata.?labels";
  return {
    resources: [
      ["apps", "deployments", "deployments/scale", "deployments/status"],
      ["apps", "replicasets", "replicasets/scale", "replicasets/status", "statefulsets", "daemonsets"],
      ["batch", "jobs", "jobs/status", "cronjobs"],
      ["", "replicationcontrollers"],
    ],
    controllers: ["deployment-controller"],
    variables: {
      stacks: cel(stacks(guarded)),
      isNamedSo: `(${kindAndName}).matches(${cel(names)})`,
      podLabels: `object == null ? {} : object.?spec.${template}.or(object.?spec.?jobTemplate.?spec.${template}).orValue({})`,
      makesSuchPods: `${stacksAmong("variables.podLabels")}.size() > 0`,
      labels: labelsOf("object"),
      // A Deployment takes over any ReplicaSet that carries its labels.
      isTakenOver: `request.resource.resource == "replicasets" && ${stacksAmong("variables.labels")}.size() > 0`,
      // By this annotation the Deployment's controller still goes back to an earlier template, on its own account.
      rollsBack: differs(`.metadata.?annotations[?"deprecated.deployment.rollback.to"]`),
      changes: `${specChanges} || ${labelsChange} || variables.rollsBack`,
    },
    refusals: [
      {
        when: "(variables.isNamedSo || variables.makesSuchPods || variables.isTakenOver) && (variables.changes)",
        because: cel("its Pods are a colour's or a verification's, or would count as such"),
      },
    ],
  };
}

/** The Pods themselves: a new one, one under such labels, another image in one that runs. Not their deletion. */
function pods(guarded: Guarded): GuardPolicy {
  // A Job takes over any Pod that carries its label, and counts it.
  const job = cel("batch.kubernetes.io/controller-uid");
  return {
    resources: [["", "pods", "pods/status", "pods/resize"]],
    operations: ["CREATE", "UPDATE"],
    controllers: ["replicaset-controller", "job-controller"],
    variables: {
      stacks: cel(stacks(guarded)),
      before: labelsOf("oldObject"),
      now: labelsOf("object"),
      stackBefore: stacksAmong("variables.before"),
      stack: stacksAmong("variables.now"),
    },
    refusals: [
      {
        when: `variables.stack.size() > 0 && (variables.stack != variables.stackBefore || ${specChanges})`,
        because: cel("it is a Pod of a colour or of a verification, or would count as one"),
      },
      {
        when: `${job} in variables.now && variables.now[${job}] != variables.before[?${job}].orValue("")`,
        because: cel("it would count as the Pod of a Job, which may be a verification"),
      },
    ],
  };
}

/** What the colours' Pods are given. Under the same name, the next Pod could be given something else. */
function contents(guarded: Guarded): GuardPolicy {
  const stack = stackNames(guarded);
  return {
    resources: [["", "configmaps", "persistentvolumeclaims"]],
    operations: ["UPDATE", "DELETE"],
    variables: {
      isOurs: `(${kindAndName}).matches(${cel(`^(configmaps/${stack}-config|persistentvolumeclaims/${stack}-models)-`)})`,
    },
    refusals: [
      {
        when: `variables.isOurs && (request.operation == "DELETE" || ${ownerChanges})`,
        because: cel("the Pods of a colour are given what is in it"),
      },
    ],
  };
}

/** The namespace, with which everything would go. */
function home({ namespace }: Guarded): GuardPolicy {
  return {
    resources: [["", "namespaces"]],
    operations: ["DELETE"],
    refusals: [
      { when: `variables.subject.metadata.name == ${cel(namespace)}`, because: cel("the services live in it") },
    ],
  };
}

/** By what each is about. */
export const guardPolicies: Readonly<Record<string, (guarded: Guarded) => GuardPolicy>> = {
  routes,
  services,
  endpoints,
  workloads,
  pods,
  contents,
  namespace: home,
};
