/** Is the route there, and does it lead where everybody believes? */
import { other, type Color } from "../../../components/colors";
import type { Settings } from "../../../settings";
import { liveColorSetting } from "../../operations/plan";
import { directManager } from "../../operations/routePatch";
import { finding, kubectlIn, type Check, type ServiceSnapshot } from "../snapshot";

export const routeChecks: Check[] = [
  {
    name: "route",
    find: ({ services }) =>
      services.flatMap((service) => {
        const { live } = service.state;
        if (live.color !== "unknown") return [];
        return [
          finding(service, "error", {
            problem: `The route leads to neither colour: ${live.reason}.`,
            meaning: "Users may get no answer, or one that no release stands for.",
            help: "pulumi up",
          }),
        ];
      }),
  },
  {
    name: "route-moved",
    find: ({ services, settings }) =>
      services.flatMap((service) => {
        const { live } = service.state;
        if (live.color === "unknown" || service.recorded === undefined || live.color === service.recorded) return [];
        return [
          finding(service, "error", {
            problem: `The route was moved past Pulumi: it leads to ${live.color}, Pulumi left it at ${service.recorded}${writerWords(service)}.`,
            meaning: `${
              service.state.routeWriter?.manager === directManager
                ? "A rollback had to be quicker than the engine."
                : `Nobody's release made ${live.color} live.`
            } The next update moves users to what the configuration says, ${service.configured}.`,
            help:
              live.color === service.configured
                ? "pulumi up"
                : `pulumi up (users go to ${service.configured}), or first: ${stay(settings, service, live.color)} (they stay)`,
          }),
        ];
      }),
  },
  {
    name: "route-drift",
    find: ({ services, settings }) =>
      services.flatMap((service) => {
        const { live } = service.state;
        // Where it was moved past Pulumi, that is the finding.
        if (live.color === "unknown" || live.color === service.configured) return [];
        if (service.recorded !== undefined && service.recorded !== live.color) return [];
        return [
          finding(service, "error", {
            problem: `${live.color} is live, the configuration says ${service.configured}.`,
            meaning: `An update did not happen or did not succeed; the next one moves users to ${service.configured}.`,
            help: `pulumi up (users go to ${service.configured}), or: ${stay(settings, service, live.color)} (they stay)`,
          }),
        ];
      }),
  },
  {
    name: "preview",
    find: ({ services }) =>
      services.flatMap((service) => {
        const { live, preview } = service.state;
        if (preview.color !== "unknown" && preview.color !== live.color) return [];
        const problem =
          preview.color === "unknown"
            ? `The preview leads to neither colour: ${preview.reason}.`
            : `The preview leads to ${preview.color}, which is live.`;
        return [
          finding(service, "warning", {
            problem,
            meaning: `Testers do not see the idle colour${live.color === "unknown" ? "" : `, ${other(live.color)}`}; users are not concerned.`,
            help: "pulumi up",
          }),
        ];
      }),
  },
  {
    name: "address",
    find: ({ services, settings }) =>
      services.flatMap((service) => {
        const { ingress } = service.state;
        if (ingress === undefined || ingress.addresses.length > 0) return [];
        return [
          finding(service, "error", {
            problem: `Ingress ${ingress.name} has no address.`,
            meaning: `No NGINX Ingress Controller has taken class ${ingress.className ?? "(none)"}: the host leads nowhere.`,
            help: `kubectl get ingressclass; ${kubectlIn(settings)} describe ingress ${ingress.name}`,
          }),
        ];
      }),
  },
];

/** The command that has the configuration say what is so. */
function stay(settings: Settings, { name }: ServiceSnapshot, live: Color): string {
  const { path } = liveColorSetting(settings, name, live);
  return `pulumi config set ${path.length > 1 ? "--path " : ""}${path.join(".")} ${live}`;
}

function writerWords({ state }: ServiceSnapshot): string {
  const writer = state.routeWriter;
  if (writer === undefined || writer.manager.startsWith("pulumi")) return "";
  return ` (last written by ${writer.manager}${writer.at === undefined ? "" : ` at ${writer.at.toISOString()}`})`;
}
