/** At which capacity a stack is: what its file says, and what its updates were made with. */
import type { Stack, UpdateSummary } from "@pulumi/pulumi/automation";
import { parseDocument } from "yaml";
import type { Settings } from "../../settings";

type Capacity = Settings["capacity"];

/** Updates that are looked at: some have failed, and some are no updates. */
const lookedAt = 100;

/** As a stack's file says. */
export function capacityIn(text: string, project: string): Capacity {
  return parseDocument(text).getIn(["config", `${project}:capacity`]) === "offPeak" ? "offPeak" : "peak";
}

/** What the stack's updates say. Secrets are left out: what nobody should read is not shown by accident. */
export async function readCapacity(stack: Stack, project: string): Promise<CapacityNow | undefined> {
  return capacityNow(await stack.history(lookedAt, 1, false), project);
}

export interface CapacityNow {
  readonly capacity: Capacity;
  /** The end of the update from which on it has been so; where the updates do not go back that far, of the oldest. */
  readonly since: Date;
}

/**
 * @param updates The newest first.
 * @returns Undefined where no update has succeeded: one that failed has not made its configuration true.
 */
export function capacityNow(updates: readonly UpdateSummary[], project: string): CapacityNow | undefined {
  const made = updates.filter(({ kind, result }) => kind === "update" && result === "succeeded");
  const of = ({ config }: UpdateSummary): Capacity =>
    config[`${project}:capacity`]?.value === "offPeak" ? "offPeak" : "peak";
  const [last] = made;
  if (last === undefined) return undefined;
  const capacity = of(last);
  const change = made.findIndex((update) => of(update) !== capacity);
  const first = made[(change === -1 ? made.length : change) - 1] ?? last;
  return { capacity, since: first.endTime };
}
