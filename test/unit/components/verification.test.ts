import { describe, expect, it } from "vitest";
import { selectorLabels } from "../../../components/labels";
import { Verification, type VerificationArgs } from "../../../components/verification";
import { aVerification } from "../../support/args";
import { at, difference, isTree, type Graph, type Node } from "../../support/graph";
import { record, valueOf } from "../../support/mocks";

const name = "facefusion-blue-verification";

async function graphOf(change: Partial<VerificationArgs> = {}): Promise<Graph> {
  return (await record(() => new Verification(name, aVerification(change)))).graph;
}

function jobOf(graph: Graph): Node {
  const [job] = graph.all("Job");
  if (job === undefined) throw new Error("no Job");
  return job;
}

/** What the check is told. */
function environmentOf(graph: Graph): Record<string, unknown> {
  const entries = at(jobOf(graph).inputs, "spec.template.spec.containers.0.env");
  return Object.fromEntries(
    (Array.isArray(entries) ? entries : []).map((entry) => [at(entry, "name"), at(entry, "value")] as const),
  ) as Record<string, unknown>;
}

describe("the Job", () => {
  it("has one name in the engine and in the cluster, so that it is the same Job or another one, never a changed one", async () => {
    const { graph, made } = await record(() => new Verification(name, aVerification()));
    const job = jobOf(graph);
    expect(job.name).toMatch(new RegExp(`^${name}-[0-9a-f]{10}$`));
    expect(at(job.inputs, "metadata.name")).toBe(job.name);
    expect(made.jobName && (await valueOf(made.jobName))).toBe(job.name);
    expect(job.deleteBeforeReplace).toBe(true);
  });

  it.each<[string, Partial<VerificationArgs>]>([
    ["image under test", { image: "registry.example.com/facefusion:v3.0.0" }],
    ["subject", { subject: { template: "another" } }],
    ["check image", { checkImage: "registry.example.com/facefusion-verification:v2.0.0" }],
    ["certificate", { certificate: { host: "facefusion.example.com", secretName: "wildcard" } }],
    ["budget", { checks: { ...aVerification().checks, timeoutSeconds: 601 } }],
  ])("is another one for another %s", async (_, change) => {
    expect(jobOf(await graphOf(change)).name).not.toBe(jobOf(await graphOf()).name);
  });

  it("is told what to verify, against what, by which budgets, and where to report", async () => {
    const graph = await graphOf();
    const { CHECKS: checks, HASH: hash, ...rest } = environmentOf(graph);
    expect(rest).toEqual({
      SERVICE: "facefusion",
      COLOR: "blue",
      VERSION: "v1.0.0",
      IMAGE: "registry.example.com/facefusion:v1.0.0",
      TARGET_URL: "http://facefusion-blue",
      REFERENCE_URL: "http://facefusion-green",
      SELECTOR: "app.kubernetes.io/name=facefusion,color=blue",
      REPORT_CONFIGMAP: name,
      NAMESPACE: undefined,
    });
    expect(JSON.parse(String(checks))).toEqual(aVerification().checks);
    expect(jobOf(graph).name).toBe(`${name}-${String(hash)}`);
  });

  it("is given what NGINX shows to users, without its key, whether it is there yet or not", async () => {
    const certificate = { host: "facefusion.example.com", secretName: "facefusion-ingress-tls" };
    const graph = await graphOf({ certificate });
    const file = "/certificate/tls.crt";
    expect(JSON.parse(String(environmentOf(graph)["CERTIFICATE"]))).toEqual({ ...certificate, file });

    const pod = at(jobOf(graph).inputs, "spec.template.spec");
    expect(at(pod, "containers.0.volumeMounts")).toContainEqual({
      ...{ name: "certificate", mountPath: "/certificate", readOnly: true },
    });
    expect(at(pod, "volumes")).toContainEqual({
      name: "certificate",
      secret: {
        secretName: "facefusion-ingress-tls",
        optional: true,
        items: [{ key: "tls.crt", path: "tls.crt" }],
      },
    });
  });

  it("tries again what could not be run, and never a verdict", async () => {
    const spec = at(jobOf(await graphOf()).inputs, "spec");
    expect(at(spec, "backoffLimit")).toBe(2);
    expect(at(spec, "template.spec.restartPolicy")).toBe("Never");
    // The first rule that matches counts, and a check whose node is drained says something, too.
    expect(at(spec, "podFailurePolicy.rules")).toEqual([
      { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
      { action: "FailJob", onExitCodes: { containerName: "verification", operator: "In", values: [1] } },
    ]);
  });

  it("alone is missing where it is not to run: nobody who scales has to make a role", async () => {
    const [running, waiting] = [await graphOf(), await graphOf({ run: false })];
    expect(difference(running, waiting)).toEqual({ added: [], removed: [`Job ${jobOf(running).name}`], changed: {} });
  });

  it("is run again by the next update where it has failed", async () => {
    const annotations = at(jobOf(await graphOf()).inputs, "metadata.annotations");
    expect(annotations).toEqual({ "pulumi.com/replaceUnready": "true" });
  });

  it("ends in the time that its checks and its start may take, and the engine waits a little longer", async () => {
    const checks = { ...aVerification().checks, timeoutSeconds: 300 };
    const job = jobOf(await graphOf({ checks, schedulingTimeoutSeconds: 100 }));
    expect(at(job.inputs, "spec.activeDeadlineSeconds")).toBe(400);
    expect(job.customTimeouts).toMatchObject({ create: "460s", update: "460s" });
  });

  it("is never among the Pods that the service's requests go to", async () => {
    const labels = at(jobOf(await graphOf()).inputs, "spec.template.metadata.labels");
    const selector = selectorLabels("facefusion", "blue");
    const matches = Object.entries(selector).every(([label, value]) => isTree(labels) && labels[label] === value);
    expect(matches).toBe(false);
  });

  it("runs beside what it verifies, with no GPU and no privilege", async () => {
    const pod = at(jobOf(await graphOf()).inputs, "spec.template.spec");
    expect(at(pod, "nodeSelector")).toEqual({ color: "blue" });
    expect(at(pod, "tolerations.0.value")).toBe("blue");
    expect(JSON.stringify(at(pod, "containers.0.resources"))).not.toContain("gpu");
    expect(at(pod, "securityContext.runAsNonRoot")).toBe(true);
    expect(at(pod, "containers.0.securityContext")).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
  });
});

describe("the report", () => {
  it("is a ConfigMap whose content is the check's to write, not the engine's", async () => {
    const report = (await graphOf()).one("ConfigMap", `${name}-report`);
    expect(at(report.inputs, "metadata.name")).toBe(name);
    expect(at(report.inputs, "data")).toBeUndefined();
    expect(report.ignoreChanges).toEqual(["data"]);
  });

  it("is all that the check may write", async () => {
    const rules = at((await graphOf()).one("Role", `${name}-role`).inputs, "rules");
    const writing = (Array.isArray(rules) ? rules : []).filter((rule) => {
      const verbs = at(rule, "verbs");
      return Array.isArray(verbs) && verbs.some((verb) => !["get", "list"].includes(String(verb)));
    });
    expect(writing).toEqual([
      { apiGroups: [""], resources: ["configmaps"], resourceNames: [name], verbs: ["get", "patch"] },
    ]);
  });

  it("can be written by the time that the Job starts", async () => {
    const graph = await graphOf();
    for (const part of graph.below(graph.one("Verification", name)).filter((node) => !node.type.endsWith(":Job")))
      expect(graph.waitsFor(jobOf(graph), part), part.name).toBe(true);
  });
});
