/**
 * The state directory: a directory per generation of the configuration, of which the link `current` names one. What
 * NGINX runs with is thereby changed in one step, and the configuration before is still there to go back to.
 */
import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, readlink, rename, rm, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { defaultCertificate, type Certificate } from "./certificates";
import { certificatesDirectory, generationFile, renderGeneration, type Files } from "./render";

export interface Generation {
  number: number;
  /** Without the file that tells the number. */
  files: Files;
}

/** The configuration that NGINX is started with, and reads again at a reload. */
export function currentConfiguration(state: string): string {
  return join(state, "current", "nginx.conf");
}

/** Makes what NGINX needs besides its configuration: directories, and a certificate for hosts without one. */
export async function prepare(state: string): Promise<void> {
  for (const directory of ["generations", "log", "temporary"]) await mkdir(join(state, directory), { recursive: true });
  const certificates = certificatesDirectory(state);
  await mkdir(certificates, { recursive: true, mode: 0o700 });
  if (!(await readdir(certificates)).includes(defaultCertificate)) await makeDefaultCertificate(certificates);
}

/** The generation in use; undefined in a new state directory. */
export async function readCurrent(state: string): Promise<Generation | undefined> {
  const current = join(state, "current");
  try {
    const number = Number(basename(await readlink(current)));
    const entries = await readdir(current, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile() && entry.name !== generationFile)
      .map(({ name, parentPath }) => join(parentPath, name).slice(current.length + 1));
    const files = new Map<string, string>();
    for (const path of paths) files.set(path, await readFile(join(current, path), "utf8"));
    return { number, files };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Writes a configuration of its own under a name; returns its main file. */
export async function writeConfiguration(state: string, name: string, { number, files }: Generation): Promise<string> {
  const directory = join(state, "generations", name);
  await rm(directory, { recursive: true, force: true });
  await mkdir(join(directory, "hosts"), { recursive: true });
  for (const [path, text] of files) await writeFile(join(directory, path), text);
  await writeFile(join(directory, generationFile), renderGeneration(number, state));
  return join(directory, "nginx.conf");
}

/** Makes a generation that has been written the current one. */
export async function activate(state: string, number: number): Promise<void> {
  const next = join(state, "next");
  await rm(next, { force: true });
  await symlink(join("generations", String(number)), next);
  await rename(next, join(state, "current"));
}

/** Certificates are written before the configuration that names them; each name stands for one content. */
export async function writeCertificates(state: string, certificates: readonly Certificate[]): Promise<void> {
  const directory = certificatesDirectory(state);
  const present = await readdir(directory);
  for (const { file, pem } of certificates.filter((certificate) => !present.includes(certificate.file)))
    await replaceFile(join(directory, file), pem);
}

/** Removes generations other than those given, and the certificates that none of these names. */
export async function prune(state: string, generations: readonly Generation[]): Promise<void> {
  const kept = generations.map(({ number }) => String(number));
  const directories = await readdir(join(state, "generations"));
  for (const directory of directories.filter((name) => !kept.includes(name)))
    await rm(join(state, "generations", directory), { recursive: true, force: true });
  const texts = generations.flatMap(({ files }) => [...files.values()]);
  for (const file of await readdir(certificatesDirectory(state)))
    if (!texts.some((text) => text.includes(file))) await rm(join(certificatesDirectory(state), file));
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

async function makeDefaultCertificate(directory: string): Promise<void> {
  const [key, certificate] = ["default.key.new", "default.crt.new"].map((name) => join(directory, name));
  if (key === undefined || certificate === undefined) return;
  const names = ["-subj", "/CN=sandbox", "-addext", "subjectAltName=DNS:localhost"];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "3650"];
  await promisify(execFile)("openssl", ["req", "-x509", ...kind, ...names, "-keyout", key, "-out", certificate]);
  const pem = (await readFile(certificate, "utf8")) + (await readFile(key, "utf8"));
  await replaceFile(join(directory, defaultCertificate), pem);
  await rm(key);
  await rm(certificate);
}

/** Whole or not at all, whenever the process ends. */
async function replaceFile(path: string, text: string): Promise<void> {
  const next = join(dirname(path), `.${basename(path)}.next`);
  await writeFile(next, text, { mode: 0o600 });
  await rename(next, path);
}
