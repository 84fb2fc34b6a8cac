/** What is said of an object that may or may not be ready yet. */
import type { Values } from "../../shared/values";
import type { Cluster } from "../cluster";
import type { Reference } from "../objects";

export type Verdict =
  | { state: "ready" }
  /** `progress` says how far it is. */
  | { state: "waiting"; progress: string }
  /** Waiting on is pointless. */
  | { state: "failed"; reason: string };

export const ready: Verdict = { state: "ready" };

export function waiting(progress: string): Verdict {
  return { state: "waiting", progress };
}

export function failed(reason: string): Verdict {
  return { state: "failed", reason };
}

/** Something about a Pod that keeps it from being ready. */
export interface Problem {
  /** One line for people. */
  text: string;
  /** The container whose log tells more. */
  log?: { pod: Reference; container: string; previous: boolean };
}

/** An object at one moment of a wait. */
export interface Situation {
  cluster: Cluster;
  /** The object now. */
  live: Values;
  /** The object as the wait began. */
  applied: Values;
  /** Seconds since the wait began. */
  seconds: number;
}

/** How one kind becomes ready. */
export interface Wait {
  /** Unless the program says otherwise. */
  timeoutSeconds: number;
  /** Whether a refresh looks at it too, as the official provider's does. */
  onRead: boolean;
  judge(situation: Situation): Verdict | Promise<Verdict>;
  /** What its Pods complain of. */
  problems?(situation: Situation): Promise<Problem[]>;
}
