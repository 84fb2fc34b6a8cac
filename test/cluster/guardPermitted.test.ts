import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { logPath } from "../../sandbox/machine/daemons";
import { until } from "../../sandbox/wait";
import { layout } from "../support/engine";
import { administer, advice, controller, controllerManager, Guarded, people } from "../support/guarded";
import { aPod, labelsOf } from "../support/manifests";
import { loggedIn, type Answer, type Person } from "../support/people";
import { ask } from "../support/service";
import type { Way } from "../support/waysAround";

const namespace = "guard-permitted";
const { mara, pipeline, vera, root } = people;
let guarded: Guarded;

beforeAll(async () => {
  guarded = await Guarded.open(namespace);
});

afterAll(() => guarded.close());

/** Runs the engine on the stack as somebody. */
async function pulumi(who: Person, ...args: string[]): Promise<Answer> {
  const env = await loggedIn(who);
  const { failed, all } = await guarded.stack.pulumi([...args, "--color=never"], env, { reject: false });
  return { done: !failed, text: all };
}
const up = (who: Person) => pulumi(who, "up", "--yes", "--skip-preview");
const liveColor = async () => (await ask(guarded.host, "/v1/info")).color;

/** Rehearses what has consequences. */
function perform(who: Person, command: string): Promise<Answer> {
  const changes = !/^(get|logs|exec|create token)/.test(command);
  return changes ? guarded.rehearse(who, { command }) : guarded.attempt(who, { command });
}

const reading = [
  "get pods,events,endpointslices,serviceaccounts,roles,rolebindings,deployments,replicasets,jobs,services,ingresses,configmaps",
  "get pvc,pdb,nodes,pv",
  "logs {pod}",
  "get --raw /api/v1/namespaces/{namespace}/pods/{pod}:7860/proxy/metrics",
  "get namespace {namespace}",
  "get validatingadmissionpolicy,validatingadmissionpolicybinding {namespace}-switch-guard-routes",
  "get clusterrole,clusterrolebinding {namespace}-viewer",
];
const to = (color: string) =>
  JSON.stringify([
    { op: "replace", path: "/spec/rules/0/http/paths/0/backend/service/name", value: `facefusion-${color}` },
  ]);
const releasing = [
  `patch ingress facefusion-ingress --type json --patch ${to("green")}`,
  "delete ingress facefusion-preview",
  "label service facefusion-blue x=y",
  `patch deployment facefusion-green --patch ${JSON.stringify({ spec: { replicas: 2 } })}`,
  "set image deployment/facefusion-green inference=localhost/facefusion:v1.0.0",
  "annotate pod {pod} controller.kubernetes.io/pod-deletion-cost=1",
  "create configmap facefusion-blue-config-1",
  "delete configmap {configMap}",
  "delete pvc {claim}",
  "delete job {job}",
  "delete pdb facefusion-blue",
];
const beyond = [
  "delete pod {pod}",
  "exec {pod} -- true",
  "get secrets",
  "delete namespace {namespace}",
  "create rolebinding mine --clusterrole=admin --user=mara",
  "delete role release-manager",
  "create token facefusion-blue-verification",
  "delete validatingadmissionpolicy {namespace}-switch-guard-routes",
  "delete validatingadmissionpolicybinding {namespace}-switch-guard-routes",
  "delete clusterrole {namespace}-release-manager",
];

describe.each([
  { name: "a release manager", who: mara },
  { name: "the pipeline", who: pipeline },
])("$name", ({ who }) => {
  it.each([...reading, ...releasing])("may %s", async (command) => {
    const { done, text } = await perform(who, command);
    expect(done, text).toBe(true);
  });

  it.each(beyond)("may not %s", async (command) => {
    expect((await perform(who, command)).text).toMatch(/[Ff]orbidden/);
  });
});

describe("a viewer", () => {
  it.each(reading)("may %s", async (command) => {
    const { done, text } = await perform(vera, command);
    expect(done, text).toBe(true);
  });

  it.each([...releasing, ...beyond])("may not %s", async (command) => {
    expect((await perform(vera, command)).text).toMatch(/[Ff]orbidden/);
  });
});

describe("an administrator of the cluster who may not switch", () => {
  it.each([
    ...releasing.filter((command) => !/^(create|annotate|delete pdb)/.test(command)),
    "delete namespace {namespace}",
  ])("is refused: %s", async (command) => {
    expect((await perform(root, command)).text).toContain(advice);
  });

  it("may take the guard away, since nothing in a cluster is beyond an administrator", async () => {
    const command = "delete validatingadmissionpolicybinding {namespace}-switch-guard-routes";
    expect(await perform(root, command)).toMatchObject({ done: true });
  });
});

