import { describe, expect, it } from "vitest";
import { backendsOf, ingressVerdict } from "../../../sandbox/plugins/kubernetes/await/ingress";
import { jobVerdict } from "../../../sandbox/plugins/kubernetes/await/job";
import { serviceVerdict } from "../../../sandbox/plugins/kubernetes/await/service";
import { claimVerdict, volumeVerdict } from "../../../sandbox/plugins/kubernetes/await/volumes";
import { customWait } from "../../../sandbox/plugins/kubernetes/await/waitFor";
import {
  daemonSetVerdict,
  deploymentVerdict,
  statefulSetVerdict,
} from "../../../sandbox/plugins/kubernetes/await/workloads";
import { Cluster } from "../../../sandbox/plugins/kubernetes/cluster";
import type { Values } from "../../../sandbox/plugins/shared/values";

const ready = { state: "ready" };
const waitingFor = (text: string) => ({ state: "waiting", progress: expect.stringContaining(text) as string });
const failedFor = (text: string) => ({ state: "failed", reason: expect.stringContaining(text) as string });

function condition(type: string, status: string, reason = "", message = "", lastUpdateTime = "t1"): Values {
  return { type, status, reason, message, lastUpdateTime };
}

describe("a Deployment", () => {
  const complete = { observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };
  const done = [condition("Available", "True"), condition("Progressing", "True", "NewReplicaSetAvailable")];
  const deployment = (status: Values, conditions = done): Values => ({
    metadata: { generation: 2 },
    spec: { replicas: 2, progressDeadlineSeconds: 60 },
    status: { ...status, conditions },
  });
  const judge = (live: Values, applied: Values = {}, seconds = 0) => deploymentVerdict({ live, applied, seconds });

  it("is ready when every Pod is of the new template and available", () => {
    expect(judge(deployment(complete))).toEqual(ready);
  });

  it.each([
    ["its controller has not seen the change", { ...complete, observedGeneration: 1 }, done, "not seen"],
    ["a Pod is still of the old template", { ...complete, updatedReplicas: 1 }, done, "1 of 2 Pods updated"],
    ["an old Pod is still there", { ...complete, replicas: 3 }, done, "2 of 2 Pods updated"],
    ["a Pod is not available", { ...complete, availableReplicas: 1 }, done, "1 available"],
    [
      "the rollout goes on",
      complete,
      [condition("Available", "True"), condition("Progressing", "True", "ReplicaSetUpdated")],
      "2 of 2",
    ],
    ["too few are available", complete, [condition("Available", "False"), done[1] ?? {}], "2 of 2"],
  ])("waits while %s", (_when, status, conditions, text) => {
    expect(judge(deployment(status, conditions))).toEqual(waitingFor(text));
  });

  it("is ready with no replicas at all", () => {
    const live = {
      metadata: { generation: 1 },
      spec: { replicas: 0 },
      status: { observedGeneration: 1, conditions: done },
    };
    expect(judge(live)).toEqual(ready);
  });

  it("fails as soon as its progress deadline has passed", () => {
    const late = [condition("Progressing", "False", "ProgressDeadlineExceeded", "timed out", "t2")];
    expect(judge(deployment(complete, late), deployment(complete))).toEqual(failedFor("timed out"));
  });

  it("gets its time again where the deadline had passed before the update", () => {
    const late = deployment(complete, [
      condition("Progressing", "False", "ProgressDeadlineExceeded", "timed out", "t2"),
    ]);
    expect(judge(late, late, 59)).toEqual(waitingFor("Pods updated"));
    expect(judge(late, late, 61)).toEqual(failedFor("timed out"));
  });
});

