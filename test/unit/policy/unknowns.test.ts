/** What a preview cannot know is no violation, and hides nothing that it does know. */
import { describe, expect, it } from "vitest";
import { containers } from "../../../policy/containers";
import { images } from "../../../policy/images";
import { isolation } from "../../../policy/isolation";
import { kinds } from "../../../policy/kinds";
import { items, part, plain, shown, Unknown } from "../../../policy/plain";
import { routeRules } from "../../../policy/routes";
import { schedules } from "../../../policy/schedules";
import { aResource, aSchedule, messagesOf } from "../../support/rules";

const reason = new Error("can't be known during preview");
const later = new Unknown(reason);
const deployment = (spec: object) =>
  aResource("kubernetes:apps/v1:Deployment", "pods", {
    spec: { template: { metadata: { labels: { color: "blue" } }, spec } },
  });

describe("the values that the SDK hands out", () => {
  const guarded = (known: object) =>
    new Proxy(known, {
      get(target, key, receiver) {
        if (key === "secret") throw reason;
        return Reflect.get(target, key, receiver) as unknown;
      },
    });

  it("become plain data, with what cannot be read marked in its place", () => {
    const copy = plain({ list: [guarded({ secret: "?", name: "a" })] });
    expect(copy).toEqual({ list: [{ secret: later, name: "a" }] });
    expect(part(copy, "list", 0, "name")).toBe("a");
  });

  it("are not known below one that is not", () => {
    expect(part({ spec: later }, "spec", "rules", 0)).toBe(later);
    expect(items(later)).toEqual([later]);
    expect(shown(later)).toBe("not known yet");
  });
});

describe("a policy", () => {
  it("passes an image that is not known, and still sees the one beside it", () => {
    const pods = deployment({
      containers: [
        { name: "a", image: later },
        { name: "b", image: "b:latest" },
      ],
    });
    const { messages, unknowns } = messagesOf(images, [pods]);
    expect(messages).toEqual([expect.stringMatching(/^pods: container b has image b:latest/)]);
    expect(unknowns).toEqual([later]);
  });

  it("passes what a container may do where that is not known", () => {
    const { messages, unknowns } = messagesOf(containers, [deployment({ containers: [{ securityContext: later }] })]);
    expect(messages).toEqual([]);
    expect(unknowns.length).toBeGreaterThan(0);
  });

  it("passes a schedule whose size is not known", () => {
    const group = aResource(kinds.nodeGroup, "nodes", {
      instanceTypes: ["p4d.24xlarge"],
      scalingConfig: { maxSize: 4 },
    });
    expect(messagesOf(schedules, [group, aSchedule("off", group, { desiredCapacity: later })]).messages).toEqual([]);
    expect(messagesOf(schedules, [group, aSchedule("off", group, { desiredCapacity: 4 })]).messages).toHaveLength(1);
  });

  it("says nothing of a service without a route while a host is not known", () => {
    const [oneIngress] = routeRules;
    if (oneIngress === undefined) throw new Error("no rule");
    const stackConfig = { "facefusion:services": { facefusion: { host: "facefusion.example.com" } } };
    const ingress = aResource(kinds.ingress, "route", { spec: { rules: [{ host: later }] } });
    expect(messagesOf(oneIngress, [ingress], { stackConfig }).messages).toEqual([]);
    expect(messagesOf(oneIngress, [], { stackConfig }).messages).toHaveLength(1);
  });
});

describe("Pods that belong to no colour", () => {
  const job = (nodeSelector: object, tolerations: object[]) =>
    aResource("kubernetes:batch/v1:Job", "gpu-ready", {
      spec: {
        template: {
          spec: { nodeSelector, tolerations, containers: [{ resources: { limits: { "nvidia.com/gpu": "1" } } }] },
        },
      },
    });

  it("may use the GPUs of one node group, which is of one colour", () => {
    const toleration = { key: "nvidia.com/gpu", operator: "Equal", value: "blue" };
    expect(messagesOf(isolation, [job({ "eks.amazonaws.com/nodegroup": later }, [toleration])]).messages).toEqual([]);
  });

  it("may not use whatever GPU is free", () => {
    const { messages } = messagesOf(isolation, [job({}, [{ key: "nvidia.com/gpu", operator: "Exists" }])]);
    expect(messages).toHaveLength(2);
  });
});
