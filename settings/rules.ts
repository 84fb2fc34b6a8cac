/** Rules that involve more than one key. */
import * as path from "node:path";
import { z } from "zod";
import { hostsOf } from "../components/hosts";
import { hoursFault } from "../components/peakHours";
import type { Fault } from "./faults";
import { nodeRules } from "./nodeRules";
import { rule, type Rule } from "./rule";
import { guard, modelStore, topLevel } from "./schema";
import { colorSettings, serviceFields } from "./service";
import { serviceRules } from "./serviceRules";

const anyService = z.record(z.string(), z.unknown());

const tlsEndsOnce = rule(z.object({ ingress: topLevel.ingress, services: anyService }), ({ ingress, services }) => {
  if (ingress.kind !== "install" || ingress.certificateArn === undefined) return [];
  return Object.entries(services).flatMap(([name, raw]) =>
    z.object({ tls: z.unknown().refine((tls) => tls !== undefined) }).safeParse(raw).success
      ? [
          {
            path: ["services", name, "tls"],
            problem: "TLS ends at the load balancer already (ingress.certificateArn); NGINX would redirect without end",
            accepted: "one of the two",
          },
        ]
      : [],
  );
});

/** The host path of a colour's models, by service: the directories that must all differ. */
const hostPathsDiffer = rule(z.object({ modelStore, services: anyService }), ({ modelStore, services }) => {
  if (modelStore.kind !== "hostPath") return [];
  return Object.entries(services).flatMap(([name, raw]) => {
    const service = z
      .object({
        blue: z.object({ models: colorSettings.shape.models }),
        green: z.object({ models: colorSettings.shape.models }),
      })
      .safeParse(raw);
    if (!service.success || service.data.blue.models !== service.data.green.models) return [];
    const shared = path.posix.join(modelStore.path, service.data.green.models);
    return [
      {
        path: ["services", name, "green", "models"],
        problem: `${JSON.stringify(service.data.green.models)} gives both colours the same host path, ${shared}`,
        accepted:
          "a directory of its own for each colour, since a directory on a node can change under the live colour",
      },
    ];
  });
});

const hostsDiffer = rule(z.object({ services: anyService }), ({ services }) => {
  const owners = new Map<string, string>();
  return Object.entries(services).flatMap(([name, raw]) => {
    const host = z.object({ host: serviceFields.host }).safeParse(raw).data?.host;
    if (host === undefined) return [];
    const clash = hostsOf(host).find((taken) => owners.has(taken));
    if (clash !== undefined) {
      const problem = `${JSON.stringify(host)} is taken: ${clash} belongs to service ${owners.get(clash) ?? ""}`;
      return [
        {
          path: ["services", name, "host"],
          problem,
          accepted: "a host (with its preview.<host>) that no other service uses",
        },
      ];
    }
    for (const each of hostsOf(host)) owners.set(each, name);
    return [];
  });
});

const somebodyMaySwitch = rule(z.object({ guard: guard.strip() }), ({ guard: { groups, serviceAccounts } }) =>
  groups.length + serviceAccounts.length > 0
    ? []
    : [{ path: ["guard", "groups"], accepted: "one group at least, or a service account: nobody could switch" }],
);

/** Whoever may edit a namespace may act as its service accounts. */
const releasersLiveElsewhere = rule(z.object({ guard: guard.strip(), namespace: topLevel.namespace }), (settings) =>
  settings.guard.serviceAccounts.flatMap((account, i) =>
    account.startsWith(`${settings.namespace}/`)
      ? [
          {
            path: ["guard", "serviceAccounts", i],
            accepted: `a service account of another namespace: whoever may edit ${settings.namespace} could act as this one`,
          },
        ]
      : [],
  ),
);

