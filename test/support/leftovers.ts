/** What a sandbox may leave on the host and must not: processes, mounts, network devices, rules, control groups. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { Layout } from "../../sandbox/layout";

/** One line for each thing that is still there. */
export function leftovers(layout: Layout): string[] {
  return [
    ...processes(layout).map((line) => `process ${line}`),
    ...lines(readFileSync("/proc/mounts", "utf8"))
      .filter((line) => line.includes(layout.directory))
      .map((line) => `mount ${line}`),
    ...lines(execFileSync("ip", ["-oneline", "link"], { encoding: "utf8" }))
      .filter((line) => /^\d+: (veth|cni)/.test(line))
      .map((line) => `device ${line}`),
    ...lines(execFileSync("iptables-save", { encoding: "utf8" }))
      .filter((line) => line.includes("KUBE-"))
      .map((line) => `rule ${line}`),
    // An empty group: those of another sandbox's containers have processes.
    ...readdirSync("/sys/fs/cgroup")
      .map((hierarchy) => `/sys/fs/cgroup/${hierarchy}/k8s.io`)
      .flatMap((parent) => (existsSync(parent) ? readdirSync(parent).map((id) => `${parent}/${id}`) : []))
      .filter((group) => existsSync(`${group}/cgroup.procs`) && readFileSync(`${group}/cgroup.procs`, "utf8") === "")
      .map((group) => `control group ${group}`),
    ...(existsSync(layout.directory) ? [`directory ${layout.directory}`] : []),
  ];
}

function processes(layout: Layout): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
        return command.includes(`${layout.directory}/`) ? [`${pid} ${command}`] : [];
      } catch {
        return [];
      }
    });
}

const lines = (text: string) => text.split("\n").filter((line) => line !== "");
