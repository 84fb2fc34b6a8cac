/**
 * NGINX's processes, as /proc shows them. They are found by their titles rather than by the pid file, which holds a
 * number of NGINX's own process namespace and may outlive its process.
 */
import { readdirSync, readFileSync } from "node:fs";
import { childrenOf } from "../machine/processes";

/** The master that runs with a configuration. */
export function findMaster(configuration: string): number | undefined {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => isMaster(pid, configuration));
}

export function isMaster(pid: number, configuration: string): boolean {
  const title = titleOf(pid);
  return title.startsWith("nginx: master process") && `${title} `.includes(` -c ${configuration} `);
}

/** The workers of a master that still take connections. */
export function servingWorkers(master: number): number[] {
  return childrenOf(master).filter(isServing);
}

/** A worker changes its title in the same step in which it closes its listening sockets and idle connections. */
export function isServing(worker: number): boolean {
  const title = titleOf(worker);
  return title.startsWith("nginx: worker process") && !title.includes("is shutting down");
}

function titleOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim();
}

/** Empty where the process is gone. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
