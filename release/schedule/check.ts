/** After a scheduled scaling: is the live colour untouched, and does the idle one answer its health probes? */
import { other, type Color } from "../../components/colors";
import { containerPort } from "../../components/podTemplate";
import type { Cluster } from "../cluster/connection";
import { readService } from "../cluster/read";
import type { PodState, ServiceState } from "../cluster/state";
import { within } from "../metrics/timeLimit";
import { podsWhenIdle } from "../operations/plan";
import type { ServiceSettings, Settings } from "../../settings";

const probeMs = 3_000;

export interface Checked {
  readonly service: string;
  readonly live: Color;
  /** Pods of the idle colour that answered their probe. */
  readonly answering: number;
  /** What is not as it should be, one sentence each. */
  readonly problems: readonly string[];
}

/** @param before The service before it was scaled. */
export async function checkService(
  cluster: Cluster,
  settings: Settings,
  service: ServiceSettings,
  { state: before, live }: { state: ServiceState; live: Color },
): Promise<Checked> {
  const { namespace } = settings;
  const after = await readService(cluster, namespace, before.service);
  const idle = after.colors[other(live)].pods.filter(({ ready, terminating }) => ready && !terminating);
  const answers = await Promise.all(idle.map(({ name }) => answersProbe(cluster, namespace, name)));
  const silent = idle.filter((_, i) => answers[i] !== true).map(({ name }) => name);
  const answering = idle.length - silent.length;
  const problems = [
    ...liveProblems(before, after, live),
    ...idleProblems(other(live), answering, podsWhenIdle(settings, service), silent),
  ];
  return { service: before.service, live, answering, problems };
}

/** What has become of users' colour: the same route, and no Pod of it new in another's place. */
export function liveProblems(before: ServiceState, after: ServiceState, live: Color): string[] {
  if (after.live.color !== live)
    return [
      `The route led to ${live}, and leads to ${after.live.color === "unknown" ? "neither colour" : after.live.color} now.`,
    ];
  const [was, is] = [staying(before, live), staying(after, live)];
  const lost = was.filter(({ name }) => !is.some((pod) => pod.name === name));
  const come = is.filter(({ name }) => !was.some((pod) => pod.name === name));
  // Fewer or more is what scaling is; both at once is another Pod in one's place.
  const replaced =
    lost.length > 0 && come.length > 0 ? [`Pods of ${live} were replaced: ${names(lost)} by ${names(come)}.`] : [];
  const restarted = is.filter(
    ({ name, restarts }) => restarts > (was.find((pod) => pod.name === name)?.restarts ?? restarts),
  );
  return [...replaced, ...(restarted.length > 0 ? [`Pods of ${live} were started again: ${names(restarted)}.`] : [])];
}

/** Whether the idle colour would answer if it had to. */
export function idleProblems(idle: Color, answering: number, wanted: number, silent: readonly string[]): string[] {
  return [
    ...(silent.length > 0 ? [`Pods of ${idle} do not answer their health probe: ${silent.join(", ")}.`] : []),
    ...(answering < wanted ? [`${idle} answers with ${answering} of ${wanted} Pods.`] : []),
  ];
}

function staying(state: ServiceState, color: Color): PodState[] {
  return state.colors[color].pods.filter(({ terminating }) => !terminating);
}

function names(pods: readonly PodState[]): string {
  return pods.map(({ name }) => name).join(", ");
}

/** By the same path as the kubelet (see components/podTemplate.ts). */
async function answersProbe(cluster: Cluster, namespace: string, pod: string): Promise<boolean> {
  try {
    const request = { name: `${pod}:${containerPort}`, namespace, path: "readyz" };
    await cluster.core.connectGetNamespacedPodProxyWithPath(request, within(probeMs));
    return true;
  } catch {
    return false;
  }
}
