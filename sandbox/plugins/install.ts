/**
 * Gives the engine its plugins: the official ones where they are installed or can be downloaded, else the stand-ins of
 * this folder; for AWS always the recorder.
 */
import { chmodSync, copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { build } from "esbuild";
import { execa } from "execa";
import { at, layouts, root, type Layout } from "../layout";
import { dependencies } from "../../package.json";
import { ensureModels } from "./aws/models/obtain";

interface Plugin {
  /** Name of the executable that the engine looks for. */
  executable: string;
  /** Folder beside this file. */
  folder: string;
  /** What the engine can download; a language host only comes with the official command-line tool. */
  download?: { name: string; version: string };
  /** True for the recorder of AWS: plans here are made without credentials, which the official provider needs. */
  always?: true;
}

const resource = (name: "kubernetes" | "random"): Plugin => ({
  executable: `pulumi-resource-${name}`,
  folder: name,
  download: { name, version: dependencies[`@pulumi/${name}`] },
});

const plugins: readonly Plugin[] = [
  { executable: "pulumi-language-nodejs", folder: "nodejs" },
  resource("kubernetes"),
  { executable: "pulumi-resource-aws", folder: "aws", always: true },
  resource("random"),
];

/**
 * Puts stand-ins into the sandbox's `bin` for the plugins that cannot be had, and the recorder of AWS.
 *
 * @param download Whether to try to download what is not installed.
 * @returns The names of the plugins that have a stand-in.
 */
export async function ensurePlugins(layout: Layout, pulumi: string, { download }: { download: boolean }) {
  mkdirSync(at(layout, "bin"), { recursive: true });
  const missing = await Promise.all(
    plugins.map(async (plugin) => {
      if (plugin.always === true) {
        await standIn(layout, plugin);
        return [];
      }
      if (await isOfficial(layout, plugin, pulumi, download)) {
        rmSync(at(layout, "bin", plugin.executable), { force: true });
        return [];
      }
      await standIn(layout, plugin);
      return [plugin.folder];
    }),
  );
  return missing.flat();
}

async function isOfficial(layout: Layout, plugin: Plugin, pulumi: string, download: boolean): Promise<boolean> {
  const { stdout } = await execa("which", ["-a", plugin.executable], { reject: false });
  // A stand-in of an earlier run, of the other sandbox too, must not be taken for the real one.
  const standIns = Object.values(layouts).map((one) => at(one, "bin", plugin.executable));
  if (stdout.split("\n").some((file) => file !== "" && !standIns.includes(file))) return true;
  if (plugin.download === undefined) return false;
  const { name, version } = plugin.download;
  const listed = await execa(pulumi, ["plugin", "ls", "--json"], { reject: false });
  if (!listed.failed && hasPlugin(JSON.parse(listed.stdout), name, version)) return true;
  if (!download) return false;
  const installed = await execa(pulumi, ["plugin", "install", "resource", name, `v${version}`], {
    reject: false,
    timeout: 120_000,
  });
  return !installed.failed;
}

function hasPlugin(listed: unknown, name: string, version: string): boolean {
  return (
    Array.isArray(listed) &&
    listed.some((entry: Record<string, unknown>) => entry["name"] === name && entry["version"] === version)
  );
}

/**
 * One file for each stand-in: the engine starts it anew for every command, and loading hundreds would take seconds. Engines
 * that run at that time find the old file or the new one, never none.
 */
async function standIn(layout: Layout, { executable, folder }: Plugin): Promise<void> {
  const bundle = at(layout, "plugins", `${folder}.cjs`);
  if (folder === "aws") await copyModels(layout);
  await build({
    entryPoints: [path.join(root, "sandbox", "plugins", folder, "main.ts")],
    outfile: `${bundle}.new`,
    bundle: true,
    platform: "node",
    target: "node24",
    logLevel: "error",
  });
  renameSync(`${bundle}.new`, bundle);
  const launcher = at(layout, "bin", executable);
  writeFileSync(`${launcher}.new`, `#!/bin/sh\nexec '${process.execPath}' '${bundle}' "$@"\n`);
  chmodSync(`${launcher}.new`, 0o755);
  renameSync(`${launcher}.new`, launcher);
}

/** What AWS's recorder checks inputs against lies beside it. */
async function copyModels(layout: Layout): Promise<void> {
  const models = at(layout, "plugins", "aws-models.json");
  mkdirSync(path.dirname(models), { recursive: true });
  copyFileSync(await ensureModels(layout.cacheDir), `${models}.new`);
  renameSync(`${models}.new`, models);
}
