/** What was changed by hand, resource by resource, and what puts it right. Pure functions. */
import type { Color } from "../../components/colors";
import type { Settings } from "../../settings";
import type { Writer } from "../cluster/state";
import { isRoute, liveColorSetting } from "../operations/plan";
import { directManager } from "../operations/routePatch";
import { colorOfRoute } from "../preview/route";
import { changing, propertiesOf, type PropertyChange, type Step } from "../preview/steps";

/** One resource that is not as the last update left it. */
export interface Drift {
  readonly name: string;
  readonly type: string;
  /** `gone`: somebody has deleted it. */
  readonly what: "changed" | "gone";
  /** Each property as the update left it, and as it is. */
  readonly properties: readonly PropertyChange[];
  /** Whether users are led by it. */
  readonly route: boolean;
}

export interface DriftReport {
  readonly stack: string;
  readonly drifts: readonly Drift[];
  /** What it means and what helps, one for each thing; the route above all. */
  readonly advice: readonly Advice[];
}

export interface Advice {
  readonly words: string;
  /** Commands, one of which is to be run. */
  readonly commands: readonly { readonly command: string; readonly effect: string }[];
}

/**
 * @param steps What a refresh would note: before is the engine's state, after is what is there.
 * @param writers Who wrote each service's route last, as the API server noted it.
 */
export function driftIn(
  stack: string,
  steps: readonly Step[],
  settings: Settings,
  writers: Readonly<Record<string, Writer | undefined>>,
): DriftReport {
  const services = Object.keys(settings.services);
  const drifts = changing(steps).flatMap((step): Drift[] => {
    const properties = propertiesOf(step);
    const gone = step.op === "delete";
    // What only the cluster writes, such as a status, is nobody's change.
    if (!gone && properties.length === 0) return [];
    const route = services.some((service) => isRoute(step.name, service));
    return [{ name: step.name, type: step.type, what: gone ? "gone" : "changed", properties, route }];
  });
  const sorted = drifts.toSorted((a, b) => Number(b.route) - Number(a.route) || (a.name < b.name ? -1 : 1));
  return { stack, drifts: sorted, advice: adviceFor(sorted, steps, settings, writers) };
}

function adviceFor(
  drifts: readonly Drift[],
  steps: readonly Step[],
  settings: Settings,
  writers: Readonly<Record<string, Writer | undefined>>,
): Advice[] {
  const moves = Object.keys(settings.services).flatMap((service) => {
    const move = moveOf(service, steps);
    return move === undefined ? [] : [{ service, move }];
  });
  const told = moves.map(({ service, move }) => routeAdvice(settings, service, move, writers[service]));
  const others = drifts.filter(({ name }) => !moves.some(({ service }) => isRoute(name, service)));
  if (others.length === 0) return told;
  const words = `${told.length > 0 ? "Besides, something" : "Something"} was changed past Pulumi: ${others.map(({ name }) => name).join(", ")}.`;
  return [...told, { words, commands: [{ command: "pulumi up", effect: "it is again what the program says" }] }];
}

/** Where somebody has moved a service's route from and to. */
export function moveOf(service: string, steps: readonly Step[]): { from: Color; to: Color } | undefined {
  for (const { name, before, after } of steps) {
    if (!isRoute(name, service)) continue;
    const colorIn = (inputs: unknown) => colorOfRoute(service, name, inputs);
    const [from, to] = [colorIn(before), colorIn(after)];
    if (from !== undefined && to !== undefined && from !== to) return { from, to };
  }
  return undefined;
}

function routeAdvice(
  settings: Settings,
  service: string,
  { from, to }: { from: Color; to: Color },
  writer: Writer | undefined,
): Advice {
  const configured = settings.services[service]?.liveColor ?? settings.liveColor;
  const by =
    writer === undefined
      ? ""
      : ` (last written by ${writer.manager}${writer.at === undefined ? "" : ` at ${writer.at.toISOString()}`})`;
  const why = writer?.manager === directManager ? " A rollback had to be quicker than the engine." : "";
  const words = `The route of ${service} was moved past Pulumi: users are on ${to}, and Pulumi left them on ${from}${by}.${why}`;
  if (configured === to)
    return {
      words,
      commands: [{ command: "pulumi up", effect: `users stay on ${to}, which the configuration says as well` }],
    };
  const { path } = liveColorSetting(settings, service, to);
  const [key, ...below] = path;
  const set = `pulumi config set ${below.length === 0 ? key : `--path '${path.join(".")}'`} ${to} && pulumi up`;
  return {
    words,
    commands: [
      { command: "pulumi up", effect: `users go back to ${configured}, if it is verified` },
      { command: set, effect: `users stay on ${to}` },
    ],
  };
}
