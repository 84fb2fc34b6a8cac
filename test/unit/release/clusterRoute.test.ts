import type { V1Ingress, V1ObjectMeta, V1Service } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { routeWriter, targetOf } from "../../../release/cluster/route";

function anIngress(backend: string, more: object[] = [], metadata: V1ObjectMeta = {}): V1Ingress {
  const path = { path: "/", pathType: "Prefix", backend: { service: { name: backend, port: { number: 80 } } } };
  return { metadata, spec: { rules: [{ host: "facefusion.example.com", http: { paths: [path] } }, ...more] } };
}

function aService(name: string, color: string, service = "facefusion"): V1Service {
  return { metadata: { name }, spec: { selector: { "app.kubernetes.io/name": service, color } } };
}

const services = [aService("facefusion-blue", "blue"), aService("facefusion-green", "green")];
const target = (ingress: V1Ingress | undefined, all = services) =>
  targetOf("facefusion", "facefusion-ingress", ingress, all);

describe("the live colour", () => {
  it.each(["blue", "green"])("is that of the Service which the Ingress names: %s", (color) => {
    expect(target(anIngress(`facefusion-${color}`))).toEqual({ color });
  });

  it("is the one that the live Service selects, where the Ingress names that", () => {
    const all = [...services, aService("facefusion-live", "green")];
    expect(target(anIngress("facefusion-live"), all)).toEqual({ color: "green" });
  });

  it("is not told by the Service for testers, nor is theirs by the one for users", () => {
    const all = [...services, aService("facefusion-live", "green"), aService("facefusion-idle", "blue")];
    expect(target(anIngress("facefusion-idle"), all)).toMatchObject({ color: "unknown" });
    const preview = (backend: string) => targetOf("facefusion", "facefusion-preview", anIngress(backend), all);
    expect(preview("facefusion-idle")).toEqual({ color: "blue" });
    expect(preview("facefusion-live")).toMatchObject({ color: "unknown" });
  });

  it.each([
    ["there is no Ingress", undefined, services, "there is no Ingress facefusion-ingress"],
    ["its Service does not exist", anIngress("facefusion-red"), services, "facefusion-red, which does not exist"],
    [
      "its Service is another's",
      anIngress("other"),
      [aService("other", "blue", "other")],
      "Service other selects no colour of facefusion",
    ],
    [
      "its Service selects this one's Pods under a name that is not this one's",
      anIngress("other"),
      [aService("other", "green")],
      "which is not one of this service's",
    ],
    [
      "a colour's Service selects the other colour",
      anIngress("facefusion-blue"),
      [aService("facefusion-blue", "green")],
      "Service facefusion-blue selects the Pods of green",
    ],
    [
      "it has a second host",
      anIngress("facefusion-blue", [{ host: "other" }]),
      services,
      "does not send / of one host",
    ],
  ] as const)("is unknown where %s, and that is the reason", (_, ingress, all, reason) => {
    const found = target(ingress, [...all]);
    expect(found).toMatchObject({ color: "unknown" });
    expect("reason" in found && found.reason).toContain(reason);
  });
});

describe("who moved the route", () => {
  const pulumi = { manager: "pulumi-kubernetes", time: new Date(1000), fieldsV1: { "f:spec": {} } };
  const edit = { manager: "kubectl-edit", time: new Date(2000), fieldsV1: { "f:spec": {} } };

  it("is the last to have written the Ingress's spec, whoever wrote its status since", () => {
    const ingress = anIngress("facefusion-blue", [], {
      managedFields: [
        pulumi,
        edit,
        { manager: "annotator", time: new Date(3000), fieldsV1: { "f:metadata": {} } },
        { manager: "nginx", time: new Date(4000), fieldsV1: { "f:spec": {} }, subresource: "status" },
      ],
    });
    expect(routeWriter("facefusion", ingress, services)).toEqual({ manager: "kubectl-edit", at: new Date(2000) });
    expect(routeWriter("facefusion", undefined, services)).toBeUndefined();
  });

  it("is the last to have written the live Service's, where the Ingress leads to that", () => {
    const live = { metadata: { name: "facefusion-live", managedFields: [edit] } };
    const ingress = anIngress("facefusion-live", [], { managedFields: [pulumi] });
    expect(routeWriter("facefusion", ingress, [...services, live])).toMatchObject({ manager: "kubectl-edit" });
  });
});
