/**
 * Runs Python in the base image, with this machine's way to the package index: its pip configuration, certificates and
 * proxies are lent to the container and stay out of every image. So the machine itself needs no pip, and what is fetched
 * fits the image's Python whatever the machine's own is.
 */
import { existsSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { ensureBase } from "./base";
import { build, runIn, type Volume } from "./buildah";
import { inWorkshop, type Workshop } from "./workshop";

export const baseImage = "localhost/base:1";

/** Where a container sees the directory that it may write to. */
export const output = "/mnt";

/** Works in a workshop that has the base image. */
export async function withBase<T>(
  cacheDir: string,
  scratch: string,
  log: (line: string) => void,
  work: (workshop: Workshop) => Promise<T>,
): Promise<T> {
  const base = await ensureBase(cacheDir, log);
  return inWorkshop(scratch, async (workshop) => {
    const containerfile = path.join(__dirname, "base.Containerfile");
    await build(workshop, { image: baseImage, context: base, containerfile });
    return work(workshop);
  });
}

/** @param command Arguments of `python3`; what it writes to `output` is then in `directory`. */
export function python(
  workshop: Workshop,
  command: readonly string[],
  options: { problem: string; directory: string; volumes?: readonly Volume[] },
): Promise<void> {
  const environment = indexEnvironment(process.env);
  const volumes = [
    { from: options.directory, to: output, writable: true },
    ...(options.volumes ?? []),
    ...indexVolumes(environment),
  ];
  return runIn(workshop, baseImage, ["python3", ...command], { problem: options.problem, environment, volumes });
}

/** The variables that pip and what it uses go by. */
export function indexEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  const known = /^(PIP_\w+|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|(HTTPS?|NO|ALL)_PROXY)$/i;
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (known.test(name) && value ? [[name, value]] : [])),
  );
}

/** The files that they go by, where there are any, and those that the variables name. */
function indexVolumes(environment: Record<string, string>): Volume[] {
  const named = Object.values(environment).filter((value) => path.isAbsolute(value));
  const shared = ["/etc/ssl/certs", "/etc/pip.conf", ...named].map((file) => ({ from: file, to: file }));
  const own = { from: path.join(os.homedir(), ".config/pip/pip.conf"), to: "/root/.config/pip/pip.conf" };
  const volumes = new Map([...shared, own].map((volume) => [volume.to, volume]));
  return [...volumes.values()].filter(({ from }) => existsSync(from));
}
