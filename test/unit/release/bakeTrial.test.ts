import { describe, expect, it } from "vitest";
import { podProblems } from "../../../release/operations/trial";
import { aBrokenPod, aPodState } from "../../support/states";

const pods = [aPodState({ name: "a", restarts: 1 }), aPodState({ name: "b" })];
const crashed = { kind: "crashLoop", words: "its container ended with exit code 3, 2 restarts so far" } as const;

describe("the Pods of a colour on trial", () => {
  it("are no problem where they go on as they were", () => {
    expect(podProblems(pods, pods)).toEqual([]);
  });

  it("are a problem where one has died, though it is back", () => {
    expect(podProblems(pods, [aPodState({ name: "a", restarts: 2 }), aPodState({ name: "b" })])).toEqual([
      "Pod a has died: it was started again",
    ]);
  });

  it("are a problem where a new one has died, and it is said of what", () => {
    expect(podProblems(pods, [...pods, aBrokenPod(crashed, { name: "c", restarts: 2 })])).toEqual([
      "Pod c has died: its container ended with exit code 3, 2 restarts so far",
    ]);
  });

  it("are a problem where none is ready", () => {
    const probe = { kind: "probe", words: "it runs, and its readiness probe fails" } as const;
    expect(podProblems(pods, [aBrokenPod(probe, { name: "b" })])).toEqual([
      "no Pod is ready: it runs, and its readiness probe fails",
    ]);
    expect(podProblems(pods, [])).toEqual(["no Pod is ready: there is none"]);
  });

  it("are no problem where one of them was moved to another node", () => {
    expect(podProblems(pods, [aPodState({ name: "a", restarts: 1 }), aPodState({ name: "d" })])).toEqual([]);
  });
});
