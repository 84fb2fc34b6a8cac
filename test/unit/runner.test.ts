/** The stand-in for GitHub's runner, on the workflows themselves; what their steps call is not run here. */
import { mkdtempSync, rmSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Runner, type Given, type JobResult } from "../support/runner";
import { isDue } from "../support/workflowExpressions";

let directory: string;
let runner: Runner;
/** How a call of the release command ends. */
let code = 0;

beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), "runner-"));
  const base = { PATH: process.env["PATH"] ?? "" };
  const stackFile = { name: "Pulumi.prod.yaml", text: "config: {}\n" };
  const edited = (run: string) =>
    run.startsWith("npx release")
      ? `echo "capacity=[$CAPACITY] color=[$COLOR]"; exit ${String(code)}`
      : 'echo "aws=[$AWS_OUTCOME]"';
  runner = new Runner(path.join(directory, "runner"), base, stackFile, edited, ["package.json", "package-lock.json"]);
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

const given: Given = { vars: { PULUMI_STACK: "prod", SERVICE: "facefusion" }, secrets: {} };
const steps = ({ ran }: JobResult) => ran.map(({ run }) => run.split(" ").slice(0, 3).join(" "));
const scale = (more: Partial<Given> = {}) => runner.run("scale", "scale", { ...given, ...more });

describe("a job", () => {
  it("runs its steps, and what is for failures only where something has failed", async () => {
    code = 0;
    const well = await scale();
    expect(steps(well)).toEqual(["npx release schedule", "make record"]);
    expect(well.succeeded).toBe(true);
    code = 3;
    const failed = await scale();
    expect(steps(failed)).toEqual(["npx release schedule", "make record", "make tell-failure"]);
    expect(failed.ran.at(-1)?.output).toBe("aws=[success]");
    expect(failed.succeeded).toBe(false);
  });

  it("whose login is refused comes to nothing of what needs it, and says so", async () => {
    const refused = await scale({ login: "refused" });
    expect(steps(refused)).toEqual(["make record", "make tell-failure"]);
    expect(refused.ran.at(-1)?.output).toBe("aws=[failure]");
    expect(refused.succeeded).toBe(false);
    expect((await runner.run("release", "build", { ...given, login: "refused" })).outputs).toEqual({ image: "" });
  });

  it("that is cancelled does what is for that, and nothing else", async () => {
    const cancelled = await scale({ cancelledAt: "npx release schedule" });
    expect(steps(cancelled)).toEqual(["make record", "make tell-failure"]);
    expect(cancelled.succeeded).toBe(false);
  });

  it.each([
    ["scale", {}, "capacity=[] color=[]"],
    ["scale", { capacity: "by the schedule" }, "capacity=[] color=[]"],
    ["scale", { capacity: "offPeak" }, "capacity=[offPeak] color=[]"],
    ["rollback", { service: "facefusion", color: "the other one" }, "capacity=[] color=[]"],
    ["rollback", { service: "facefusion", color: "green" }, "capacity=[] color=[green]"],
  ])("%s is given %j, or nothing by the clock", async (name, inputs, told) => {
    code = 0;
    const { ran } = await runner.run(name, name, { ...given, inputs });
    expect(ran[0]?.output).toBe(told);
  });
});

describe("a condition", () => {
  it.each([
    [undefined, ["success"]],
    ["always()", ["success", "failure", "cancelled"]],
    ["failure()", ["failure"]],
    ["cancelled()", ["cancelled"]],
    ["failure() || cancelled()", ["failure", "cancelled"]],
    ["!cancelled()", ["success", "failure"]],
    ["inputs.color == 'green'", ["success"]],
    ["always() && inputs.color != 'green'", []],
  ])("%s holds for %j", (condition, statuses) => {
    const due = (["success", "failure", "cancelled"] as const).filter((status) =>
      isDue(condition, status, { inputs: { color: "green" } }),
    );
    expect(due).toEqual(statuses);
  });
});
