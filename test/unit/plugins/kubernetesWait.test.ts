import { afterEach, describe, expect, it } from "vitest";
import {
  awaitReady,
  NotReadyError,
  readinessReasons,
  type Clock,
} from "../../../sandbox/plugins/kubernetes/await/index";
import { remove } from "../../../sandbox/plugins/kubernetes/remove";
import type { Values } from "../../../sandbox/plugins/shared/values";
import { apis, type Api } from "../../support/kubernetesApi";

const { api, close } = apis();
afterEach(close);

/** Time that passes only by sleeping, and fast. */
function aClock(onSleep: () => void = () => undefined): Clock {
  let now = 0;
  return {
    now: () => now,
    sleep(milliseconds, signal) {
      now += milliseconds * 50;
      onSleep();
      return signal.aborted ? Promise.reject(new Error("aborted")) : Promise.resolve();
    },
  };
}

const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "m", namespace: "ns" }, data: { a: "1" } };
const mapPath = "/api/v1/namespaces/ns/configmaps/m";
const jobPath = "/apis/batch/v1/namespaces/ns/jobs/j";

function aJob(more: Values = {}, annotations: Values = {}): Values {
  const metadata = { name: "j", namespace: "ns", uid: "u", annotations };
  return { apiVersion: "batch/v1", kind: "Job", metadata, spec: { selector: { matchLabels: { job: "j" } } }, ...more };
}

const completed = aJob({ status: { conditions: [{ type: "Complete", status: "True" }] } });

describe("a wait", () => {
  const waitFor = (one: Api, applied: Values, more: { timeoutSeconds?: number; clock?: Clock } = {}) =>
    awaitReady({
      cluster: one.cluster,
      applied,
      inputs: applied,
      timeoutSeconds: 0,
      report: () => undefined,
      clock: aClock(),
      ...more,
    });

  it("is over at once for what is ready, and for kinds that have nothing to wait for", async () => {
    const one = await api({});
    expect(await waitFor(one, completed)).toEqual(completed);
    expect(await waitFor(one, map)).toEqual(map);
    expect(one.seen).toEqual([]);
  });

  it("is left out where an annotation says so", async () => {
    const skipping = aJob({}, { "pulumi.com/skipAwait": "true" });
    expect(await waitFor(await api({}), skipping)).toEqual(skipping);
  });

  it("answers with the object as it is when it has become ready", async () => {
    let asked = 0;
    const one = await api({ [`GET ${jobPath}`]: () => (++asked < 3 ? aJob() : completed) });
    expect(await waitFor(one, aJob())).toEqual(completed);
  });

  it.each([
    ["its kind's own", aJob(), 0, "600"],
    ["the annotation's", aJob({}, { "pulumi.com/timeoutSeconds": "30" }), 0, "30"],
    ["the resource option's before the annotation's", aJob({}, { "pulumi.com/timeoutSeconds": "30" }), 5, "5"],
  ])("ends after %s time", async (_whose, applied, timeoutSeconds, seconds) => {
    const one = await api({ [`GET ${jobPath}`]: applied });
    await expect(waitFor(one, applied, { timeoutSeconds })).rejects.toThrow(`Job ns/j: not ready after ${seconds} s`);
  });

  it("tells the Pod's own reason and the end of its log", async () => {
    const pod = {
      metadata: { name: "j-1", namespace: "ns", uid: "p", ownerReferences: [{ uid: "u" }] },
      status: { phase: "Failed", containerStatuses: [{ name: "check", state: { terminated: { exitCode: 3 } } }] },
    };
    const failedJob = aJob({
      status: { conditions: [{ type: "Failed", status: "True", reason: "BackoffLimitExceeded" }] },
    });
    const one = await api({
      "GET /api/v1/namespaces/ns/pods": { items: [pod] },
      "GET /api/v1/namespaces/ns/events": { items: [] },
      "GET /api/v1/namespaces/ns/pods/j-1/log": { line: "expected 1 face, found 0" },
    });
    const error: unknown = await waitFor(one, failedJob).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NotReadyError);
    expect(error).toMatchObject({
      live: failedJob,
      reasons: [
        expect.stringContaining("BackoffLimitExceeded"),
        expect.stringMatching(/Pod j-1, container check: exit code 3[^]*its log ends with:[^]*found 0/),
      ],
    });
    expect(one.seen.find(({ url }) => url.includes("/log"))?.url).toContain(
      "container=check&tailLines=20&previous=false",
    );
  });

  it("tells what kept the Pods from being made", async () => {
    const one = await api({
      "GET /api/v1/namespaces/ns/pods": { items: [] },
      "GET /api/v1/namespaces/ns/events": {
        items: [{ type: "Warning", reason: "FailedCreate", message: "exceeded quota" }],
      },
    });
    expect(await readinessReasons(one.cluster, aJob(), aJob())).toEqual([
      expect.stringContaining("Job ns/j: "),
      "FailedCreate: exceeded quota",
    ]);
  });

  it("outlives an API server that is away for a while", async () => {
    let asked = 0;
    const away = { code: 503, body: { message: "restarting" } };
    const one = await api({ [`GET ${jobPath}`]: () => (++asked < 5 ? away : completed) });
    expect(await waitFor(one, aJob())).toEqual(completed);
  });

  it("does not outlive the object", async () => {
    await expect(waitFor(await api({}), aJob())).rejects.toThrow("deleted while it was waited for");
  });

  it("is ended by a cancellation, which says how far it was", async () => {
    const one = await api({ [`GET ${jobPath}`]: aJob() });
    const cancelled = waitFor(one, aJob(), { clock: aClock(one.abort) });
    await expect(cancelled).rejects.toThrow(/cancelled while waiting for it \(Pods of the Job: 0 active/);
  });
});

describe("a deletion", () => {
  const reference = { apiVersion: "v1", kind: "ConfigMap", name: "m", namespace: "ns" };
  const removal = (one: Api, inputs: Values = map) =>
    remove({ cluster: one.cluster, reference, inputs, timeoutSeconds: 0, report: () => undefined });
  const withUid = (uid: string) => ({ ...map, metadata: { ...map.metadata, uid } });

  it("is fine for what is gone already", async () => {
    const one = await api({});
    await removal(one);
    expect(one.seen.some(({ method }) => method === "DELETE")).toBe(false);
  });

  it("takes the dependents first, unless an annotation says otherwise", async () => {
    const policyFor = async (annotations: Values) => {
      const answers = [withUid("u"), undefined];
      const one = await api({ [`GET ${mapPath}`]: () => answers.shift(), [`DELETE ${mapPath}`]: {} });
      await removal(one, { ...map, metadata: { ...map.metadata, annotations } });
      return one.seen.find(({ method }) => method === "DELETE")?.body;
    };
    expect(await policyFor({})).toEqual({ propagationPolicy: "Foreground" });
    expect(await policyFor({ "pulumi.com/deletionPropagationPolicy": "background" })).toEqual({
      propagationPolicy: "Background",
    });
    expect(await policyFor({ "pulumi.com/deletionPropagationPolicy": "orphan" })).toEqual({
      propagationPolicy: "Orphan",
    });
  });

  it("is over when another object has the name", async () => {
    const answers = [withUid("u")];
    await removal(await api({ [`GET ${mapPath}`]: () => answers.shift() ?? withUid("v"), [`DELETE ${mapPath}`]: {} }));
  });
});
