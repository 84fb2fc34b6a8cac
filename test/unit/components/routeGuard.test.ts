import { describe, expect, it } from "vitest";
import { ingressBackend, serviceColor, switchProblem, type LiveState } from "../../../components/routeGuard";
import { ruleTo } from "../../support/args";

const green: LiveState = {
  service: "facefusion",
  liveColor: "green",
  replicas: 3,
  availableReplicas: 3,
  verified: true,
};
const ingress = (service: string, host = "facefusion.example.com") => ({
  metadata: { namespace: "faces" },
  spec: { rules: [ruleTo(host, service)] },
});
const live = (color: string) => ({ spec: { selector: { "app.kubernetes.io/name": "facefusion", color } } });
const toGreen = { oldInputs: ingress("facefusion-blue"), newInputs: ingress("facefusion-green") };

const problem = (change: Partial<LiveState>, update = toGreen) =>
  switchProblem({ ...green, ...change }, ingressBackend, update);

describe("a colour that is to go live", () => {
  it("is refused with fewer Pods than it must have, in words that name both numbers", () => {
    expect(problem({ availableReplicas: 2 })).toBe(
      "facefusion: green has 2 of 3 Pods available, so it does not go live; the route stays as it is. See what is wrong " +
        "with them (kubectl --namespace faces describe deployment facefusion-green), and try again.",
    );
  });

  it("is refused where its verification has not succeeded, however it was left out", () => {
    expect(problem({ verified: false })).toBe(
      "facefusion: the verification of green has not succeeded, so it does not go live; the route stays as it is. Its " +
        "report: kubectl --namespace faces get configmap facefusion-green-verification -o yaml",
    );
  });

  it.each([3, 4])("is not refused with %d Pods of 3", (availableReplicas) => {
    expect(problem({ availableReplicas })).toBeUndefined();
  });

  it("is not refused on a preview that cannot know yet, nor where the gate is skipped", () => {
    expect(problem({ availableReplicas: undefined, verified: undefined })).toBeUndefined();
  });
});

describe("an update of the route", () => {
  it("that is no switch is nobody's business here, whatever the colour lacks", () => {
    const otherHost = {
      oldInputs: ingress("facefusion-green"),
      newInputs: ingress("facefusion-green", "faces.example.com"),
    };
    expect(problem({ availableReplicas: 0, verified: false }, otherHost)).toBeUndefined();
  });

  it("is a switch where the live Service selects another colour", () => {
    const state = { ...green, verified: false };
    expect(switchProblem(state, serviceColor, { oldInputs: live("blue"), newInputs: live("green") })).toContain(
      "green",
    );
    expect(switchProblem(state, serviceColor, { oldInputs: live("green"), newInputs: live("green") })).toBeUndefined();
  });
});
