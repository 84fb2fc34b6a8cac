/** What differs between the two colours of a service. Pure functions. */
import diff from "microdiff";
import { colors, type Color, type PerColor } from "../../components/colors";
import type { ColorState, ServiceState } from "../cluster/state";
import type { ServiceSettings } from "../../settings";

export interface Difference {
  /** Such as `image`, `env.LOG_LEVEL` or `spec.containers.0.resources.limits.memory`. */
  key: string;
  /** Null where the colour does not have it. */
  blue: unknown;
  green: unknown;
}

/** What a colour runs that is not what the configuration says: the next update changes it. */
export interface Pending {
  color: Color;
  key: string;
  deployed: unknown;
  configured: unknown;
}

export interface ServiceDifferences {
  service: string;
  /** Null where the route leads to neither colour. */
  live: Color | null;
  configured: Difference[];
  deployed: Difference[];
  pending: Pending[];
}

export function differencesOf(settings: ServiceSettings, state: ServiceState): ServiceDifferences {
  const { blue, green } = state.colors;
  return {
    service: state.service,
    live: state.live.color === "unknown" ? null : state.live.color,
    configured: between(settings),
    deployed: between({ blue: deployed(blue), green: deployed(green) }),
    pending: colors.flatMap((color) => pending(settings[color], state.colors[color])),
  };
}

/** Set by the program for each colour: that they differ says nothing. */
const ownVariables = ["COLOR", "VERSION", "PORT"];

/** What is deployed on a colour, without what only says which colour it is. */
function deployed(state: ColorState): unknown {
  const { deployment } = state;
  if (deployment === undefined) return {};
  const template: unknown = JSON.parse(JSON.stringify(deployment.template, withoutColor(state.color)));
  return { replicas: deployment.desired, env: environmentOf(state), ...(isObject(template) ? template : {}) };
}

function environmentOf({ environment }: ColorState): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !ownVariables.includes(name)));
}

/** The names of what a colour is given differ by design, as does its checksum; what is in it is compared by itself. */
const ownKeys = ["checksum/config", "envFrom", "claimName"];

function withoutColor(color: Color): (key: string, value: unknown) => unknown {
  return (key, value) => (ownKeys.includes(key) ? undefined : value === color ? "(its colour)" : value);
}

function between({ blue, green }: PerColor<unknown>): Difference[] {
  return diff({ of: blue }, { of: green }).map((change) => ({
    key: change.path.slice(1).join("."),
    blue: change.type === "CREATE" ? null : (change.oldValue as unknown),
    green: change.type === "REMOVE" ? null : (change.value as unknown),
  }));
}

function pending(configured: ServiceSettings["blue"], state: ColorState): Pending[] {
  const { color, deployment } = state;
  if (deployment === undefined) return [{ color, key: "image", deployed: null, configured: configured.image }];
  const now = { image: deployment.image, env: environmentOf(state) };
  const next = { image: configured.image, env: configured.env };
  return diff(now, next).map((change) => ({
    color,
    key: change.path.join("."),
    deployed: change.type === "CREATE" ? null : (change.oldValue as unknown),
    configured: change.type === "REMOVE" ? null : (change.value as unknown),
  }));
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
