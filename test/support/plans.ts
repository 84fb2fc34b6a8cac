/** Builders of plans, as a preview reads them from the engine: nothing changes but what a test says. */
import { forEachColor, type Color } from "../../components/colors";
import { stackName } from "../../components/labels";
import type { Plan } from "../../release/preview/observe";
import type { Inputs, Step } from "../../release/preview/steps";
import { imageOf } from "./states";

const parents = "facefusion:index:BlueGreenService$kubernetes";

export function aStep(type: string, name: string, change: Partial<Step> = {}): Step {
  const urn = `urn:pulumi:prod::facefusion::${parents}:${type}::${name}`;
  return { urn, name, type: type.split(":").at(-1) ?? type, op: "same", before: {}, after: {}, ...change };
}

/** A step between two states; which kind of step it is follows from them. */
export function stepBetween(type: string, name: string, before: Inputs | undefined, after: Inputs | undefined): Step {
  const same = JSON.stringify(before) === JSON.stringify(after);
  const op = before === undefined ? "create" : after === undefined ? "delete" : same ? "same" : "update";
  return aStep(type, name, { op, before, after });
}

export const ingressTo = (backend: string) => ({
  spec: { rules: [{ http: { paths: [{ path: "/", backend: { service: { name: backend } } }] } }] },
});

export const aDeployment = (image: string, replicas = 2) => ({
  spec: { replicas, template: { spec: { containers: [{ name: "inference", image }] } } },
});

/** One side of a service's plan. */
export interface Side {
  live: Color;
  blue: string;
  green: string;
  replicas: { blue: number; green: number };
  /** The hash of each colour's verification. */
  verified: { blue: string; green: string };
}

export const aSide = (change: Partial<Side> = {}): Side => ({
  ...{ live: "blue", blue: imageOf("blue"), green: imageOf("green") },
  ...{ replicas: { blue: 2, green: 2 }, verified: { blue: "b000000000", green: "a000000000" } },
  ...change,
});

/** The steps of a service between two sides. */
export function serviceSteps(before: Partial<Side>, after: Partial<Side>, service = "facefusion"): Step[] {
  const [was, is] = [aSide(before), aSide(after)];
  const of = (color: Color) => stackName(service, color);
  const jobs = forEachColor((color) => {
    const name = (side: Side) => `${of(color)}-verification-${side.verified[color]}`;
    if (name(was) === name(is)) return [aStep("batch/v1:Job", name(is))];
    return [
      stepBetween("batch/v1:Job", name(was), {}, undefined),
      stepBetween("batch/v1:Job", name(is), undefined, {}),
    ];
  });
  const deployments = forEachColor((color) =>
    stepBetween(
      "apps/v1:Deployment",
      `${of(color)}-deployment`,
      aDeployment(was[color], was.replicas[color]),
      aDeployment(is[color], is.replicas[color]),
    ),
  );
  const ingress = "networking.k8s.io/v1:Ingress";
  return [
    stepBetween(ingress, `${service}-route-ingress`, ingressTo(of(was.live)), ingressTo(of(is.live))),
    ...[deployments.blue, deployments.green, ...jobs.blue, ...jobs.green],
  ];
}

export function aPlan(change: Partial<Plan> = {}): Plan {
  return {
    steps: serviceSteps({}, {}),
    policies: { asked: true, violations: [], unanswered: [] },
    problems: [],
    refused: false,
    warnings: [],
    ...change,
  };
}