describe("a StatefulSet", () => {
  const set = (status: Values, strategy: Values = {}): Values => ({
    metadata: { generation: 1 },
    spec: { replicas: 3, updateStrategy: strategy },
    status: { observedGeneration: 1, readyReplicas: 3, currentRevision: "a", updateRevision: "b", ...status },
  });

  it("is ready when all Pods are ready and updated, down to the partition", () => {
    expect(statefulSetVerdict(set({ updateRevision: "a" }))).toEqual(ready);
    expect(statefulSetVerdict(set({ updatedReplicas: 2 }))).toEqual(waitingFor("2 updated"));
    expect(statefulSetVerdict(set({ updatedReplicas: 2 }, { rollingUpdate: { partition: 1 } }))).toEqual(ready);
    expect(statefulSetVerdict(set({ updatedReplicas: 0 }, { type: "OnDelete" }))).toEqual(ready);
    expect(statefulSetVerdict(set({ updateRevision: "a", readyReplicas: 2 }))).toEqual(waitingFor("2 of 3 Pods ready"));
    expect(statefulSetVerdict(set({ observedGeneration: 0 }))).toEqual(waitingFor("not seen"));
  });
});

describe("a DaemonSet", () => {
  const set = (status: Values): Values => ({
    metadata: { generation: 1 },
    status: {
      observedGeneration: 1,
      desiredNumberScheduled: 2,
      numberAvailable: 2,
      updatedNumberScheduled: 2,
      ...status,
    },
  });

  it("is ready when every node it wants has an updated, available Pod", () => {
    expect(daemonSetVerdict(set({}))).toEqual(ready);
    expect(daemonSetVerdict(set({ updatedNumberScheduled: 1 }))).toEqual(waitingFor("1 of 2"));
    expect(daemonSetVerdict(set({ numberAvailable: 1 }))).toEqual(waitingFor("1 available"));
  });
});

describe("a Job", () => {
  const job = (...conditions: Values[]): Values => ({ status: { active: 1, failed: 2, conditions } });

  it("waits for its end, and fails at once if that is a bad one", () => {
    expect(jobVerdict(job())).toEqual(waitingFor("1 active, 0 succeeded, 2 failed"));
    expect(jobVerdict(job(condition("Complete", "True")))).toEqual(ready);
    expect(jobVerdict(job(condition("Failed", "True", "BackoffLimitExceeded", "too often")))).toEqual(
      failedFor("BackoffLimitExceeded: too often"),
    );
  });
});

describe("a Service", () => {
  const service = (spec: Values = {}, status: Values = {}): Values => ({
    spec: { selector: { a: "b" }, ...spec },
    status,
  });
  const pod = (name: string, isReady = "True"): Values => ({
    metadata: { name },
    status: { conditions: [condition("Ready", isReady)] },
  });
  const slice = (...endpoints: [string, boolean][]): Values => ({
    endpoints: endpoints.map(([name, isReady]) => ({ targetRef: { name }, conditions: { ready: isReady } })),
  });

  it("is ready when its endpoints are the ready Pods", () => {
    expect(serviceVerdict(service(), [slice(["p", true], ["q", true])], [pod("p"), pod("q")])).toEqual(ready);
  });

  it("is ready without any Pod", () => {
    expect(serviceVerdict(service(), [slice()], [])).toEqual(ready);
    expect(serviceVerdict(service(), [], [])).toEqual(ready);
  });

  it("waits for Pods that are not ready, that have not become endpoints, and for those of a former selector to go", () => {
    expect(serviceVerdict(service(), [slice(["p", true], ["q", false])], [pod("p"), pod("q", "False")])).toEqual(
      waitingFor("1 of 2 Pods ready"),
    );
    expect(serviceVerdict(service(), [slice()], [pod("p")])).toEqual(waitingFor("Pod p is not among"));
    expect(serviceVerdict(service(), [slice(["old", true], ["p", true])], [pod("p")])).toEqual(
      waitingFor("Pod old is still among"),
    );
  });

  it("does not wait for Pods that are ending", () => {
    const ending = { endpoints: [{ targetRef: { name: "p" }, conditions: { ready: false, terminating: true } }] };
    expect(serviceVerdict(service(), [ending], [])).toEqual(ready);
  });

  it("needs an address if a load balancer is to give it one", () => {
    const address = { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } };
    expect(serviceVerdict(service({ type: "LoadBalancer" }), [], [])).toEqual(waitingFor("no address"));
    expect(serviceVerdict(service({ type: "LoadBalancer" }, address), [], [])).toEqual(ready);
  });

  it.each([{ type: "ExternalName" }, { clusterIP: "None" }, { selector: {} }])(
    "has no endpoints to wait for with %j",
    (spec) => {
      expect(serviceVerdict(service(spec), [slice(["p", false])], [])).toEqual(ready);
    },
  );
});

