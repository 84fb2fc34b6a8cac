/** `pulumi.com/waitFor`: what the program itself waits for, in kubectl's words. */
import { at, conditionOf } from "../objects";
import { parsePath } from "../paths";
import { ready, waiting, type Situation, type Verdict, type Wait } from "./verdict";

/** The wait that the annotation asks for: one expression, or a JSON list of them. */
export function customWait(annotation: string): Wait {
  const judges = expressionsIn(annotation).map(judgeOf);
  return {
    timeoutSeconds: 600,
    onRead: false,
    judge: (situation) => judges.map((judge) => judge(situation)).find(({ state }) => state !== "ready") ?? ready,
  };
}

function expressionsIn(annotation: string): string[] {
  if (!annotation.trim().startsWith("[")) return [annotation];
  const parsed: unknown = JSON.parse(annotation);
  return Array.isArray(parsed) ? parsed.map(String) : [];
}

function judgeOf(expression: string): (situation: Situation) => Verdict {
  const [, type, status = "True"] = /^condition=([^=]+)(?:=(.+))?$/.exec(expression) ?? [];
  if (type !== undefined) return conditionJudge(type, status);
  const [, braced, bare, wanted] = /^jsonpath=(?:\{([^{}]*)\}|([^{}=]*))(?:=(.*))?$/.exec(expression) ?? [];
  const steps = braced ?? bare;
  if (steps !== undefined) return jsonPathJudge(expression, steps, wanted);
  throw new Error(
    `pulumi.com/waitFor: "${expression}" is neither condition=Type[=Status] nor jsonpath={.path}[=value]`,
  );
}

function conditionJudge(type: string, status: string): (situation: Situation) => Verdict {
  return ({ live }) => {
    const found = conditionOf(live, type);
    if (found?.status.toLowerCase() === status.toLowerCase()) return ready;
    return waiting(`condition ${type} is ${found?.status ?? "not there"}, not ${status}: ${found?.message ?? ""}`);
  };
}

/** Of JSONPath, plain steps: `.a.b[0]['c']`. */
function jsonPathJudge(expression: string, steps: string, wanted?: string): (situation: Situation) => Verdict {
  const path = parsePath(steps.replace(/^\$/, ""));
  return ({ live }) => {
    const value = at(live, ...path) ?? null;
    if (value === null) return waiting(`${expression}: it is not there yet`);
    const text = typeof value === "object" ? JSON.stringify(value) : String(value);
    return wanted === undefined || text === wanted ? ready : waiting(`${expression}: it is ${text}`);
  };
}
