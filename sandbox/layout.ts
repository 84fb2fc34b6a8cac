/** Where one sandbox keeps its files and which ports of the host's loopback it takes. */
import * as os from "node:os";
import * as path from "node:path";

/** The project's root. */
export const root = path.resolve(__dirname, "..");

export interface Layout {
  /** Name of the sandbox; its control groups carry it. */
  name: string;
  /** Everything that this sandbox writes; removed by `down`. */
  directory: string;
  /** What is pinned and takes long to make, shared by all sandboxes of this user. */
  cacheDir: string;
  /** Ports on 127.0.0.1. */
  ports: { http: number; https: number; api: number };
  /** GPUs that each node advertises. */
  gpusPerNode: number;
}

const cacheDir = path.join(process.env["XDG_CACHE_HOME"] ?? path.join(os.homedir(), ".cache"), "facefusion-sandbox");

/** The sandboxes that may run side by side: one to use, one for the tests. */
export const layouts = {
  local: {
    name: "local",
    directory: path.join(root, ".sandbox"),
    cacheDir,
    ports: { http: 18080, https: 18443, api: 16443 },
    gpusPerNode: 4,
  },
  test: {
    name: "test",
    directory: path.join(root, ".sandbox-test"),
    cacheDir,
    ports: { http: 28080, https: 28443, api: 26443 },
    // The stacks of several tests at a time.
    gpusPerNode: 16,
  },
} as const satisfies Record<string, Layout>;

/** A path below the sandbox's directory. */
export function at(layout: Layout, ...parts: string[]): string {
  return path.join(layout.directory, ...parts);
}

/** The kubeconfig of the cluster's administrator, for use from the host. */
export function kubeconfigPath(layout: Layout): string {
  return at(layout, "kubeconfig");
}
