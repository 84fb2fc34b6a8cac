/** The Pulumi engine as the sandbox uses it: its own state, its own cluster, nothing from the user's account. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import * as path from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { at, kubeconfigPath, root, type Layout } from "./layout";
import { identify } from "./machine/processes";
import { ensurePlugins } from "./plugins/install";
import { obtain, type Tools } from "./tools/tools";

/** Encrypts the secrets of stack `local`, which has none: it is public, and Pulumi.local.yaml's salt belongs to it. */
const passphrase = "sandbox";

/** What the engine needs, besides the cluster: itself, its plugins, a place for its state. */
export async function ensureEngine(layout: Layout, options: { download: boolean }): Promise<string[]> {
  mkdirSync(at(layout, "state"), { recursive: true });
  linkTools(layout, await obtain("pulumi", layout.cacheDir, console.error));
  const standIns = await ensurePlugins(layout, at(layout, "bin", "pulumi"), options);
  writeFileSync(at(layout, "env"), exportLines(layout));
  return standIns;
}

/** The environment in which `pulumi` and `kubectl` work on the sandbox. */
export function engineEnvironment(layout: Layout): Record<string, string> {
  return {
    PATH: [at(layout, "bin"), path.dirname(process.execPath), process.env["PATH"]].join(path.delimiter),
    KUBECONFIG: kubeconfigPath(layout),
    PULUMI_BACKEND_URL: fileBackend(at(layout, "state")),
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Where a cluster is still to be made, a plan has of its objects what the program says, not only that they are unknown.
    PULUMI_LEGACY_PROVIDER_PREVIEW: "true",
    // Every command starts several Node.js processes: they load compiled code where they have run before.
    NODE_COMPILE_CACHE: path.join(layout.cacheDir, "compiled"),
  };
}

/**
 * The address of a backend in a directory. Attributes, which nobody reads, are left out: an engine that is killed while it
 * writes them leaves an empty file, and no engine can read that state any more.
 */
export function fileBackend(directory: string): string {
  return `file://${directory}?metadata=skip`;
}

/** Whether there is a cluster, and an engine for it. */
export function hasCluster(layout: Layout): boolean {
  return existsSync(kubeconfigPath(layout)) && existsSync(at(layout, "env"));
}

/**
 * A copy of the project whose stack files may be written to: the engine keeps the salt of a stack's secrets in them, and
 * a plan or a test must not change what is under version control. The code is the project's own, by links.
 *
 * @param copies The files to copy: those that the engine may write to.
 */
export function projectCopy(directory: string, copies: readonly string[]): string {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const name of readdirSync(root)) {
    if (copies.includes(name)) copyFileSync(path.join(root, name), path.join(directory, name));
    else if (!name.startsWith(".") && !/^Pulumi\..+\.yaml$/.test(name))
      symlinkSync(path.join(root, name), path.join(directory, name));
  }
  return directory;
}

/** Runs `pulumi` in a project's folder, on the user's terminal; its exit code becomes an error. */
export async function pulumi(
  layout: Layout,
  args: readonly string[],
  { cwd = root, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<void> {
  const environment = { ...engineEnvironment(layout), ...env };
  await execa(at(layout, "bin", "pulumi"), args, { cwd, env: environment, stdio: "inherit" });
}

/**
 * Takes away the lock of an engine that was killed, and has the state learn what that engine was about to do. The lock of
 * an engine that runs stays: two updates at once are refused.
 *
 * @returns Whether an engine was killed while it made objects: the next update may find some that no state knows of.
 */
export async function recoverStack(layout: Layout): Promise<boolean> {
  const state = at(layout, "state", ".pulumi");
  const locks = readdirSync(state, { recursive: true, encoding: "utf8" }).filter((file) =>
    /^locks\/.*\.json$/.test(file),
  );
  const owners = locks.map((file) => lockSchema.parse(readJson(path.join(state, file))));
  if (owners.some(({ pid }) => identify(pid))) return false;
  if (owners.length > 0) await pulumi(layout, ["cancel", "--stack", "local", "--yes"]);

  const stack = path.join(state, "stacks", "facefusion", "local.json");
  const pending = existsSync(stack) && (stackSchema.parse(readJson(stack)).checkpoint.latest?.pending_operations ?? []);
  if (!pending || pending.length === 0) return false;
  await pulumi(layout, ["refresh", "--stack", "local", "--yes", "--skip-preview", "--clear-pending-creates"]);
  return true;
}

/** What the engine notes in a lock of the file backend, and what it was doing when it wrote the state of a stack. */
const lockSchema = z.object({ pid: z.int() });
const stackSchema = z.object({
  checkpoint: z.object({ latest: z.object({ pending_operations: z.array(z.unknown()).optional() }).optional() }),
});

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** The lines of a file to source: `. .sandbox/env` makes `pulumi up` in the project's root work on the sandbox. */
function exportLines(layout: Layout): string {
  const { PATH, ...rest } = engineEnvironment(layout);
  const added = PATH?.split(path.delimiter).slice(0, 2).join(path.delimiter) ?? "";
  return [
    `export PATH='${added}':"$PATH"`,
    ...Object.entries({ ...rest, PULUMI_STACK: "local" }).map(([name, value]) => `export ${name}='${value}'`),
    "",
  ].join("\n");
}

/** Puts tools where the environment of the sandbox finds them. */
export function linkTools(layout: Layout, tools: Partial<Tools>): void {
  mkdirSync(at(layout, "bin"), { recursive: true });
  for (const [name, file] of Object.entries(tools)) {
    const link = at(layout, "bin", name);
    rmSync(link, { force: true });
    symlinkSync(file, link);
  }
}
