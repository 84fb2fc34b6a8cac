/** Is what the services stand on as it should be: nodes, GPUs, the guard, the engine, certificates? */
import { colors } from "../../../components/colors";
import type { IngressState, NodeState } from "../../cluster/state";
import { finding, kubectlIn, type Check, type Finding, type ServiceSnapshot, type Snapshot } from "../snapshot";

const day = 86_400_000;
/** A certificate that ends within this time should have been renewed. */
const renewalDays = 21;

export const surroundingChecks: Check[] = [
  {
    name: "nodes",
    find: ({ nodes, services }) => {
      if (!nodes.ok) return [blind("nodes", nodes.problem)];
      return colors.flatMap((color) => {
        const own = nodes.value.filter((node) => node.color === color);
        if (own.length > 0) return own.flatMap(nodeFindings);
        const wanted = services.some(({ state }) => (state.colors[color].deployment?.desired ?? 0) > 0);
        if (!wanted) return [];
        return [
          finding(undefined, "error", {
            problem: `There is no node of colour ${color}.`,
            meaning: "None of its Pods can run.",
            help: `kubectl get nodes --show-labels; raise gpuNodes.${color}.minSize and desiredSize`,
          }),
        ];
      });
    },
  },
  {
    name: "guard",
    find: ({ guard, settings }) => {
      if (settings.guard === undefined)
        return [
          finding(undefined, "warning", {
            problem: "No guard is configured.",
            meaning: "Whoever may edit the namespace may move the route.",
            help: "set facefusion:guard (groups or serviceAccounts, and contact); pulumi up",
          }),
        ];
      if (!guard.ok) return [blind("the guard", guard.problem)];
      if (guard.value.missing.length === 0) return [];
      return [
        finding(undefined, "error", {
          problem: "The guard is configured, and not whole.",
          meaning: "Who may edit the namespace may find a way to move requests.",
          help: "pulumi up --refresh, as somebody who may change the guard",
          details: guard.value.missing.map((name) => `missing: ${name}`),
        }),
      ];
    },
  },
  {
    name: "engine",
    find: ({ engine }) => [
      ...(engine.lock === undefined
        ? []
        : [
            finding(undefined, "warning", {
              problem: `The stack is locked by ${engine.lock}.`,
              meaning: "An update is under way, or its engine was killed. No other can begin.",
              help: "wait for it to end; if its engine was killed: pulumi cancel",
            }),
          ]),
      ...(engine.pending.length === 0
        ? []
        : [
            finding(undefined, "error", {
              problem: "An update was ended half way: Pulumi does not know how these went.",
              meaning: "The next update has to look first; until then it may make what is there already.",
              help: "pulumi refresh --clear-pending-creates; pulumi up",
              details: engine.pending,
            }),
          ]),
    ],
  },
  {
    name: "certificates",
    find: (snapshot) =>
      snapshot.services.flatMap((service) =>
        [service.state.ingress, service.state.previewIngress].flatMap((ingress) =>
          service.settings.tls === undefined || ingress === undefined
            ? []
            : certificateFindings(service, ingress, snapshot),
        ),
      ),
  },
];

/** What could not be looked at is no verdict. */
function blind(what: string, problem: string): Omit<Finding, "check"> {
  return finding(undefined, "warning", {
    problem: `No look at ${what}: ${problem}`,
    meaning: "What is wrong there is not told here.",
    help: "run this with a kubeconfig that may look",
  });
}

function nodeFindings(node: NodeState): Omit<Finding, "check">[] {
  const { name, color = "no colour", ready, reason, schedulable, gpus, gpusInUse } = node;
  if (!ready)
    return [
      finding(undefined, "error", {
        problem: `Node ${name} (${color}) is not ready: ${reason ?? ""}`,
        meaning: "Its Pods are lost or will be moved.",
        help: `kubectl describe node ${name}`,
      }),
    ];
  if (gpus === 0)
    return [
      finding(undefined, "error", {
        problem: `Node ${name} (${color}) offers no GPU.`,
        meaning: "The device plugin does not run there, or the driver does not work.",
        help: `kubectl get pods -A --field-selector spec.nodeName=${name}; kubectl describe node ${name}`,
      }),
    ];
  if (!schedulable)
    return [
      finding(undefined, "warning", {
        problem: `Node ${name} (${color}) is cordoned, with ${gpusInUse ?? "an unknown number"} of ${gpus} GPUs in use.`,
        meaning: "It takes no new Pods.",
        help: `kubectl uncordon ${name}`,
      }),
    ];
  return [];
}

function certificateFindings(
  service: ServiceSnapshot,
  ingress: IngressState,
  { now, settings }: Snapshot,
): Omit<Finding, "check">[] {
  return ingress.hosts.flatMap((host) => {
    const entry = ingress.tls.find(({ hosts }) => hosts.includes(host));
    if (entry?.secretName === undefined)
      return [
        finding(service, "error", {
          problem: `Ingress ${ingress.name} has no certificate for ${host}.`,
          meaning: "Browsers and clients refuse the connection.",
          help: "pulumi up --refresh",
        }),
      ];
    const { secretName } = entry;
    const state = service.certificates[secretName] ?? { kind: "missing" };
    const kubectl = kubectlIn(settings);
    const renew = `${kubectl} get secret ${secretName}; ${service.settings.tls?.kind === "issuer" ? `${kubectl} describe certificate ${secretName}` : "have it renewed"}`;
    if (state.kind === "unreadable") return [blind(`the certificate in Secret ${secretName}`, state.problem)];
    const trouble = state.kind === "missing" ? "is missing" : certificateTrouble(state, host, now);
    if (trouble === undefined) return [];
    const soon = state.kind === "present" && state.covers(host) && state.expires > now;
    return [
      finding(service, soon ? "warning" : "error", {
        problem: `The certificate of ${host} (Secret ${secretName}) ${trouble}.`,
        meaning: soon ? "It should have been renewed by now." : "Browsers and clients refuse the connection.",
        help: renew,
      }),
    ];
  });
}

function certificateTrouble(
  { expires, covers }: { expires: Date; covers: (host: string) => boolean },
  host: string,
  now: Date,
): string | undefined {
  const days = Math.floor((expires.getTime() - now.getTime()) / day);
  if (!covers(host)) return "does not cover this host";
  if (expires <= now) return `expired on ${expires.toISOString().slice(0, 10)}`;
  return days < renewalDays ? `expires in ${days} days` : undefined;
}