describe("Kubernetes' own controllers", () => {
  const verifying = { ...labelsOf("blue"), "app.kubernetes.io/name": "facefusion-verification" };
  const ownerless = JSON.stringify({ metadata: { ownerReferences: null } });
  const work: (Omit<Way, "what"> & { who: string })[] = [
    { who: "replicaset-controller", command: "create -f -", input: () => aPod("next", labelsOf("blue")) },
    { who: "job-controller", command: "create -f -", input: () => aPod("next", verifying) },
    { who: "deployment-controller", command: "scale replicaset {replicaSet} --replicas 2" },
    { who: "endpointslice-controller", command: "delete endpointslice {endpointSlice}" },
    { who: "endpoint-controller", command: "delete endpoints facefusion-blue" },
    { who: "generic-garbage-collector", command: `patch pod {pod} --type merge --patch ${ownerless}` },
    { who: "namespace-controller", command: "delete ingress facefusion-ingress" },
    { who: "namespace-controller", command: "delete service facefusion-blue" },
  ];

  it.each(work)("do their work: $who may $command", async ({ who, ...way }) => {
    expect(await guarded.rehearse(controller(who), way)).toMatchObject({ done: true });
    // Where they have no identities of their own.
    expect(await guarded.rehearse(controllerManager, way)).toMatchObject({ done: true });
  });

  it.each([
    { who: "statefulset-controller", command: "create -f -", input: () => aPod("next", labelsOf("blue")) },
    { who: "horizontal-pod-autoscaler", command: "scale deployment facefusion-blue --replicas 2" },
  ])("are refused what would be somebody else's: $who may not $command", async ({ who, ...way }) => {
    expect((await guarded.rehearse(controller(who), way)).text).toContain(advice);
  });
});

describe("an update of the stack", () => {
  it("shows a viewer what it would do, and does nothing", async () => {
    guarded.stack.set("liveColor", "green");
    const preview = await pulumi(vera, "preview");
    expect(preview, preview.text).toMatchObject({ done: true });
    expect(preview.text).toContain("facefusion-route-ingress");
    expect(await up(vera)).toMatchObject({ done: false });
    expect(await liveColor()).toBe("blue");
  });

  it("is refused to an administrator who may not switch", async () => {
    const { done, text } = await up(root);
    expect(done).toBe(false);
    expect(text).toContain(advice);
    expect(await liveColor()).toBe("blue");
  });

  it("switches for a release manager, who has nothing but the guard's role", async () => {
    const { done, text } = await up(mara);
    expect(done, text).toBe(true);
    await until("users to be on green", async () => (await liveColor()) === "green");
  });

  it("brings a new version with new models to the idle colour for the pipeline, and switches to it", async () => {
    guarded.stack.set("services.facefusion.blue.image", "localhost/facefusion:v2.0.0");
    guarded.stack.set("services.facefusion.blue.models", "v1/.");
    const deployed = await up(pipeline);
    expect(deployed.done, deployed.text).toBe(true);
    guarded.stack.set("liveColor", "blue");
    const switched = await up(pipeline);
    expect(switched.done, switched.text).toBe(true);
    await until("users to be on blue", async () => (await liveColor()) === "blue");
    expect(await ask(guarded.host, "/v1/info")).toMatchObject({ color: "blue", version: "v2.0.0" });
  });

  it("has hindered none of the cluster's own parts", () => {
    for (const part of ["kube-controller-manager", "kube-scheduler", "kubelet-blue", "kubelet-green"])
      expect(readFileSync(logPath(layout, part), "utf8"), part).not.toContain(`${namespace}-switch-guard`);
  });
});

describe("the end of a stack", () => {
  it("is whole: the namespace goes while it is guarded, and the guard with what is left", async () => {
    // The engine removes a stack as whoever updated it last.
    await guarded.stack.up();
    await administer(`delete namespace ${namespace}`);
    expect(await administer("get validatingadmissionpolicy --output name")).toContain(namespace);
    await guarded.stack.destroy();
    for (const kind of [
      "validatingadmissionpolicy",
      "validatingadmissionpolicybinding",
      "clusterrole",
      "clusterrolebinding",
    ])
      expect(await administer(`get ${kind} --output name`)).not.toContain(namespace);
  });
});
