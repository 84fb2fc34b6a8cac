/** Is each colour what it should be: there, whole, and as many as the configuration says? */
import { replicasFor } from "../../../components/capacity";
import { colors, type Color } from "../../../components/colors";
import { serviceArgs } from "../../../settings/serviceArgs";
import type { PodState, Trouble } from "../../cluster/state";
import { finding, kubectlIn, type Check, type Finding, type ServiceSnapshot, type Snapshot } from "../snapshot";

interface Sufferer {
  pod: string;
  color: Color;
  /** kubectl in the Pod's namespace. */
  kubectl: string;
}

/** What each trouble means, and what helps. */
const remedies: Record<Trouble["kind"], { meaning: string; help: (sufferer: Sufferer) => string }> = {
  insufficientGpus: {
    meaning: "All GPUs of this colour's nodes are taken.",
    help: ({ color }) =>
      `kubectl get pods -A -o wide | grep ${color}; give gpuNodes.${color} more nodes, or services fewer Pods`,
  },
  noNode: {
    meaning: "No node carries this colour's labels: its node group is empty, or its nodes did not join.",
    help: ({ color }) => `kubectl get nodes -l color=${color}; raise gpuNodes.${color}.minSize and desiredSize`,
  },
  unschedulable: {
    meaning: "The nodes of this colour lack something that the Pod asks for.",
    help: ({ pod, kubectl }) => `${kubectl} describe pod ${pod}`,
  },
  imagePull: {
    meaning: "The image does not exist, or the nodes may not read it.",
    help: () => "release deploy IMAGE with the right one; check the registry's permissions",
  },
  outOfMemory: {
    meaning: "The version needs more memory than services.<name>.memory gives it, or it leaks.",
    help: () => "raise memory in the configuration, or deploy a version that needs less",
  },
  crashLoop: {
    meaning: "The version does not stay up.",
    help: ({ pod, kubectl }) => `${kubectl} logs ${pod} --previous`,
  },
  configuration: {
    meaning: "The Pod names something that is not there or not allowed.",
    help: ({ pod, kubectl }) => `${kubectl} describe pod ${pod}`,
  },
  probe: {
    meaning: "The version runs and says that it cannot work.",
    help: ({ pod, kubectl }) => `${kubectl} logs ${pod}`,
  },
  starting: { meaning: "A model takes a while to load.", help: () => "release status --watch" },
  evicted: {
    meaning: "Its node ran short of something.",
    help: ({ pod, kubectl }) => `${kubectl} describe pod ${pod}`,
  },
  unknown: { meaning: "Kubernetes does not say more.", help: ({ pod, kubectl }) => `${kubectl} describe pod ${pod}` },
};

export const colorChecks: Check[] = [
  {
    name: "deployment",
    find: perColor((service, color) => {
      const { deployment, hasService } = service.state.colors[color];
      const missing = [...(deployment ? [] : ["Deployment"]), ...(hasService ? [] : ["Service"])];
      if (missing.length === 0) return [];
      return [
        finding(service, "error", {
          problem: `${color} has no ${missing.join(" and no ")}.`,
          meaning: isLive(service, color)
            ? "It is live: users get no answer."
            : "Nothing can be released to it, and there is no way back to it.",
          help: "pulumi up --refresh",
        }),
      ];
    }),
  },
  {
    name: "pods",
    find: perColor((service, color, { settings }) => {
      const { deployment, pods } = service.state.colors[color];
      if (deployment === undefined) return [];
      const { desired, available, observed, problem } = deployment;
      const kubectl = kubectlIn(settings);
      const present = pods.filter(({ terminating }) => !terminating);
      const broken = present.filter((pod) => pod.trouble !== undefined);
      if (broken.length > 0) return broken.flatMap((pod) => podFinding(service, color, pod, kubectl));
      if (available >= desired && observed) return [];
      const unmade = present.length < desired;
      return [
        finding(service, unmade ? "error" : "warning", {
          problem: `${color} has ${available} of ${desired} Pods available, and ${present.length} made.`,
          meaning: unmade ? "Kubernetes has not made them all." : "The others have just become ready.",
          help: `${kubectl} describe deployment ${deployment.name}; ${kubectl} get events --sort-by=.lastTimestamp`,
          details: problem === undefined ? [] : [problem],
        }),
      ];
    }),
  },
  {
    name: "replicas",
    find: perColor((service, color, { settings }) => {
      const { deployment } = service.state.colors[color];
      if (deployment === undefined) return [];
      const expected = replicasFor(serviceArgs(settings, service.settings).capacity, color === service.configured);
      if (deployment.desired === expected) return [];
      const tooFewLive = isLive(service, color) && deployment.desired < expected;
      return [
        finding(service, tooFewLive ? "error" : "warning", {
          problem: `${color} is scaled to ${deployment.desired} Pods; capacity ${settings.capacity} says ${expected}.`,
          meaning: tooFewLive
            ? "It is live with less than it should have."
            : "It was scaled past Pulumi, or an update has not happened yet.",
          help: "pulumi up",
        }),
      ];
    }),
  },
  {
    name: "image",
    find: perColor((service, color) => {
      const { deployment } = service.state.colors[color];
      const wanted = service.settings[color].image;
      if (deployment === undefined || deployment.image === wanted) return [];
      return [
        finding(service, "warning", {
          problem: `${color} runs ${deployment.image}; the configuration says ${wanted}.`,
          meaning: "The configuration has changed since the last update, or that update did not succeed.",
          help: "pulumi up",
        }),
      ];
    }),
  },
  {
    name: "disruption-budget",
    find: perColor((service, color) => {
      const { deployment, disruptionBudget } = service.state.colors[color];
      if (deployment === undefined || disruptionBudget !== undefined) return [];
      return [
        finding(service, "warning", {
          problem: `${color} has no PodDisruptionBudget.`,
          meaning: "A drain of its nodes may end all of its Pods at once.",
          help: "pulumi up --refresh",
        }),
      ];
    }),
  },
];

function podFinding(service: ServiceSnapshot, color: Color, pod: PodState, kubectl: string): Omit<Finding, "check">[] {
  if (pod.trouble === undefined) return [];
  const { kind, words } = pod.trouble;
  const { meaning, help } = remedies[kind];
  const consequence = isLive(service, color) ? "It is live: users feel this." : "It is idle: users do not feel this.";
  return [
    finding(service, kind === "starting" ? "warning" : "error", {
      problem: `${color}: Pod ${pod.name} is not ready: ${words}.`,
      meaning: `${meaning} ${consequence}`,
      help: help({ pod: pod.name, color, kubectl }),
      details: service.evidence[pod.name] ?? [],
    }),
  ];
}

function isLive({ state }: ServiceSnapshot, color: Color): boolean {
  return state.live.color === color;
}

/** A check that looks at each colour of each service. */
export function perColor(
  find: (service: ServiceSnapshot, color: Color, snapshot: Snapshot) => Omit<Finding, "check">[],
): Check["find"] {
  return (snapshot) =>
    snapshot.services.flatMap((service) => colors.flatMap((color) => find(service, color, snapshot)));
}
