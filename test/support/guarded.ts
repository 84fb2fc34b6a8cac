/** A service behind its guard, on the test cluster, and the people around it. */
import { onTestCluster, TestStack } from "./engine";
import { anEndpointSlice, anIngress, aPod, harmless } from "./manifests";
import { kubectl, type Answer, type Person } from "./people";
import { neighbour, ours as placeholders, type Ours, type Way } from "./waysAround";

const guard = {
  groups: ["release-managers", "system:masters"],
  serviceAccounts: ["ci/release"],
  viewers: ["observers"],
  contact: "the platform team (#platform)",
};

/** The end of every refusal. */
export const advice =
  "Only the group release-managers, the group system:masters, the service account ci/release may. Ask the platform team (#platform).";

export const people = {
  /** Has every right in the services' namespace and in another. */
  eve: { user: "eve", groups: ["developers"] },
  /** The same, and may switch. */
  boss: { user: "boss", groups: ["developers", "release-managers"] },
  /** Has every right in the cluster. */
  root: { user: "root", groups: ["administrators"] },
  /** Have what the guard's roles give them, and nothing else. */
  mara: { user: "mara", groups: ["release-managers"] },
  pipeline: { user: "system:serviceaccount:ci:release" },
  vera: { user: "vera", groups: ["observers"] },
} satisfies Record<string, Person>;

/** What the cluster's own controllers are where they have no identities of their own. */
export const controllerManager: Person = { user: "system:kube-controller-manager" };
/** One of them where they have. */
export const controller = (name: string): Person => ({ user: `system:serviceaccount:kube-system:${name}` });

export class Guarded {
  private constructor(
    readonly namespace: string,
    readonly stack: TestStack,
    private readonly ours: Ours,
  ) {}

  /** Deploys it, with one Pod of each colour, and gives everybody their rights. */
  static async open(namespace: string): Promise<Guarded> {
    const stack = await TestStack.open(namespace, "local", () => {
      const config = onTestCluster(namespace)();
      const { facefusion } = config["facefusion:services"] as { facefusion: object };
      const services = { facefusion: { ...facefusion, replicas: 1 } };
      return { ...config, "facefusion:guard": guard, "facefusion:services": services };
    });
    await stack.up();
    await administer(`create namespace ${neighbour}`);
    const everybody = [
      "--group=developers",
      `--group=system:serviceaccounts:${namespace}`,
      "--group=system:serviceaccounts:kube-system",
      `--user=${controllerManager.user}`,
    ].join(" ");
    for (const where of [namespace, neighbour])
      await administer(`create rolebinding everything --namespace ${where} --clusterrole=cluster-admin ${everybody}`);
    await administer("create clusterrolebinding guard-test-root --clusterrole=cluster-admin --group=administrators");
    for (const kind of nginxKinds) await administer("apply -f -", definition(kind));
    await administer(`create -f - --namespace ${neighbour}`, anIngress("innocent", "innocent.localhost"));
    await administer(`create -f - --namespace ${namespace}`, anEndpointSlice("innocent", "other"));
    await administer(`create -f - --namespace ${namespace}`, aPod("innocent", harmless));
    return new Guarded(namespace, stack, await namesIn(namespace));
  }

  /** Takes all of it away; `destroyed` where the stack is already. */
  async close({ destroyed = false } = {}): Promise<void> {
    await administer(`delete crd ${nginxKinds.map((kind) => `${pluralOf(kind)}.k8s.nginx.org`).join(" ")}`);
    await administer("delete clusterrolebinding guard-test-root");
    await administer(`delete namespace ${neighbour}`);
    if (!destroyed) await this.stack.destroy();
  }

  get host(): string {
    return this.ours.host;
  }

  /** Has a person do what a command says. */
  attempt(who: Person, { command, input }: Omit<Way, "what">, ...more: string[]): Promise<Answer> {
    const words = command.split(" ").filter((word) => word !== "");
    const args = words.map((word) =>
      placeholders.reduce((text, each) => text.replaceAll(`{${each}}`, this.ours[each]), word),
    );
    const where = ["--namespace", "--all-namespaces", "--raw"].some((flag) => args.includes(flag))
      ? []
      : ["--namespace", this.namespace];
    return kubectl(who, [...where, ...args, ...more], input?.(this.ours));
  }

  /** The same without consequences: all but the change itself. */
  rehearse(who: Person, way: Omit<Way, "what">): Promise<Answer> {
    return this.attempt(who, way, "--dry-run=server");
  }
}

/** What the tests themselves do, as the administrator that they are. */
export async function administer(command: string, input?: unknown): Promise<string> {
  const { done, text } = await kubectl(undefined, command.split(" "), input);
  if (!done) throw new Error(text);
  return text;
}

async function namesIn(namespace: string): Promise<Ours> {
  const blue = "app.kubernetes.io/name=facefusion,color=blue";
  const all = async (kind: string, selector = "") => {
    const names = await administer(`get ${kind} --namespace=${namespace} --output=name --selector=${selector}`);
    return names.split("\n").map((line) => line.replace(/.*\//, ""));
  };
  const one = async (kind: string, selector?: string, start = "") => {
    const name = (await all(kind, selector)).find((each) => each.startsWith(start));
    if (name === undefined || name === "") throw new Error(`no ${kind} ${start} in ${namespace}`);
    return name;
  };
  return {
    namespace,
    host: `${namespace}.localhost`,
    pod: await one("pod", blue),
    replicaSet: await one("replicaset", blue),
    endpointSlice: await one("endpointslice", "kubernetes.io/service-name=facefusion-blue"),
    configMap: await one("configmap", blue, "facefusion-blue-config-"),
    claim: await one("persistentvolumeclaim", "", "facefusion-blue-models-"),
    job: await one("job", blue),
  };
}

const nginxKinds = ["VirtualServer", "VirtualServerRoute", "TransportServer"];
const pluralOf = (kind: string) => `${kind.toLowerCase()}s`;

/** As much of F5's definition as the API server needs to take such objects. */
function definition(kind: string): unknown {
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${pluralOf(kind)}.k8s.nginx.org` },
    spec: {
      group: "k8s.nginx.org",
      scope: "Namespaced",
      names: { kind, plural: pluralOf(kind), singular: kind.toLowerCase() },
      versions: [{ name: "v1", served: true, storage: true, schema }],
    },
  };
}
