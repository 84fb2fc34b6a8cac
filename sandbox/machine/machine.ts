/**
 * The machine that the cluster runs in: network, mount and process namespaces of its own. Whatever runs there, its
 * bridges, packet filter rules, mounts and containers included, ends with the machine's first process. It has no way out:
 * no interface but its loopback and the Pods' own, so that no packet can leave the host.
 */
import { existsSync, mkdirSync, readdirSync, rmdirSync } from "node:fs";
import { execa } from "execa";
import type { Layout } from "../layout";
import { removeControlGroups } from "./controlGroups";
import { ensure, running, stop, type Daemon } from "./daemons";
import type { ProcessId } from "./processes";

const machine = "machine";

/** Directories that tools insist on and that must not be the host's: they are empty, in memory, and the machine's own. */
const ownDirectories = ["/run", "/var/lib/cni", "/var/lib/kubelet", "/var/log"];

/** Addresses on the machine's loopback interface, by what answers there. */
export const addresses = {
  apiServer: "10.10.0.1",
  blue: "10.10.0.2",
  green: "10.10.0.3",
  dns: "10.96.0.10",
} as const;

/** The Services' addresses, of which `addresses.dns` is one, and the Pods'. */
export const serviceRange = "10.96.0.0/16";
export const podRange = "10.244.0.0/16";

/** Starts the machine, or finds the one that runs. */
export async function ensureMachine(layout: Layout): Promise<void> {
  if (machineRuns(layout)) return;
  // Of a machine that was killed.
  await removeControlGroups(layout);
  for (const directory of ownDirectories) mkdirSync(directory, { recursive: true });
  const namespaces = ["--net", "--mount", "--pid", "--mount-proc", "--propagation", "private"];
  await ensure(layout, {
    name: machine,
    command: ["unshare", ...namespaces, "--fork", "--kill-child", "tini", "-s", "--", "sleep", "infinity"],
    viaLauncher: true,
  });
  const setUp = [
    ...ownDirectories.map((directory) => `mount -t tmpfs tmpfs ${directory}`),
    "ip link set lo up",
    ...Object.values(addresses).map((address) => `ip address add ${address}/32 dev lo`),
    // The kernel looks for a way before kube-proxy's rules give a Service's address a meaning.
    `ip route add ${serviceRange} dev lo src ${addresses.apiServer}`,
    "sysctl --quiet --write net.ipv4.ip_forward=1",
  ];
  await inMachine(layout, ["sh", "-ec", setUp.join("\n")]);
}

export function machineRuns(layout: Layout): boolean {
  return running(layout, machine) !== undefined;
}

/** Ends the machine, and with it everything that runs in it. */
export async function stopMachine(layout: Layout): Promise<void> {
  // The first process of a process namespace ignores SIGTERM here, and its end is everything's: there is no grace to give.
  await stop(layout, machine, 0);
  await removeControlGroups(layout);
  for (const directory of ownDirectories) removeIfEmpty(directory);
}

/** Some of the directories may have been made for the machine alone; what anybody else uses is not empty. */
function removeIfEmpty(directory: string): void {
  if (existsSync(directory) && readdirSync(directory).length === 0) rmdirSync(directory);
}

/** A daemon's command, as it has to be started to run in the machine. */
export function inside(layout: Layout, daemon: Daemon): Daemon {
  return { ...daemon, command: [...enter(layout), ...daemon.command], viaLauncher: true };
}

/** Runs a command in the machine and waits for it. */
export async function inMachine(layout: Layout, command: readonly string[]): Promise<string> {
  const [file = "", ...args] = [...enter(layout), ...command];
  return (await execa(file, args, { stdin: "ignore" })).stdout;
}

/** The command prefix that enters the machine. */
export function enter(layout: Layout): string[] {
  const target = ["--target", String(idOf(layout).pid), `--wd=${layout.directory}`];
  return ["nsenter", ...target, "--net", "--mount", "--pid", "--"];
}

function idOf(layout: Layout): ProcessId {
  const id = running(layout, machine);
  if (!id) throw new Error(`the sandbox "${layout.name}" does not run`);
  return id;
}
