/**
 * The programs that the sandbox runs, at the versions that the Go modules beside this file pin: those that are installed
 * in that version, else what was built before, else a build from the Go module proxy, checked by go.sum.
 */
import { readFileSync, realpathSync, renameSync } from "node:fs";
import * as path from "node:path";
import { execa } from "execa";
import { cached, keyOf } from "../cache";
import { root } from "../layout";
import { run } from "../run";

/** What is built together, each from the Go module of that name beside this file; how long that takes on two cores. */
const buildTimes = { pulumi: "3 min", cluster: "5 min" };

type ToolGroup = keyof typeof buildTimes;

interface Tool {
  group: ToolGroup;
  /** The main package. */
  package: string;
  /** The module whose version, as go.mod requires it, is the tool's. */
  versionOf: string;
  /** The variables that carry the version, for programs that report it to others. */
  versionVariables?: (version: string) => Record<string, string>;
}

const kubernetes = (name: string): Tool => ({
  group: "cluster",
  package: `k8s.io/kubernetes/cmd/${name}`,
  versionOf: "k8s.io/kubernetes",
  versionVariables: (version) => {
    const [, major = "", minor = ""] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
    const prefix = "k8s.io/component-base/version";
    return { [`${prefix}.gitVersion`]: version, [`${prefix}.gitMajor`]: major, [`${prefix}.gitMinor`]: minor };
  },
});

const table = {
  pulumi: {
    group: "pulumi",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    versionOf: "github.com/pulumi/pulumi/pkg/v3",
    // Without it the Automation API cannot tell the engine's version.
    versionVariables: (version) => ({ "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": version }),
  },
  etcd: { group: "cluster", package: "go.etcd.io/etcd/server/v3", versionOf: "go.etcd.io/etcd/server/v3" },
  "kube-apiserver": kubernetes("kube-apiserver"),
  "kube-controller-manager": kubernetes("kube-controller-manager"),
  "kube-scheduler": kubernetes("kube-scheduler"),
  kubelet: kubernetes("kubelet"),
  "kube-proxy": kubernetes("kube-proxy"),
  coredns: { group: "cluster", package: "./coredns", versionOf: "github.com/coredns/coredns" },
  kubectl: kubernetes("kubectl"),
} as const satisfies Record<string, Tool>;

type ToolName = keyof typeof table;

/** The path of each program. */
export type Tools = Record<ToolName, string>;

/** Hears what a long step is doing. */
type Log = (line: string) => void;

/** Finds or builds them all, see `obtain`. */
export async function obtainAll(cacheDir: string, log: Log): Promise<Tools> {
  const paths: Partial<Tools> = {};
  for (const group of Object.keys(buildTimes) as ToolGroup[]) Object.assign(paths, await obtain(group, cacheDir, log));
  return paths as Tools;
}

/**
 * Finds the tools of a group, or builds them all: what is installed changes with the PATH, and a build is to be found
 * again from any.
 *
 * @returns Their paths.
 * @throws SandboxError where they can be neither found nor built.
 */
export async function obtain(group: ToolGroup, cacheDir: string, log: Log): Promise<Partial<Tools>> {
  const names = namesIn(group);
  const installed = await Promise.all(names.map(installedInVersion));
  const paths = installed.includes(undefined) ? await build(group, names, cacheDir, log) : installed;
  return Object.fromEntries(names.map((name, index) => [name, paths[index]]));
}

/** Builds them unless they were built before, and returns their paths. */
async function build(group: ToolGroup, names: readonly ToolName[], cacheDir: string, log: Log): Promise<string[]> {
  const directory = moduleOf(group);
  const flags = buildFlags(names);
  const packages = names.map((name) => table[name].package);
  const built = await cached(cacheDir, `tools-${group}`, keyOf([...flags, ...packages], [directory]), async (made) => {
    log(`Building ${names.join(", ")}: about ${buildTimes[group]}`);
    await run(
      ["go", "build", ...flags, "-o", `${made}/`, ...packages],
      {
        problem: `${names.join(", ")} could not be built from their Go modules.`,
        remedy: "Go 1.26 or later must be installed, and the Go module proxy must be reachable.",
      },
      { cwd: directory, env: { CGO_ENABLED: "0" } },
    );
    // A list of processes should say what runs.
    for (const name of names) renameSync(path.join(made, executableOf(table[name].package)), path.join(made, name));
  });
  return names.map((name) => path.join(built, name));
}

function moduleOf(group: ToolGroup): string {
  return path.join(root, "sandbox", "tools", group);
}

function namesIn(group: ToolGroup): ToolName[] {
  return (Object.keys(table) as ToolName[]).filter((name) => table[name].group === group);
}

function buildFlags(names: readonly ToolName[]): string[] {
  const variables = names.flatMap((name) => {
    const tool: Tool = table[name];
    return Object.entries(tool.versionVariables?.(pinnedVersion(name)) ?? {});
  });
  const set = [...new Map(variables)].map(([variable, value]) => `-X ${variable}=${value}`);
  // Nobody debugs them: what a debugger would read is neither made nor kept.
  return ["-mod=readonly", "-trimpath", "-gcflags=all=-dwarf=false", `-ldflags=${["-s", "-w", ...set].join(" ")}`];
}

/** What `go build` calls a program: by the last part of its path that is no version. */
function executableOf(main: string): string {
  return path.basename(main.replace(/\/v\d+$/, ""));
}

/** The version that go.mod requires. */
function pinnedVersion(name: ToolName): string {
  const { group, versionOf } = table[name];
  const file = path.join(moduleOf(group), "go.mod");
  const required = [...readFileSync(file, "utf8").matchAll(/^(?:require )?\s*(\S+) (v\S+)/gm)];
  const version = required.find(([, module]) => module === versionOf)?.[2];
  if (version === undefined) throw new Error(`${file} does not require ${versionOf}`);
  return version;
}

async function installedInVersion(name: ToolName): Promise<string | undefined> {
  const flag = { kubectl: ["version", "--client"], pulumi: ["version"] }[name as string] ?? ["--version"];
  const says = await execa(name, flag, { reject: false, timeout: 10_000 });
  if (says.failed || !namesVersion(says.stdout, pinnedVersion(name))) return undefined;
  // A sandbox's own directory may be on the PATH, with a link to what is looked for here.
  return realpathSync((await execa("which", [name])).stdout);
}

/** Whether a program that says this is of a version such as v1.2.3, which some write without the v. */
export function namesVersion(says: string, version: string): boolean {
  const number = version.replace(/^v/, "").replaceAll(".", "\\.");
  return new RegExp(`(^|[^\\d.])${number}(?![\\d.]*\\d)`).test(says);
}
