/** What an earlier run left behind when it, or something that it started, was killed. */
import type { Layout } from "../layout";
import { running } from "./daemons";
import { machineRuns, stopMachine } from "./machine";

/** The daemons that hold ports of the host: where one has died, its children may hold them still. */
export const portHolders = { api: "api-port", http: "nginx", https: "nginx" } as const;

/**
 * Ends a machine in which a holder of ports has died, so that starting it again finds the ports free. What the cluster
 * knows is on disk and stays.
 */
export async function recover(layout: Layout): Promise<void> {
  if (!machineRuns(layout)) return;
  const dead = Object.values(portHolders).some((name) => !running(layout, name));
  if (dead) await stopMachine(layout);
}
