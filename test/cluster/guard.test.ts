import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../../sandbox/wait";
import { administer, advice, Guarded, people } from "../support/guarded";
import { anEndpointSlice, anIngress, aPod, aService, aWorkload, harmless } from "../support/manifests";
import { ask } from "../support/service";
import { neighbour, waysAround, type Way } from "../support/waysAround";

const namespace = "guard";
const { eve, boss } = people;
let guarded: Guarded;

beforeAll(async () => {
  guarded = await Guarded.open(namespace);
});

afterAll(() => guarded.close());

describe.each(Object.entries(waysAround))("somebody who has every right but this, with %s:", (policy, ways) => {
  it.each(ways)("$what is refused, and they are told whom to ask", async (way) => {
    // It is the guard that refuses, and nothing else.
    expect(await guarded.rehearse(boss, way)).toMatchObject({ done: true });
    const { done, text } = await guarded.attempt(eve, way);
    expect(done, text).toBe(false);
    expect(text).toContain(`'${namespace}-switch-guard-${policy}'`);
    expect(text).toMatch(/eve may not (create|change|delete) [a-z]+\/[a-z0-9-]+: /);
    expect(text).toContain(advice);
  });
});

describe("somebody who has every right but this", () => {
  const removal = { command: "delete ingress facefusion-ingress" };

  it("gains nothing by the role of those who may", async () => {
    const binding = "create rolebinding mine --role=release-manager --user=eve";
    expect(await guarded.attempt(eve, { command: binding })).toMatchObject({ done: true });
    expect((await guarded.attempt(eve, removal)).text).toContain(advice);
  });

  it("gains nothing by the namespace's own service accounts", async () => {
    const account = { user: `system:serviceaccount:${namespace}:facefusion-blue-verification` };
    expect((await guarded.attempt(account, removal)).text).toContain(advice);
  });

  it.each([
    "create token release --namespace ci",
    "auth can-i impersonate serviceaccounts --namespace ci",
    "auth can-i impersonate groups --all-namespaces",
    `delete validatingadmissionpolicy ${namespace}-switch-guard-routes`,
    `delete validatingadmissionpolicybinding ${namespace}-switch-guard-routes`,
  ])("cannot %s", async (command) => {
    const { done, text } = await guarded.attempt(eve, { command });
    expect(done).toBe(false);
    expect(text).toMatch(/[Ff]orbidden|^no$/m);
  });

  it("has changed nothing by all that", async () => {
    expect((await guarded.stack.preview()).changes).toEqual({});
    expect(await ask(guarded.host, "/v1/info")).toMatchObject({ status: 200, color: "blue" });
    expect(await ask(`preview.${guarded.host}`, "/v1/info")).toMatchObject({ status: 200, color: "green" });
  });

  it.each<Way>([
    { what: "delete a Pod", command: "delete pod {pod}" },
    { what: "take a Pod out of its colour", command: "label pod {pod} color-" },
    { what: "note something on a Pod", command: "annotate pod {pod} note=x" },
    { what: "note something on the route", command: "annotate ingress facefusion-ingress note=x" },
    { what: "note something on a colour", command: "annotate deployment facefusion-blue note=x" },
    {
      what: "make an Ingress for another host",
      command: "create -f -",
      input: () => anIngress("mine", "mine.localhost"),
    },
    { what: "make a Service", command: "create -f -", input: () => aService("mine", { selector: harmless }) },
    { what: "make endpoints", command: "create -f -", input: () => anEndpointSlice("mine", "mine") },
    { what: "make a Pod", command: "create -f -", input: () => aPod("mine", harmless) },
    { what: "make a Deployment", command: "create -f -", input: () => aWorkload("Deployment", "mine", harmless) },
    { what: "make a Job", command: "create -f -", input: () => aWorkload("Job", "mine", harmless) },
    { what: "make a ConfigMap", command: "create configmap mine" },
    { what: "change another's Ingress", command: `annotate ingress innocent nginx.org/x=y --namespace ${neighbour}` },
    { what: "delete another's Ingress", command: `delete ingress innocent --namespace ${neighbour}` },
  ])("may $what", async (way) => {
    expect(await guarded.rehearse(eve, way)).toMatchObject({ done: true });
  });

  it("may evict a Pod", async () => {
    const { done, text } = await guarded.attempt(eve, {
      command: "create -f - --raw /api/v1/namespaces/{namespace}/pods/{pod}/eviction",
      input: ({ pod }) => ({
        apiVersion: "policy/v1",
        kind: "Eviction",
        metadata: { name: pod, namespace },
        deleteOptions: { dryRun: ["All"] },
      }),
    });
    expect(done, text).toBe(true);
  });

  it("may claim a wildcard, which loses against the host itself", async () => {
    const wildcard = anIngress("wildcard", `*.${guarded.host}`);
    const command = `create -f - --namespace ${neighbour}`;
    expect(await guarded.attempt(eve, { command, input: () => wildcard })).toMatchObject({ done: true });
    await until(
      "the wildcard to be served",
      async () => (await ask(`other.${guarded.host}`, "/v1/info")).status !== 404,
    );
    expect(await ask(`preview.${guarded.host}`, "/v1/info")).toMatchObject({ status: 200, color: "green" });
    await administer(`delete ingress wildcard --namespace ${neighbour}`);
  });
});
