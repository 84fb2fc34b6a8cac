/** GitHub's expressions, as far as the workflows use them: these operators mean the same in JavaScript. */
import { runInNewContext } from "node:vm";

/** Of a job, by the steps that it has had so far. A cancelled one has not failed. */
export type JobStatus = "success" | "failure" | "cancelled";

/** A text with its `${{ … }}` worked out. */
export function valueOf(text: string, contexts: object): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/g, (_, expression: string) => {
    const value: unknown = runInNewContext(expression, contexts);
    return typeof value === "string" ? value : "";
  });
}

/** Whether a step's turn comes. A condition that does not ask for the status holds only where all is well. */
export function isDue(condition: string | undefined, status: JobStatus, contexts: object = {}): boolean {
  const asks = /\b(always|success|failure|cancelled)\(\)/.test(condition ?? "");
  if (!asks && status !== "success") return false;
  if (condition === undefined) return true;
  const value: unknown = runInNewContext(condition.replace(/^\$\{\{(.*)\}\}$/, "$1"), {
    ...contexts,
    always: () => true,
    success: () => status === "success",
    failure: () => status === "failure",
    cancelled: () => status === "cancelled",
  });
  return Boolean(value);
}
