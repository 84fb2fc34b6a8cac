import { describe, expect, it } from "vitest";
import { BlueGreenService } from "../../../components/blueGreenService";
import { colors } from "../../../components/colors";
import { guardPolicyNames, SwitchGuard, type SwitchGuardArgs } from "../../../components/switchGuard";
import { aService } from "../../support/args";
import { at, type Graph, type Node } from "../../support/graph";
import { record } from "../../support/mocks";

function aGuard(change: Partial<SwitchGuardArgs> = {}): SwitchGuardArgs {
  return {
    namespace: "inference",
    services: [{ name: "facefusion", hosts: ["facefusion.example.com", "preview.facefusion.example.com"] }],
    groups: ["release-managers"],
    serviceAccounts: ["ci/release"],
    viewers: ["observers"],
    contact: "the platform team",
    ...change,
  };
}

async function graphOf(change: Partial<SwitchGuardArgs> = {}): Promise<Graph> {
  return (await record(() => new SwitchGuard("guard", aGuard(change)))).graph;
}

/** What the program makes for a service, by either route and with either colour live. */
async function serviceParts(): Promise<Node[]> {
  const made = colors.flatMap((liveColor) =>
    (["ingress", "service"] as const).map((route) =>
      record(() => new BlueGreenService("facefusion", aService({ liveColor, route }))),
    ),
  );
  return (await Promise.all(made)).flatMap(({ graph }) => graph.nodes.filter(({ custom }) => custom));
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const kindOf = ({ type }: Node) => type.split(":").at(-1) ?? "";

/** The text of a policy's expressions, whole. */
function textOf(graph: Graph, about: string): string {
  const { spec } = graph.one("ValidatingAdmissionPolicy", `guard-${about}`).inputs as { spec: object };
  const parts = ["variables", "validations", "matchConditions"].flatMap((part) => list(at(spec, part)));
  return parts.map((part) => String(at(part, "expression"))).join("\n");
}

/** The regular expressions of a policy. */
function patternsOf(graph: Graph, about: string): RegExp[] {
  const quoted = [...textOf(graph, about).matchAll(/\.matches\(("(?:[^"\\]|\\.)*")\)/g)];
  return quoted.map(([, text = '""']) => new RegExp(String(JSON.parse(text))));
}

describe("the guard", () => {
  it("is two roles, and a policy in force for each kind of thing", async () => {
    expect((await graphOf()).toString()).toBe(
      `
SwitchGuard guard
  ClusterRole guard-release-manager-cluster
  ClusterRole guard-viewer-cluster
  ClusterRoleBinding guard-release-manager-cluster-binding
  ClusterRoleBinding guard-viewer-cluster-binding
  Role guard-release-manager
  Role guard-viewer
  RoleBinding guard-release-manager-binding
  RoleBinding guard-viewer-binding
  ValidatingAdmissionPolicy guard-contents
  ValidatingAdmissionPolicy guard-endpoints
  ValidatingAdmissionPolicy guard-namespace
  ValidatingAdmissionPolicy guard-pods
  ValidatingAdmissionPolicy guard-routes
  ValidatingAdmissionPolicy guard-services
  ValidatingAdmissionPolicy guard-workloads
  ValidatingAdmissionPolicyBinding guard-contents-binding
  ValidatingAdmissionPolicyBinding guard-endpoints-binding
  ValidatingAdmissionPolicyBinding guard-namespace-binding
  ValidatingAdmissionPolicyBinding guard-pods-binding
  ValidatingAdmissionPolicyBinding guard-routes-binding
  ValidatingAdmissionPolicyBinding guard-services-binding
  ValidatingAdmissionPolicyBinding guard-workloads-binding
`.trim(),
    );
  });

  it("shares no name with the guard of another namespace", async () => {
    const clusterWide = [
      "ClusterRole",
      "ClusterRoleBinding",
      "ValidatingAdmissionPolicy",
      "ValidatingAdmissionPolicyBinding",
    ];
    const names = async (namespace: string) => {
      const graph = await graphOf({ namespace });
      return clusterWide.flatMap((kind) =>
        graph.all(kind).map(({ inputs }) => `${kind} ${String(at(inputs, "metadata.name"))}`),
      );
    };
    const [one, other] = [await names("inference"), await names("staging")];
    expect(new Set([...one, ...other]).size).toBe(36);
  });

  it("denies, and does so where a policy cannot be evaluated", async () => {
    const graph = await graphOf();
    for (const policy of graph.all("ValidatingAdmissionPolicy")) {
      expect(at(policy.inputs, "spec.failurePolicy")).toBe("Fail");
      for (const each of list(at(policy.inputs, "spec.validations"))) expect(at(each, "reason")).toBe("Forbidden");
    }
    const bindings = graph.all("ValidatingAdmissionPolicyBinding");
    expect(bindings.map(({ inputs }) => at(inputs, "spec.policyName")).sort()).toEqual(
      guardPolicyNames("inference").sort(),
    );
    for (const { inputs } of bindings) expect(at(inputs, "spec.validationActions")).toEqual(["Deny"]);
  });

  it("looks at other namespaces only where traffic can be taken from there", async () => {
    const graph = await graphOf();
    const everywhere = graph
      .all("ValidatingAdmissionPolicy")
      .filter(({ inputs }) => at(inputs, "spec.matchConstraints.namespaceSelector") === undefined)
      .map(({ name }) => name);
    expect(everywhere.sort()).toEqual(["guard-routes", "guard-services"]);
    const own = { "kubernetes.io/metadata.name": "inference" };
    const pods = graph.one("ValidatingAdmissionPolicy", "guard-pods");
    expect(at(pods.inputs, "spec.matchConstraints.namespaceSelector.matchLabels")).toEqual(own);
  });
});

describe("who may", () => {
  it("is whom the settings name, in the policies as in the roles", async () => {
    const graph = await graphOf();
    const subjects = [
      { apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "release-managers" },
      { kind: "ServiceAccount", namespace: "ci", name: "release" },
    ];
    expect(at(graph.one("RoleBinding", "guard-release-manager-binding").inputs, "subjects")).toEqual(subjects);
    expect(at(graph.one("ClusterRoleBinding", "guard-release-manager-cluster-binding").inputs, "subjects")).toEqual(
      subjects,
    );
    for (const about of ["routes", "services", "endpoints", "workloads", "pods", "contents", "namespace"]) {
      expect(textOf(graph, about)).toContain(`group in ["release-managers"]`);
      expect(textOf(graph, about)).toContain(`request.userInfo.username in ["system:serviceaccount:ci:release"]`);
    }
  });

  it("is nobody where nobody is named", async () => {
    const graph = await graphOf({ viewers: [] });
    expect(graph.all("RoleBinding").map(({ name }) => name)).toEqual(["guard-release-manager-binding"]);
    expect(graph.all("ClusterRoleBinding").map(({ name }) => name)).toEqual(["guard-release-manager-cluster-binding"]);
  });

  it("is told to everybody else in one line, whatever the contact looks like", async () => {
    const graph = await graphOf({ contact: 'Ann "the boss"\n(#a\\b)', serviceAccounts: [] });
    const policy = graph.one("ValidatingAdmissionPolicy", "guard-namespace").inputs;
    const message = String(at(list(at(policy, "spec.validations"))[0], "messageExpression"));
    expect(message.endsWith(String.raw`". Only the group release-managers may. Ask Ann \"the boss\" (#a\\b)."`)).toBe(
      true,
    );
  });
});

describe("the roles", () => {
  /** Whether a role's rules give all these verbs on a resource. */
  function allows(role: Node, resource: string, verbs: readonly string[]): boolean {
    const given = list(at(role.inputs, "rules"))
      .filter((rule) => at(rule, "resourceNames") === undefined && list(at(rule, "resources")).includes(resource))
      .flatMap((rule) => list(at(rule, "verbs")));
    return verbs.every((verb) => given.includes(verb));
  }

  it("let a release manager update all that makes a service, and see what comes with the program", async () => {
    const graph = await graphOf();
    const roles = [
      graph.one("Role", "guard-release-manager"),
      graph.one("ClusterRole", "guard-release-manager-cluster"),
    ];
    const comesWithTheProgram = ["ServiceAccount", "Role", "RoleBinding"];
    const kinds = new Set((await serviceParts()).filter(({ type }) => type.startsWith("kubernetes:")).map(kindOf));
    expect(kinds.size).toBeGreaterThan(8);
    for (const kind of kinds) {
      const resource = kind === "Ingress" ? "ingresses" : `${kind.toLowerCase()}s`;
      const verbs = [
        "get",
        "list",
        "watch",
        ...(comesWithTheProgram.includes(kind) ? [] : ["create", "patch", "delete"]),
      ];
      expect(
        roles.some((role) => allows(role, resource, verbs)),
        kind,
      ).toBe(true);
    }
  });

  it("let a viewer change nothing", async () => {
    const graph = await graphOf();
    for (const role of [graph.one("Role", "guard-viewer"), graph.one("ClusterRole", "guard-viewer-cluster")]) {
      const verbs = list(at(role.inputs, "rules")).flatMap((rule) => list(at(rule, "verbs")));
      expect(verbs.filter((verb) => !["get", "list", "watch"].includes(String(verb)))).toEqual([]);
    }
  });

  it("let nobody read Secrets, run commands in Pods, or change the guard", async () => {
    const graph = await graphOf();
    const rules = [...graph.all("Role"), ...graph.all("ClusterRole")].flatMap(({ inputs }) =>
      list(at(inputs, "rules")),
    );
    for (const rule of rules) {
      const resources = list(at(rule, "resources")).map(String);
      expect(resources.filter((name) => /secrets|exec|attach|token|\*/.test(name))).toEqual([]);
      if (resources.some((name) => /admission|role/.test(name)))
        expect(list(at(rule, "verbs")).filter((verb) => !["get", "list", "watch"].includes(String(verb)))).toEqual([]);
    }
  });
});

describe("what the program makes for a service", () => {
  const nameOf = (node: Node) => {
    const name = at(node.inputs, "metadata.name");
    // Named by the provider after its name in the program.
    return typeof name === "string" ? name : `${node.name}-0a1b2c3d`;
  };

  it.each([
    { kind: "Ingress", about: "routes" },
    { kind: "Service", about: "services" },
    { kind: "Service", about: "endpoints" },
  ])("is guarded by name: each $kind by the $about", async ({ kind, about }) => {
    const graph = await graphOf();
    const names = (await serviceParts()).filter((node) => kindOf(node) === kind).map(nameOf);
    expect(new Set(names).size).toBe(kind === "Ingress" ? 2 : 4);
    for (const name of names) expect(textOf(graph, about)).toContain(JSON.stringify(name));
  });

  it.each([
    { kind: "Deployment", plural: "deployments", about: "workloads" },
    { kind: "Job", plural: "jobs", about: "workloads" },
    { kind: "PersistentVolumeClaim", plural: "persistentvolumeclaims", about: "contents" },
    { kind: "ConfigMap", plural: "configmaps", about: "contents" },
  ])("is guarded by name: each $kind by the $about", async ({ kind, plural, about }) => {
    const [pattern] = patternsOf(await graphOf(), about);
    // A report is nobody's environment.
    const nodes = (await serviceParts()).filter((node) => kindOf(node) === kind && !node.name.endsWith("-report"));
    expect(nodes.length).toBeGreaterThan(0);
    for (const node of nodes) expect(`${plural}/${nameOf(node)}`).toMatch(pattern ?? "");
    expect(`${plural}/another-${nodes[0]?.name ?? ""}`).not.toMatch(pattern ?? "");
  });

  it("is guarded by the labels of its Pods", async () => {
    const templates = (await serviceParts()).map(({ inputs }) => at(inputs, "spec.template.metadata.labels"));
    const labels = templates.filter((each) => each !== undefined);
    expect(labels.length).toBeGreaterThan(0);
    const graph = await graphOf();
    for (const about of ["workloads", "pods"]) {
      const stacks = list(
        JSON.parse(
          textOf(graph, about)
            .split("\n")
            .find((line) => line.startsWith("[{")) ?? "[]",
        ),
      );
      for (const each of labels)
        expect(
          stacks.some((stack) => contains(each, stack)),
          JSON.stringify(each),
        ).toBe(true);
    }
  });

  function contains(labels: unknown, selector: unknown): boolean {
    return Object.entries(selector as object).every(([key, value]) => Reflect.get(labels as object, key) === value);
  }
});
