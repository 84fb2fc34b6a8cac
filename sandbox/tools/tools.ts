/**
 * The programs that the sandbox runs, at the versions that the Go modules beside this file pin: one that is installed
 * in that version, else one that was built before, else a build from the Go module proxy, checked by go.sum.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync } from "node:fs";
import * as path from "node:path";
import { execa } from "execa";
import { root } from "../layout";
import { run } from "../run";

interface Tool {
  /** Folder beside this file whose go.mod pins the version. */
  module: "coredns" | "etcd" | "kubernetes" | "pulumi";
  /** The main package. */
  package: string;
  /** The variable that carries the version, for programs that report it to others. */
  versionVariables?: (version: string) => Record<string, string>;
}

const kubernetes = (name: string): Tool => ({
  module: "kubernetes",
  package: `k8s.io/kubernetes/cmd/${name}`,
  versionVariables: (version) => {
    const [, major = "", minor = ""] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
    const prefix = "k8s.io/component-base/version";
    return { [`${prefix}.gitVersion`]: version, [`${prefix}.gitMajor`]: major, [`${prefix}.gitMinor`]: minor };
  },
});

const table = {
  etcd: { module: "etcd", package: "go.etcd.io/etcd/server/v3" },
  "kube-apiserver": kubernetes("kube-apiserver"),
  "kube-controller-manager": kubernetes("kube-controller-manager"),
  "kube-scheduler": kubernetes("kube-scheduler"),
  kubelet: kubernetes("kubelet"),
  "kube-proxy": kubernetes("kube-proxy"),
  kubectl: kubernetes("kubectl"),
  coredns: { module: "coredns", package: "github.com/coredns/coredns" },
  pulumi: {
    module: "pulumi",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    // Without it the Automation API cannot tell the engine's version.
    versionVariables: (version) => ({ "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": version }),
  },
} as const satisfies Record<string, Tool>;

export type ToolName = keyof typeof table;

/** The path of each program. */
export type Tools = Record<ToolName, string>;

/** In the order in which they are obtained. */
export const toolNames = Object.keys(table) as ToolName[];

/** Minutes that the build of a tool and what it needs first takes on two cores, for a person who waits. */
export const slowTools: Partial<Record<ToolName, string>> = { "kube-apiserver": "3 min", pulumi: "3 min" };

/**
 * Finds or builds one tool.
 *
 * @returns Its path.
 * @throws SandboxError where it can be neither found nor built.
 */
export async function obtain(name: ToolName, cacheDir: string): Promise<string> {
  const tool: Tool = table[name];
  const directory = path.join(root, "sandbox", "tools", tool.module);
  const version = pinnedVersion(directory, tool.package);
  const installed = await installedInVersion(name, version);
  if (installed !== undefined) return installed;

  const flags = Object.entries(tool.versionVariables?.(version) ?? {}).map(([key, value]) => `-X ${key}=${value}`);
  const ldflags = ["-s", "-w", ...flags].join(" ");
  const built = path.join(cacheDir, "bin", `${name}-${version}-${fingerprint(directory, ldflags)}`);
  if (!existsSync(built)) await build(name, { directory, package: tool.package, ldflags, built });
  return built;
}

/** Finds or builds them all. */
export async function obtainAll(cacheDir: string): Promise<Tools> {
  const paths = await Promise.all(toolNames.map(async (name) => [name, await obtain(name, cacheDir)] as const));
  return Object.fromEntries(paths) as Tools;
}

async function build(
  name: string,
  { directory, package: main, ldflags, built }: { directory: string; package: string; ldflags: string; built: string },
): Promise<void> {
  mkdirSync(path.dirname(built), { recursive: true });
  // Under another name until it is whole: a build that is interrupted leaves nothing that looks finished.
  const partial = `${built}.partial-${process.pid}`;
  await run(
    ["go", "build", "-mod=readonly", "-trimpath", `-ldflags=${ldflags}`, "-o", partial, main],
    {
      problem: `${name} could not be built from its Go module.`,
      remedy: "Go 1.26 or later must be installed, and the Go module proxy must be reachable.",
    },
    { cwd: directory, env: { CGO_ENABLED: "0" } },
  );
  renameSync(partial, built);
}

/** The version that go.mod requires of the module that holds the package. */
function pinnedVersion(directory: string, main: string): string {
  const goMod = readFileSync(path.join(directory, "go.mod"), "utf8");
  const required = [...goMod.matchAll(/^(?:require )?\s*(\S+) (v\S+)/gm)];
  const version = required.find(([, module = ""]) => main === module || main.startsWith(`${module}/`))?.[2];
  if (version === undefined) throw new Error(`${directory}/go.mod does not require the module of ${main}`);
  return version;
}

function fingerprint(directory: string, ldflags: string): string {
  const goSum = readFileSync(path.join(directory, "go.sum"));
  return createHash("sha256").update(goSum).update(ldflags).digest("hex").slice(0, 10);
}

async function installedInVersion(name: ToolName, version: string): Promise<string | undefined> {
  const flag = { kubectl: ["version", "--client"], pulumi: ["version"] }[name as string] ?? ["--version"];
  const says = await execa(name, flag, { reject: false, timeout: 10_000 });
  if (says.failed || !says.stdout.includes(version)) return undefined;
  // A sandbox's own directory may be on the PATH, with a link to what is looked for here.
  return realpathSync((await execa("which", [name])).stdout);
}
