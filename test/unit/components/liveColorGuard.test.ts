import { describe, expect, it } from "vitest";
import { liveTemplateProblem } from "../../../components/liveColorGuard";

/** A Deployment's inputs with one container. */
function aDeployment(container: Record<string, unknown> = {}, replicas = 2): unknown {
  return {
    spec: { replicas, template: { spec: { containers: [{ name: "inference", image: "a:v1", ...container }] } } },
  };
}

const available = (availableReplicas?: number) => ({ status: { availableReplicas } });
const problem = (newInputs: unknown, oldOutputs: unknown = available(2)) =>
  liveTemplateProblem("facefusion", "blue", { oldInputs: aDeployment(), newInputs, oldOutputs });

describe("an update of the live colour's Deployment", () => {
  it("that changes its Pods is refused, with what would change and the way to do it right", () => {
    expect(problem(aDeployment({ image: "a:v2", env: [] }))).toBe(
      `facefusion: liveColor says blue, and the Pods of blue would change under its users:
  spec.containers.0.image: "a:v1" -> "a:v2"
  spec.containers.0.env: nothing -> []
A colour changes only while it is idle. Put the change on green (services.facefusion.green) and, once green is ready, make it live. Where blue is idle still, and this update was to change it and make it live at once: do one after the other. README.md tells how to change what both colours share.`,
    );
  });

  it("names the first changes and counts the others", () => {
    const many = Object.fromEntries(Array.from({ length: 7 }, (_, index) => [`field${index}`, index]));
    expect(problem(aDeployment(many))).toContain("and 2 more");
  });

  it("that has been whole is refused even while none of its Pods is available, since they may be back in a moment", () => {
    const whole = { status: { conditions: [{ type: "Progressing", reason: "NewReplicaSetAvailable" }] } };
    expect(problem(aDeployment({ image: "a:v2" }), whole)).toContain("would change under its users");
  });

  it("that only scales it is not refused", () => {
    expect(problem(aDeployment({}, 5))).toBeUndefined();
  });

  it.each([
    ["none of whose Pods are available", available(0)],
    ["that never had an available Pod", available()],
    ["that never came up", {}],
    ["that was never whole", { status: { conditions: [{ type: "Progressing", reason: "ProgressDeadlineExceeded" }] } }],
  ])("%s may be put right", (_, oldOutputs) => {
    expect(problem(aDeployment({ image: "a:v2" }), oldOutputs)).toBeUndefined();
  });
});
