/**
 * Where a rollback leads, and whether it may: a pure decision over what is in the cluster. It is made at night, by people
 * who were asleep: doing it twice is doing it once, and it never leads to a version that nobody has tried.
 */
import { colors, other, type Color, type PerColor } from "../../components/colors";
import type { ServiceState } from "../cluster/state";

/** What counts about one colour. */
export interface Standing {
  readonly image: string;
  readonly ready: number;
  /** Whether its version has passed its verification, or may go live without one. */
  readonly verified: boolean;
  /** Whether its Pods are of a template that was made after that verification had begun. */
  readonly changedSince: boolean;
  /** When its version was deployed; undefined where that is not known. */
  readonly releasedAt: Date | undefined;
  /** Why its Pods are not ready, in words. */
  readonly troubles: readonly string[];
}

export interface Situation {
  /** Where the route leads; undefined where it leads to neither colour. */
  readonly live: Color | undefined;
  readonly configured: Color;
  /** The colour that was asked for by name. */
  readonly wanted: Color | undefined;
  /** Whether the last thing that happened to the route was a rollback. */
  readonly rolledBack: boolean;
  readonly standings: PerColor<Standing>;
}

export type Decision =
  | {
      readonly kind: "move";
      readonly to: Color;
      readonly reason: string | undefined;
      /** What whoever is led there has to know. */
      readonly warning: string | undefined;
    }
  /** Users are where a rollback would lead; the configuration is made to agree. */
  | { readonly kind: "stay"; readonly to: Color; readonly reason: string }
  | { readonly kind: "refuse"; readonly problem: string; readonly remedy: string };

export function decideRollback(service: string, namespace: string, situation: Situation): Decision {
  const { live, standings } = situation;
  const { color: to, reason } = destination(situation);
  if (to === live) return { kind: "stay", to, reason: reason ?? `${to} is live already` };
  const standing = standings[to];
  if (standing.ready === 0) {
    const why =
      standing.troubles.length === 0
        ? "it was scaled to none, or its Deployment is gone"
        : standing.troubles.join("; ");
    return {
      kind: "refuse",
      problem: `${service}: ${to} has no ready Pod to go back to: ${why}.`,
      remedy: `Bring one up, then try again: kubectl --namespace ${namespace} scale deployment ${service}-${to} --replicas=1`,
    };
  }
  if (!standing.verified && isNewer(standing, standings[other(to)]))
    return {
      kind: "refuse",
      problem: `${service}: ${to} has ${standing.image}, which was never live and has not passed its verification: it is no version to go back to.`,
      remedy: `Deploy a version that works to ${to} (release deploy <image>), then: release switch ${to}. In an emergency, skipVerification lets exactly this image go live.`,
    };
  return { kind: "move", to, reason, warning: standing.changedSince ? changedWords(service, to, standing) : undefined };
}

/**
 * No refusal: its Pods are ready and of the image that was tried, users have nowhere else to go, and a restart by hand or
 * a Deployment that was made anew looks the same.
 */
function changedWords(service: string, to: Color, { image }: Standing): string {
  return (
    `${service}: the Pods of ${to} are of ${image}, which was verified, and were changed or made anew past Pulumi since: ` +
    "as they are, nothing has verified them. What was changed: release drift"
  );
}

function destination({ live, configured, wanted, rolledBack, standings }: Situation): {
  color: Color;
  reason: string | undefined;
} {
  if (wanted !== undefined) return { color: wanted, reason: undefined };
  if (live === configured) {
    // The second of two people, or of two attempts, must not undo what the first has done.
    if (rolledBack) return { color: live, reason: `it was rolled back to ${live} already` };
    return { color: other(live), reason: undefined };
  }
  // Something was left half done: an update that did not get there, or a hand that did one of the two.
  const older = colors.find((color) => isNewer(standings[other(color)], standings[color])) ?? configured;
  const where = live === undefined ? "the route leads to neither colour" : `the route leads to ${live}`;
  return { color: older, reason: `${where}, the configuration says ${configured}, and ${older} has the older version` };
}

function isNewer(one: Standing, another: Standing): boolean {
  if (one.releasedAt === undefined || another.releasedAt === undefined) return false;
  return one.releasedAt.getTime() > another.releasedAt.getTime();
}

/** @param released When each colour's version was deployed. */
export function standingsOf(
  { colors: states }: ServiceState,
  released: PerColor<Date | undefined>,
  skippedImage: string | undefined,
): PerColor<Standing> {
  const of = (color: Color): Standing => {
    const { deployment, pods, verification } = states[color];
    const image = deployment?.image ?? "nothing";
    const passed = verification.status === "passed" && verification.image === image;
    // One that was verified as it is had its template first, and then the Job.
    const [made, began] = [released[color], verification.startedAt];
    return {
      image,
      ready: pods.filter(({ ready, terminating }) => ready && !terminating).length,
      verified: image === skippedImage || passed,
      changedSince: passed && made !== undefined && began !== undefined && made > began,
      releasedAt: released[color],
      troubles: [...new Set(pods.flatMap(({ trouble }) => trouble?.words ?? []))],
    };
  };
  return { blue: of("blue"), green: of("green") };
}
