/** Real NGINX in the machine, on the host's loopback, and the driver that keeps its configuration in step. */
import * as path from "node:path";
import { execa } from "execa";
import { at, root } from "../layout";
import { ensure } from "../machine/daemons";
import { inside } from "../machine/machine";
import { componentKubeconfig, listen, type ClusterContext } from "./controlPlane";

/** Starts NGINX and its driver, or finds them running. */
export async function ensureIngress(context: ClusterContext): Promise<void> {
  const { layout } = context;
  const http = `127.0.0.1:${layout.ports.http}`;
  const https = `127.0.0.1:${layout.ports.https}`;
  const state = at(layout, "nginx");
  const shared = ["--state", state, "--http", http, "--https", https];
  const driver = [process.execPath, "--import", "tsx", path.join(root, "sandbox", "nginx", "main.ts")];

  const [file = "", ...args] = driver;
  await execa(file, [...args, "init", ...shared], { cwd: root });
  const nginx = inside(layout, {
    name: "nginx",
    command: ["nginx", "-c", path.join(state, "current", "nginx.conf")],
  });
  await ensure(layout, { ...nginx, command: [...listen(http, https), ...nginx.command] });
  const kubeconfig = await componentKubeconfig(context, "nginx-driver", "O=system:masters, CN=nginx-driver");
  await ensure(
    layout,
    inside(layout, { name: "nginx-driver", command: [...driver, "run", ...shared, "--kubeconfig", kubeconfig] }),
  );
}
