/** Jobs: ready when complete. A Job that failed stays failed. */
import type { Values } from "../../shared/values";
import { conditionOf, numberAt, objectAt } from "../objects";
import { problemsOfOwner } from "./pods";
import { failed, ready, waiting, type Verdict, type Wait } from "./verdict";

export const job: Wait = {
  timeoutSeconds: 600,
  onRead: true,
  judge: ({ live }) => jobVerdict(live),
  problems: ({ cluster, live }) => problemsOfOwner(cluster, live, objectAt(live, "spec", "selector")),
};

export function jobVerdict(live: Values): Verdict {
  const broken = conditionOf(live, "Failed");
  if (broken?.status === "True") return failed(`the Job failed: ${broken.reason}: ${broken.message}`);
  if (conditionOf(live, "Complete")?.status === "True") return ready;
  const count = (key: string) => numberAt(live, "status", key);
  return waiting(
    `Pods of the Job: ${count("active")} active, ${count("succeeded")} succeeded, ${count("failed")} failed`,
  );
}
