/** What the release command tells others: events as data, and as text. Pure functions. */
import type { Color } from "../../components/colors";
import { duration } from "../render/time";

interface Common {
  readonly service: string;
  readonly stack: string;
  /** Who ran the command. */
  readonly by: string;
}

export type ReleaseEvent = Common &
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
  return [`${event.service} (${event.stack}): ${what ?? ""}`, ...more, `by ${event.by}`].join("\n");
}

function linesOf(event: ReleaseEvent): string[] {
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
  }
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
