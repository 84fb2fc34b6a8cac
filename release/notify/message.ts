/** What the release command tells others: events as data, and as text. Pure functions. */
import { other, type Color } from "../../components/colors";
import type { DriftReport } from "../drift/changes";
import { countWords, valueWords } from "../drift/render";
import type { Trouble } from "../schedule/trouble";
import { duration } from "../render/time";

interface OfStack {
  readonly stack: string;
  /** Who ran the command. */
  readonly by: string;
}

interface OfService extends OfStack {
  readonly service: string;
}

/** A time of the schedule has come. */
export interface ScheduleEvent extends OfStack {
  readonly kind: "schedule";
  readonly capacity: "peak" | "offPeak";
  /** Until when, in words; null where nothing says it. */
  readonly until: string | null;
  /** GPU-hours that it saves, or has saved, in words. */
  readonly saved: string | null;
  /** As they are now. */
  readonly services: readonly {
    readonly service: string;
    readonly live: Color;
    /** Ready Pods of each role. */
    readonly ready: { readonly live: number; readonly idle: number };
    readonly problems: readonly string[];
  }[];
  readonly notes: readonly string[];
  /** Why it could not be done; null where it was. */
  readonly trouble: Trouble | null;
}

/** Somebody has changed something by hand. */
export interface DriftEvent extends OfStack, Pick<DriftReport, "drifts" | "advice"> {
  readonly kind: "drift";
  /** The address of the issue about it. */
  readonly issue: string | null;
}

export type ReleaseEvent = ServiceEvent | ScheduleEvent | DriftEvent;

export type ServiceEvent = OfService &
  (
    | { readonly kind: "deploy"; readonly color: Color; readonly image: string }
    | {
        readonly kind: "verdict";
        readonly color: Color;
        readonly image: string;
        /** `broken`: it could not be verified. */
        readonly verdict: "passed" | "failed" | "broken" | "skipped";
        /** What it failed by, or why it was skipped. */
        readonly reasons: readonly string[];
      }
    | {
        readonly kind: "switch";
        readonly from: Color;
        readonly to: Color;
        readonly image: string;
        /** From the change of the route to the first answer of the new colour; null where that was not seen. */
        readonly switchMs: number | null;
        /** Why it may be live unverified. */
        readonly skipVerification: string | null;
      }
    | {
        readonly kind: "rollback";
        readonly from: Color;
        readonly to: Color;
        readonly image: string;
        /** From the start of the command. */
        readonly seconds: number;
        /** `direct`: past the engine, whose state agrees after the next update. */
        readonly how: "engine" | "direct";
      }
    | {
        readonly kind: "bake";
        readonly color: Color;
        readonly image: string;
        readonly reasons: readonly string[];
        readonly rolledBack: boolean;
      }
  );

/** A few lines for a channel that people read. */
export function messageOf(event: ReleaseEvent): string {
  const [what, ...more] = linesOf(event);
  return [`${subjectOf(event)}: ${what ?? ""}`, ...more, `by ${event.by}`].join("\n");
}

/** What it is about: a service of a stack, or the stack. */
export function subjectOf(event: ReleaseEvent): string {
  return "service" in event ? `${event.service} (${event.stack})` : `stack ${event.stack}`;
}

/** What happened, and below it what else there is to know. */
export function linesOf(event: ReleaseEvent): string[] {
  switch (event.kind) {
    case "deploy":
      return [`${event.image} is deployed to ${event.color}, which is idle; traffic is untouched.`];
    case "verdict":
      return [verdictWords(event.verdict, `${event.color} (${event.image})`), ...bullets(event.reasons)];
    case "switch": {
      const took = event.switchMs === null ? "" : ` The switch took ${duration(event.switchMs)}.`;
      const unverified = event.skipVerification;
      return [
        `${event.to} is live with ${event.image}, instead of ${event.from}.${took}`,
        ...(unverified === null ? [] : [`UNVERIFIED: ${unverified}`]),
      ];
    }
    case "rollback": {
      const when = `in ${duration(event.seconds * 1000)}`;
      return [
        `ROLLED BACK to ${event.to} with ${event.image}, from ${event.from}, ${when}.`,
        ...(event.how === "direct" ? ["The route was changed past the engine: run pulumi up when all is calm."] : []),
      ];
    }
    case "bake":
      return [
        `${event.color} (${event.image}) does worse than before it was live${event.rolledBack ? "; it was rolled back." : ", and could not be rolled back: it is still live."}`,
        ...bullets(event.reasons),
      ];
    case "schedule":
      return scheduleLines(event);
    case "drift":
      return driftLines(event);
  }
}

function scheduleLines({ capacity, until, saved, services, notes, trouble }: ScheduleEvent): string[] {
  const pods = (count: number) => `${count} ${count === 1 ? "Pod" : "Pods"}`;
  const state = services.map(
    ({ service, live, ready }) =>
      `${service}: ${live} is live with ${pods(ready.live)}, ${other(live)} is idle with ${pods(ready.idle)}`,
  );
  if (trouble !== null)
    return [
      `could NOT be scaled to ${capacity}: ${troubleWords[trouble.kind]}.`,
      ...trouble.words.split("\n").slice(0, 12),
      trouble.remedy,
      ...(state.length === 0 ? [] : ["Users are where they were:", ...bullets(state)]),
    ];
  const problems = services.flatMap(({ service, problems }) => problems.map((problem) => `${service}: ${problem}`));
  const well = problems.length === 0 ? "Users were not touched." : "NOT as it should be:";
  return [
    `is at ${capacity}${until === null ? "" : ` until ${until}`}. ${well}`,
    ...bullets(problems),
    ...bullets(state),
    ...notes,
    ...(saved === null ? [] : [saved]),
  ];
}

const troubleWords: Readonly<Record<Trouble["kind"], string>> = {
  locked: "another update holds the stack",
  credentials: "the credentials of the run are not accepted",
  refused: "it was refused",
  failed: "the update failed",
};

function driftLines({ drifts, advice, issue }: DriftEvent): string[] {
  const few = 10;
  const named = drifts.slice(0, few).map(({ name, what, properties: [first] }) => {
    if (what === "gone" || first === undefined) return `${name}: ${what}`;
    return `${name}: ${first.path}: ${valueWords(first.from)} -> ${valueWords(first.to)}`;
  });
  return [
    `${countWords(drifts)} changed past Pulumi.`,
    ...bullets(named),
    ...(drifts.length > few ? [`and ${drifts.length - few} more`] : []),
    ...advice.flatMap(({ words, commands }) => [
      words,
      ...commands.map(({ command, effect }) => `${command} (${effect})`),
    ]),
    ...(issue === null ? [] : [issue]),
  ];
}

function verdictWords(verdict: "passed" | "failed" | "broken" | "skipped", what: string): string {
  const words = {
    passed: `${what} is verified and may go live.`,
    failed: `${what} has FAILED its verification and does not go live.`,
    broken: `${what} could not be verified and does not go live.`,
    skipped: `${what} may go live UNVERIFIED.`,
  };
  return words[verdict];
}

function bullets(lines: readonly string[]): string[] {
  return lines.map((line) => `- ${line}`);
}
