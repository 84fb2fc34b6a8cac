/**
 * Obtains the models: botocore from the Python package index, in the version that is pinned in `sandbox/tools`, and of it
 * what the recorder needs. Both stay in the cache.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { gunzipSync } from "node:zlib";
import { execa } from "execa";
import { root } from "../../../layout";
import { installPackages } from "../../../machine/packages";
import { run } from "../../../run";
import { operationsByService } from "./mappings";
import { modelSchema, reduce } from "./model";

const requirements = path.join(root, "sandbox", "tools", "botocore", "requirements.txt");

/** @returns The path of a file with the models. */
export async function ensureModels(cacheDir: string): Promise<string> {
  const operations = operationsByService();
  const pin = readFileSync(requirements, "utf8");
  const models = path.join(cacheDir, `aws-models-${fingerprint(pin + JSON.stringify(operations))}.json`);
  if (existsSync(models)) return models;
  const botocore = await ensureBotocore(path.join(cacheDir, `botocore-${fingerprint(pin)}`));
  const reduced = Object.entries(operations).map(([service, names]) => [
    service,
    reduce(whole(botocore, service), names),
  ]);
  writeFileSync(`${models}.new-${process.pid}`, JSON.stringify(Object.fromEntries(reduced)));
  renameSync(`${models}.new-${process.pid}`, models);
  return models;
}

async function ensureBotocore(directory: string): Promise<string> {
  if (existsSync(directory)) return directory;
  const pip = await execa("python3", ["-m", "pip", "--version"], { reject: false });
  if (pip.failed) await installPackages(["python3-pip"]);
  mkdirSync(path.dirname(directory), { recursive: true });
  // Under another name until it is whole.
  const partial = `${directory}.partial-${process.pid}`;
  await run(
    [
      "python3",
      "-m",
      "pip",
      "install",
      "--no-deps",
      "--no-compile",
      "--require-hashes",
      `--target=${partial}`,
      "-r",
      requirements,
    ],
    {
      problem: "AWS's service models could not be fetched: they come with botocore.",
      remedy: "pip must be installed, and the Python package index must be reachable.",
    },
  );
  if (existsSync(directory)) rmSync(partial, { recursive: true });
  else renameSync(partial, directory);
  return directory;
}

/** A service's model, in its latest version. */
function whole(botocore: string, service: string) {
  const directory = path.join(botocore, "botocore", "data", service);
  const version = readdirSync(directory).sort().at(-1) ?? "";
  const json = gunzipSync(readFileSync(path.join(directory, version, "service-2.json.gz"))).toString();
  return modelSchema.parse(JSON.parse(json));
}

function fingerprint(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 10);
}
