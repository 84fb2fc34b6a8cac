/** People at the test cluster: who asks, by impersonation, and what the API server answers. */
import { execa } from "execa";
import { openAuthority } from "../../sandbox/cluster/pki";
import { writeKubeconfig } from "../../sandbox/cluster/kubeconfigs";
import { engineEnvironment } from "../../sandbox/engine";
import { at } from "../../sandbox/layout";
import { layout } from "./engine";

/** A user and the groups it is in. */
export interface Person {
  user: string;
  groups?: readonly string[];
}

export interface Answer {
  done: boolean;
  /** What kubectl prints. */
  text: string;
}

/**
 * Runs kubectl as somebody; `undefined` is the tests' own administrator.
 *
 * @param input What is given to it as a file: an object, for `-f -`.
 */
export async function kubectl(who: Person | undefined, args: readonly string[], input?: unknown): Promise<Answer> {
  const identity = who && [`--as=${who.user}`, ...(who.groups ?? []).map((group) => `--as-group=${group}`)];
  const { exitCode, all } = await execa(at(layout, "bin", "kubectl"), [...(identity ?? []), ...args], {
    env: engineEnvironment(layout),
    reject: false,
    all: true,
    input: input === undefined ? "" : JSON.stringify(input),
  });
  return { done: exitCode === 0, text: all };
}

/** The environment in which `pulumi` is that person to the cluster: by a certificate, as people and pipelines are. */
export async function loggedIn({ user, groups = [] }: Person): Promise<{ KUBECONFIG: string }> {
  const subject = [...groups.map((group) => `O=${group}`), `CN=${user}`].join(", ");
  // Colons part the files that KUBECONFIG names.
  const name = `person-${user.replaceAll(":", "-")}`;
  const server = `https://127.0.0.1:${layout.ports.api}`;
  const authority = await openAuthority(at(layout, "pki"));
  const file = at(layout, "kubeconfigs", name);
  return { KUBECONFIG: await writeKubeconfig(authority, file, { name, server, identity: { subject } }) };
}
