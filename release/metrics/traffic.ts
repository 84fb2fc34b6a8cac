/** What each colour of a service has answered: its Pods' own counts, asked for through the API server. */
import { colors, type Color, type PerColor } from "../../components/colors";
import { colorLabel } from "../../components/labels";
import { containerPort } from "../../components/podTemplate";
import { listed, type Cluster } from "../cluster/connection";
import { minus, nothing, plus, processCounts, type Counts, type ProcessCounts } from "./counts";
import { parseExposition } from "./exposition";
import { within } from "./timeLimit";

/** A Pod that takes longer is taken as silent: the others' answers must not wait for it. */
const podTimeoutMs = 3_000;

/** One colour at one time; the numbers are those of its processes, from their start on. */
export interface Traffic {
  readonly requests: number;
  readonly errors: number;
  /** Jobs that are not answered yet. */
  readonly inFlight: number;
  /** By Pod, and by process where a Pod has had several. */
  readonly processes: ReadonlyMap<string, PodTraffic>;
  /** Pods that did not answer. */
  readonly silent: readonly string[];
}

export interface PodTraffic extends ProcessCounts {
  readonly pod: string;
}

/** Asks all Pods of a service; one that does not answer is named, and its counts are missing. */
export async function sampleTraffic(cluster: Cluster, namespace: string, service: string): Promise<PerColor<Traffic>> {
  const pods = await listed(
    cluster,
    `list Pods in namespace ${namespace}`,
    cluster.core.listNamespacedPod(
      { namespace, labelSelector: `app.kubernetes.io/name=${service}` },
      within(podTimeoutMs),
    ),
  );
  const asked = pods.flatMap(({ metadata, status }) => {
    const color = colors.find((each) => metadata?.labels?.[colorLabel] === each);
    const name = metadata?.name;
    return color !== undefined && name !== undefined && status?.phase === "Running" ? [{ color, name }] : [];
  });
  const answers = await Promise.all(
    asked.map(async ({ color, name }) => ({ color, name, counts: await countsOf(cluster, namespace, name) })),
  );
  const of = (color: Color) => trafficOf(answers.filter((each) => each.color === color));
  return { blue: of("blue"), green: of("green") };
}

async function countsOf(cluster: Cluster, namespace: string, pod: string): Promise<ProcessCounts | undefined> {
  try {
    const name = `${pod}:${containerPort}`;
    const request = { name, namespace, path: "metrics" };
    const text = await cluster.core.connectGetNamespacedPodProxyWithPath(request, within(podTimeoutMs));
    return processCounts(parseExposition(text));
  } catch {
    return undefined;
  }
}

/** One colour, from what its Pods answered. */
export function trafficOf(answers: readonly { name: string; counts: ProcessCounts | undefined }[]): Traffic {
  const processes = answers.flatMap(({ name, counts }) => (counts === undefined ? [] : [{ pod: name, ...counts }]));
  return {
    requests: processes.reduce((sum, each) => sum + each.requests, 0),
    errors: processes.reduce((sum, each) => sum + each.errors, 0),
    inFlight: processes.reduce((sum, each) => sum + each.inFlight, 0),
    processes: new Map(processes.map((each) => [`${each.pod} ${each.startedAt}`, each])),
    silent: answers.filter(({ counts }) => counts === undefined).map(({ name }) => name),
  };
}

/** Adds up what one colour answers from a first look on, over Pods that come, go and start again. */
export class TrafficMeter {
  private readonly last: Map<string, ProcessCounts>;
  /** What they had counted before is not known until they answer. */
  private readonly unknown: ReadonlySet<string>;
  private total: Counts = nothing;

  constructor({ processes, silent }: Traffic) {
    this.last = new Map(processes);
    this.unknown = new Set(silent);
  }

  /** Everything since the first look, after one more. */
  add({ processes }: Traffic): Counts {
    for (const [key, counts] of processes) {
      const before = this.last.get(key) ?? (this.unknown.has(counts.pod) ? counts : nothing);
      this.total = plus(this.total, minus(counts, before));
      this.last.set(key, counts);
    }
    return this.total;
  }
}
