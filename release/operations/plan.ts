/** What a command is about to do: which values it sets, what the engine would change, and whether that may be. Pure. */
import { replicasFor } from "../../components/capacity";
import { colors, type Color } from "../../components/colors";
import { stackName } from "../../components/labels";
import type { ServiceSettings, Settings } from "../../settings";
import { capacityOf } from "../../settings/serviceArgs";
import type { ServiceState } from "../cluster/state";
import { exitCodes, ReleaseError } from "../errors";
import { table } from "../render/table";
import type { Change } from "./engine";
import type { Setting } from "./stackFile";

/** The flag of a service: its own where it has one, or where the stack has several; else everybody's. */
export function liveColorSetting(settings: Settings, service: string, color: Color): Setting {
  const own = settings.services[service]?.liveColor !== undefined || Object.keys(settings.services).length > 1;
  return { path: own ? ["services", service, "liveColor"] : ["liveColor"], value: color };
}

/** Pods that the live colour should have. */
export function podsWhenLive(settings: Settings, service: ServiceSettings): number {
  return replicasFor(capacityOf(settings, service), true);
}

/** Pods that the idle colour should have. */
export function podsWhenIdle(settings: Settings, service: ServiceSettings): number {
  return replicasFor(capacityOf(settings, service), false);
}

/** The resources that a switch changes for users. */
export function isRoute(name: string, service: string): boolean {
  return name === `${service}-route-ingress` || name === `${service}-route-live`;
}

/** The resources that it changes for testers. */
function isPreview(name: string, service: string): boolean {
  return name === `${service}-preview-ingress` || name === `${service}-preview-idle`;
}

/** A verification's Job, not what it needs besides. */
export function isVerificationJob(name: string, service: string, color: Color): boolean {
  const prefix = `${stackName(service, color)}-verification-`;
  return name.startsWith(prefix) && /^[0-9a-f]{10}$/.test(name.slice(prefix.length));
}

/**
 * The colour that is live, where the cluster and the configuration agree on it.
 *
 * @throws ReleaseError where they do not: what an update would do to the traffic is not this command's to decide.
 */
export function agreedLive({ service, live }: ServiceState, configured: Color): Color {
  if (live.color === "unknown")
    throw new ReleaseError(
      `${service}: it cannot be told which colour is live: ${live.reason}.`,
      "See release doctor; where the service was never deployed: pulumi up",
      exitCodes.refused,
    );
  if (live.color !== configured)
    throw new ReleaseError(
      `${service}: the route leads to ${live.color}, and the configuration says ${configured}.`,
      `Where ${live.color} is right: pulumi config set liveColor ${live.color}. Where ${configured} is: release switch ${configured}`,
      exitCodes.refused,
    );
  return live.color;
}

/** Refuses an update that would move the traffic of any of these services. */
export function mustNotTouchTraffic(changes: readonly Change[], services: readonly string[]): void {
  const touched = changes.filter(({ name }) => services.some((service) => isRoute(name, service)));
  if (touched.length === 0) return;
  throw new ReleaseError(
    `This would change the traffic: ${touched.map(({ op, name }) => `${op} ${name}`).join(", ")}.`,
    "See what else has been configured (pulumi preview), and do that first.",
    exitCodes.refused,
  );
}

/** Why a colour cannot go live now, as far as its Pods go; undefined where it can. */
export function lackingPods({ service, colors: both }: ServiceState, color: Color, needed: number): string | undefined {
  const { deployment, pods } = both[color];
  if (deployment === undefined) return `${service}: ${color} has no Deployment`;
  // An update that makes it live brings it to full capacity first; what it has now must be well, and of this version.
  const wanted = Math.min(deployment.desired, needed);
  const ready = pods.filter((pod) => pod.ready && !pod.terminating && pod.image === deployment.image).length;
  if (deployment.observed && ready >= wanted) return undefined;
  const troubles = [...new Set(pods.flatMap(({ trouble }) => trouble?.words ?? []))];
  const because = troubles.length === 0 ? "" : `: ${troubles.join("; ")}`;
  return `${service}: ${color} has ${ready} of ${wanted} Pods of ${deployment.image} ready${because}`;
}

/** Changes as a person reads them, the ones that matter to users first. */
export function renderChanges(changes: readonly Change[], service: string): string {
  const rank = ({ name }: Change) => (isRoute(name, service) ? 0 : 1);
  const rows = changes.toSorted((a, b) => rank(a) - rank(b)).map(({ op, type, name }) => [op, type, name]);
  return table([], rows, "  ");
}

/** Changes of a switch that have nothing to do with one. */
export function besidesSwitch(changes: readonly Change[], service: string): Change[] {
  const scaled = colors.map((color) => `${stackName(service, color)}-deployment`);
  return changes.filter(
    ({ name, op }) =>
      !isRoute(name, service) &&
      !isPreview(name, service) &&
      !(op === "update" && scaled.includes(name)) &&
      !colors.some((color) => isVerificationJob(name, service, color)),
  );
}
