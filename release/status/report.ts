/** What `release status` tells, as plain values: the shape of its --json. */
import { forEachColor, type Color, type PerColor } from "../../components/colors";
import { versionOf } from "../../components/inferenceStack";
import type { ChosenService } from "../context";
import type { Verification, ColorState, ServiceState } from "../cluster/state";
import type { Switch } from "../history/releases";
import type { TrafficShare } from "./traffic";

export interface StatusReport {
  stack: string;
  capacity: "peak" | "offPeak";
  services: ServiceReport[];
}

export interface ServiceReport {
  service: string;
  host: string;
  /** Where the route in the cluster leads; null where that is neither colour. */
  live: Color | null;
  /** Why it is neither. */
  liveProblem: string | null;
  /** The colour that the configuration makes live. */
  configured: Color;
  /** Whether the two differ. */
  drift: boolean;
  /** Where the preview leads. */
  preview: Color | null;
  colors: PerColor<ColorReport>;
  lastSwitch: Switch | null;
}

export interface ColorReport {
  /** Of the Deployment; null where there is none. */
  image: string | null;
  version: string | null;
  desired: number;
  ready: number;
  available: number;
  /** Whether Pods of an older template are still being replaced. */
  updating: boolean;
  /** By Pod, why it is not ready. */
  troubles: string[];
  verification: VerificationStatus;
  /** As measured over two seconds; null where it cannot be. */
  traffic: TrafficShare | null;
}

export interface VerificationStatus {
  /** `outdated`: what was verified is not what is deployed. `skipped`: by the configuration. */
  status: Verification["status"] | "outdated" | "skipped";
  image: string | null;
  finishedAt: Date | null;
  /** Of the configuration, for a verification that is skipped. */
  reason: string | null;
}

export function serviceReport(
  { name, settings, configured }: ChosenService,
  state: ServiceState,
  traffic: PerColor<TrafficShare | null> | undefined,
  switched: Switch | undefined,
): ServiceReport {
  const { live, preview } = state;
  return {
    service: name,
    host: settings.host,
    live: live.color === "unknown" ? null : live.color,
    liveProblem: live.color === "unknown" ? live.reason : null,
    configured,
    drift: live.color !== configured,
    preview: preview.color === "unknown" ? null : preview.color,
    colors: forEachColor((color) => ({
      ...colorReport(state.colors[color]),
      verification: verificationStatus(state.colors[color], settings.skipVerification),
      traffic: traffic?.[color] ?? null,
    })),
    lastSwitch: switched ?? null,
  };
}

function colorReport({ deployment, pods }: ColorState): Omit<ColorReport, "verification" | "traffic"> {
  return {
    image: deployment?.image ?? null,
    version: deployment === undefined ? null : versionOf(deployment.image),
    desired: deployment?.desired ?? 0,
    ready: deployment?.ready ?? 0,
    available: deployment?.available ?? 0,
    updating: deployment !== undefined && (!deployment.observed || deployment.updated < deployment.desired),
    troubles: pods.flatMap(({ name, trouble }) => (trouble === undefined ? [] : [`${name}: ${trouble.words}`])),
  };
}

/** The verdict on what is deployed now. */
export function verificationStatus(
  { deployment, verification }: ColorState,
  skip: { image: string; reason: string } | undefined,
): VerificationStatus {
  const { status, image = null, finishedAt = null } = verification;
  if (skip !== undefined && skip.image === deployment?.image)
    return { status: "skipped", image: skip.image, finishedAt: null, reason: skip.reason };
  const outdated = status !== "none" && deployment !== undefined && image !== deployment.image;
  return { status: outdated ? "outdated" : status, image, finishedAt, reason: null };
}