/** What is made on AWS needs a cluster there. */
const awsNeedsEks = rule(
  z.object({ cluster: topLevel.cluster, modelStore, certManager: topLevel.certManager }),
  ({ cluster, modelStore, certManager }) => {
    const faults: Fault[] = [];
    const eks = "cluster.kind adopt or create";
    if (cluster.kind === "kubeconfig" && modelStore.kind === "s3" && modelStore.create)
      faults.push({
        path: ["modelStore", "create"],
        accepted: `false, or ${eks}: the bucket is made for an EKS cluster`,
      });
    if (modelStore.kind === "s3" && modelStore.create && modelStore.keyArn !== undefined)
      faults.push({
        path: ["modelStore", "keyArn"],
        accepted: "no keyArn: a bucket that is made here gets a key of its own",
      });
    if (cluster.kind === "kubeconfig" && modelStore.kind === "efs" && modelStore.fileSystemId === undefined)
      faults.push({ path: ["modelStore", "fileSystemId"], accepted: `the id of a file system, or ${eks}` });
    const controllers = cluster.kind === "create" || (cluster.kind === "adopt" && cluster.controllers);
    if (certManager !== undefined && !controllers)
      faults.push({
        path: ["certManager"],
        problem: "cert-manager is installed with the other controllers",
        accepted: "no certManager, or cluster.kind create, or adopt with controllers: true",
      });
    return faults;
  },
);

/** A pipeline is in the cluster what the guard says that it is, and nothing without one. */
const pipelinesNeedTheGuard = rule(
  z.object({ ci: topLevel.ci.unwrap(), guard: topLevel.guard, cluster: topLevel.cluster }),
  ({ guard: guarding, cluster }) => {
    if (cluster.kind === "kubeconfig")
      return [
        {
          path: ["ci"],
          problem: "its roles are for an EKS cluster",
          accepted: "no ci, or cluster.kind adopt or create",
        },
      ];
    if (guarding === undefined)
      return [
        {
          path: ["guard"],
          accepted: "an object with groups, viewers and contact: what the pipelines of ci are in the cluster",
        },
      ];
    return [...guarding.groups, ...guarding.viewers]
      .filter((group) => group.startsWith("system:"))
      .map((group) => ({
        path: ["guard"],
        problem: `${JSON.stringify(group)} cannot be given to the pipelines of ci: EKS keeps the system's groups for itself`,
        accepted: "groups of your own",
      }));
  },
);

/** AWS ends a TLS connection that is silent for so long, and nothing changes that. */
const silentSeconds = 350;

const jobsOutliveTheLoadBalancer = rule(
  z.object({ ingress: topLevel.ingress, services: anyService }),
  ({ ingress, services }) => {
    if (ingress.kind !== "install" || ingress.certificateArn === undefined) return [];
    return Object.entries(services).flatMap(([name, raw]) => {
      const { requestTimeoutSeconds } = serviceFields;
      const seconds = z.object({ requestTimeoutSeconds }).safeParse(raw).data?.requestTimeoutSeconds;
      if (seconds === undefined || seconds <= silentSeconds) return [];
      return [
        {
          path: ["services", name, "requestTimeoutSeconds"],
          problem: `${seconds} is not accepted`,
          accepted: `at most ${silentSeconds} where TLS ends at the load balancer (ingress.certificateArn): AWS ends connections that are silent for longer`,
        },
      ];
    });
  },
);

const hoursCanBeKept = rule(z.object({ schedule: topLevel.schedule.unwrap() }), ({ schedule }) => {
  const { from, until } = schedule;
  if (from >= until)
    return [{ path: ["schedule", "until"], accepted: `a time after from, which is ${from}: peak is within one day` }];
  const problem = hoursFault(schedule);
  return problem === undefined ? [] : [{ path: ["schedule"], problem, accepted: "a longer night, or no schedule" }];
});

const wholeRules: Rule[] = [
  somebodyMaySwitch,
  releasersLiveElsewhere,
  hostPathsDiffer,
  hostsDiffer,
  tlsEndsOnce,
  awsNeedsEks,
  pipelinesNeedTheGuard,
  jobsOutliveTheLoadBalancer,
  hoursCanBeKept,
  ...nodeRules,
];

/** Every fault that involves more than one key. `raw` is the configuration as written. */
export function crossFaults(raw: unknown): Fault[] {
  const services = z.object({ services: anyService }).safeParse(raw).data?.services ?? {};
  const inServices = Object.entries(services).flatMap(([name, service]) =>
    serviceRules.flatMap((each) =>
      each.check(service).map((fault) => ({ ...fault, path: ["services", name, ...fault.path] })),
    ),
  );
  return [...inServices, ...wholeRules.flatMap((each) => each.check(raw))];
}
