/** What a rollback came to, for programs and for people. Pure. */
import type { Color } from "../../components/colors";
import { duration } from "../render/time";

export interface RollbackResult {
  readonly service: string;
  /** Null where the route led to neither colour. */
  readonly from: Color | null;
  readonly to: Color;
  readonly image: string;
  /** `none`: users were there already. */
  readonly how: "engine" | "direct" | "none";
  /** Seconds from the start to the change of the route, and to the first answer that a user would get. */
  readonly seconds: number;
  readonly answeredAfterSeconds: number | null;
  readonly ready: number;
  /** What else there is to know or to do. */
  readonly notes: readonly string[];
}

export function renderRollback({
  service,
  from,
  to,
  image,
  how,
  seconds,
  answeredAfterSeconds,
  notes,
}: RollbackResult): string {
  const head =
    how === "none"
      ? `${service}: nothing to do, ${to} is live with ${image}.`
      : `${service}: rolled back from ${from ?? "nowhere"} to ${to} with ${image}, after ${duration(seconds * 1000)}.`;
  const seen =
    answeredAfterSeconds === null ? [] : [`First answer of ${to} after ${duration(answeredAfterSeconds * 1000)}.`];
  return [head, ...seen, ...notes].join("\n");
}
