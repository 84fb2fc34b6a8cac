/** Who tells how the colours do while a new one is on trial: Prometheus where it is configured, else their own Pods. */
import type { Color, PerColor } from "../../components/colors";
import { readColor } from "../cluster/read";
import type { PodState } from "../cluster/state";
import type { ServiceContext } from "../context";
import type { Counts } from "../metrics/counts";
import { nothing, plus } from "../metrics/counts";
import { observationOf, type Observation } from "../metrics/observation";
import { askPrometheus } from "../metrics/prometheus";
import type { Traffic } from "../metrics/traffic";
import { judge, type BakeVerdict } from "./bakeVerdict";
import { wordsOf } from "./rollbackGround";

/** How far Prometheus looks back at the colour before; and the least, so that there is more than one scrape in it. */
const formerSeconds = 3_600;
const leastSeconds = 60;

/** A judge of what a colour has answered since it is live. */
export type Trial = (since: Counts) => Promise<BakeVerdict>;

/**
 * Opens a trial.
 *
 * @param before The traffic before the switch; what the old colour's processes have answered since they began is what
 *   the new one is compared with.
 */
export async function openTrial(
  context: ServiceContext,
  { from, to }: { from: Color; to: Color },
  before: PerColor<Traffic> | undefined,
): Promise<Trial> {
  const { cluster, settings, service } = context;
  const podsOf = async () => (await readColor(cluster, settings.namespace, service.name, to)).pods;
  const pods = await podsOf();
  const counted = await openCounts(context, { from, to }, before);
  return async (since) => {
    const problems = podProblems(pods, await podsOf().catch(() => pods));
    return problems.length > 0 ? { verdict: "worse", reasons: problems } : counted(since);
  };
}

/**
 * What Pods that were ready have come to; a process that dies takes its own counts with it, and its users' errors are
 * NGINX's to tell.
 */
export function podProblems(before: readonly PodState[], now: readonly PodState[]): string[] {
  const restarted = now.filter(({ name, restarts }) => {
    const was = before.find((pod) => pod.name === name);
    return restarts > (was?.restarts ?? 0);
  });
  const words = restarted.map(
    ({ name, trouble }) => `Pod ${name} has died: ${trouble?.words ?? "it was started again"}`,
  );
  if (words.length > 0 || now.some(({ ready }) => ready)) return words;
  const troubles = [...new Set(now.flatMap(({ trouble }) => trouble?.words ?? []))];
  return [`no Pod is ready: ${troubles.length === 0 ? "there is none" : troubles.join("; ")}`];
}

async function openCounts(
  { settings, service, output }: ServiceContext,
  { from, to }: { from: Color; to: Color },
  before: PerColor<Traffic> | undefined,
): Promise<Trial> {
  const url = settings.prometheus?.url;
  if (url !== undefined) {
    const begin = new Date();
    const query = { namespace: settings.namespace, service: service.name };
    try {
      const former = await askPrometheus(url, { ...query, color: from, seconds: formerSeconds, end: begin });
      return async () => {
        const end = new Date();
        const seconds = Math.max(Math.ceil((end.getTime() - begin.getTime()) / 1000), leastSeconds);
        return judgeBy(() => askPrometheus(url, { ...query, color: to, seconds, end }), former);
      };
    } catch (error) {
      output.progress(`${wordsOf(error)}; the Pods' own numbers are used instead.`);
    }
  }
  const former = observationOf(before === undefined ? nothing : lifetimeOf(before[from]));
  return (since) => judgeBy(() => Promise.resolve(observationOf(since)), former);
}

async function judgeBy(observe: () => Promise<Observation>, former: Observation): Promise<BakeVerdict> {
  try {
    return judge(await observe(), former);
  } catch (error) {
    // It may answer the next time.
    return { verdict: "unknown", reasons: [wordsOf(error)] };
  }
}

function lifetimeOf({ processes }: Traffic): Counts {
  return [...processes.values()].reduce<Counts>(plus, nothing);
}