describe("an Ingress", () => {
  const ingress = (status: Values): Values => ({
    spec: {
      ingressClassName: "nginx",
      defaultBackend: { service: { name: "fallback" } },
      rules: [
        { http: { paths: [{ backend: { service: { name: "blue" } } }, { backend: { service: { name: "blue" } } }] } },
      ],
    },
    status,
  });
  const addressed = ingress({ loadBalancer: { ingress: [{ ip: "127.0.0.1" }] } });

  it("names each of its backends once", () => {
    expect(backendsOf(addressed)).toEqual(["fallback", "blue"]);
  });

  it("is ready with endpoints for each backend and an address", () => {
    expect(ingressVerdict(addressed, [["blue", "served"]])).toEqual(ready);
    expect(ingressVerdict(addressed, [["blue", "missing"]])).toEqual(waitingFor("Service blue, does not exist"));
    expect(ingressVerdict(addressed, [["blue", "unserved"]])).toEqual(waitingFor("no endpoints object"));
    expect(ingressVerdict(ingress({}), [["blue", "served"]])).toEqual(waitingFor("class nginx"));
  });
});

describe("volumes and claims", () => {
  const inPhase = (phase: string): Values => ({ status: { phase } });

  it("are ready when they can be used", () => {
    expect(volumeVerdict(inPhase("Available"))).toEqual(ready);
    expect(volumeVerdict(inPhase("Pending"))).toEqual(waitingFor("Pending"));
    expect(volumeVerdict(inPhase("Failed"))).toEqual(failedFor("failed"));
    expect(claimVerdict(inPhase("Bound"), undefined)).toEqual(ready);
    expect(claimVerdict(inPhase("Pending"), undefined)).toEqual(waitingFor("no volume"));
    expect(claimVerdict(inPhase("Lost"), undefined)).toEqual(failedFor("lost"));
  });

  it("do not wait for a Pod that could only come later", () => {
    expect(claimVerdict(inPhase("Pending"), { volumeBindingMode: "WaitForFirstConsumer" })).toEqual(ready);
  });
});

describe("a wait of the program's own", () => {
  const live: Values = {
    metadata: { labels: { "a.b/c": "d" } },
    status: { phase: "Running", ports: [{ port: 80 }], conditions: [condition("Ready", "False", "", "not yet")] },
  };
  const judge = (annotation: string) => {
    const applied = live;
    const cluster = new Cluster(
      { server: new URL("http://127.0.0.1:1"), namespace: "", options: () => Promise.resolve({ headers: {} }) },
      new AbortController().signal,
    );
    return customWait(annotation).judge({ cluster, live, applied, seconds: 0 });
  };

  it.each([
    "jsonpath={.status.phase}=Running",
    "jsonpath=.status.phase",
    "jsonpath={.status.ports[0].port}=80",
    "jsonpath={.metadata.labels['a.b/c']}=d",
    "condition=Ready=false",
    '["jsonpath={.status.phase}", "condition=Ready=False"]',
  ])("is over with %s", (annotation) => {
    expect(judge(annotation)).toEqual(ready);
  });

  it.each([
    ["jsonpath={.status.phase}=Failed", "it is Running"],
    ["jsonpath={.status.address}", "not there yet"],
    ["condition=Ready", "not yet"],
    ["condition=Synced", "not there"],
    ['["jsonpath={.status.phase}", "condition=Ready"]', "condition Ready is False"],
  ])("goes on with %s", (annotation, text) => {
    expect(judge(annotation)).toEqual(waitingFor(text));
  });

  it("cannot be written otherwise", () => {
    expect(() => customWait("phase=Running")).toThrow('"phase=Running" is neither');
  });
});
