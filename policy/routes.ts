/** A host leads to one colour of one service at a time: the promise that every release rests on. */
import { colors } from "../components/colors";
import { colorLabel } from "../components/labels";
import { kinds } from "./kinds";
import { items, part, shown, Unknown } from "./plain";
import type { Findings, Resource, StackRule } from "./rule";

export const routeRules: readonly StackRule[] = [
  {
    name: "one-ingress-per-host",
    description: "Each host is in exactly one Ingress, and each Ingress names its hosts.",
    checkStack(resources, findings, { stackConfig }) {
      const ingresses = resources.filter(({ type }) => type === kinds.ingress);
      const byHost = new Map<string, Resource[]>();
      for (const ingress of ingresses) {
        for (const host of findings.known(hostsOf(ingress))) {
          if (typeof host === "string" && host !== "") byHost.set(host, [...(byHost.get(host) ?? []), ingress]);
          else
            findings.violation(
              `${ingress.name}: a rule has no host, so that it takes every host. Name it.`,
              ingress.urn,
            );
        }
      }
      for (const [host, owners] of byHost) {
        if (owners.length < 2) continue;
        // The engine's order is that in which they became known.
        const names = owners.map(({ name }) => name).sort();
        const message = `${names.join(" and ")}: host ${host} is in ${owners.length} Ingresses, and which one counts is chance. Leave one.`;
        findings.violation(message, owners.at(-1)?.urn);
      }
      if (findings.unknowns.length > 0) return;
      for (const { service, host } of configuredHosts(stackConfig("facefusion:services"))) {
        if (!byHost.has(host))
          findings.violation(`service ${service}: host ${host} is in no Ingress. Give the service its route.`);
      }
    },
  },
  {
    name: "ingress-backend-is-a-color",
    description:
      "The backend of an Ingress is the Service of a colour, or the live or idle Service, of its own service.",
    checkStack(resources, findings) {
      const services = resources.filter(({ type }) => type === kinds.service);
      for (const ingress of resources.filter(({ type }) => type === kinds.ingress)) {
        for (const backend of backendsOf(ingress)) {
          for (const problem of problemsOf(ingress, backend, services, findings))
            findings.violation(
              `${ingress.name}: backend ${problem}. ` +
                `Name the Service of a colour (<service>-blue, <service>-green), <service>-live or <service>-idle.`,
              ingress.urn,
            );
        }
      }
    },
  },
];

function rulesOf({ props }: Resource): unknown[] {
  return items(part(props, "spec", "rules"));
}

function hostsOf(ingress: Resource): unknown[] {
  return rulesOf(ingress).map((rule) => part(rule, "host"));
}

/** The names of the Services that an Ingress leads to; undefined for a backend that is none. */
function backendsOf(ingress: Resource): unknown[] {
  const paths = rulesOf(ingress).flatMap((rule) => items(part(rule, "http", "paths")));
  const own = part(ingress.props, "spec", "defaultBackend");
  const backends = [...(own === undefined ? [] : [own]), ...paths.map((path) => part(path, "backend"))];
  return backends.map((backend) => part(backend, "service", "name"));
}

/** What is wrong with a backend. One whose name is not known yet is among the Services that the Ingress is made from. */
function problemsOf(ingress: Resource, backend: unknown, services: readonly Resource[], findings: Findings): string[] {
  const isUnknown = backend instanceof Unknown;
  const targets = services.filter(({ urn, props }) =>
    isUnknown
      ? ingress.madeFrom["spec"]?.includes(urn)
      : part(props, "metadata", "name") === backend && mayBeEqual(namespaceOf(props), namespaceOf(ingress.props)),
  );
  if (targets.length === 0)
    return findings.known([backend]).map((name) => `${shown(name)} is no Service of this stack`);
  return targets.flatMap((target) => {
    const problem = problemWith(target, ingress, findings);
    return problem === undefined ? [] : [`${isUnknown ? target.name : shown(backend)} ${problem}`];
  });
}

/** What is wrong with a Service as the backend of an Ingress; undefined where nothing is, or it cannot be told. */
function problemWith(target: Resource, ingress: Resource, findings: Findings): string | undefined {
  const selector = part(target.props, "spec", "selector");
  const [color, service] = [part(selector, colorLabel), part(selector, "app.kubernetes.io/name")];
  const name = part(ingress.props, "metadata", "name");
  if (findings.known([color, service, name]).length < 3) return undefined;
  if (color === undefined) return "selects Pods of no colour";
  if (!colors.some((each) => each === color)) return `selects color ${shown(color)}`;
  const isOwn = ["ingress", "preview"].some((suffix) => name === `${shown(service)}-${suffix}`);
  return isOwn ? undefined : `belongs to service ${shown(service)}, and Ingress ${shown(name)} does not`;
}

function namespaceOf(props: unknown): unknown {
  return part(props, "metadata", "namespace");
}

function mayBeEqual(one: unknown, other: unknown): boolean {
  return one === other || one instanceof Unknown || other instanceof Unknown;
}

function configuredHosts(services: unknown): { service: string; host: string }[] {
  if (typeof services !== "object" || services === null) return [];
  return Object.entries(services).flatMap(([service, settings]) => {
    const host = part(settings, "host");
    return typeof host === "string" ? [{ service, host }] : [];
  });
}
