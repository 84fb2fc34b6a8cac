/**
 * The base of the service's image where there is no registry to pull one from: a small Debian or Ubuntu, with the
 * packages that the Dockerfile asks for. On it the Dockerfile finds nothing to install.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { glob, rm } from "node:fs/promises";
import * as path from "node:path";
import { cached, keyOf } from "../cache";
import { codenameOf, mirrorOf, releaseFor } from "./distribution";
import { inWorkshop } from "./workshop";

const packages = ["python3", "python3-pip", "ffmpeg", "libgl1", "libglib2.0-0"];

/** What nobody reads, fetches or draws with in a container; together half of the installation. */
const unneeded = [
  "usr/share/{doc,man,info,locale,lintian,bug}",
  // apt's lists and archives name the mirror, and so does its configuration.
  "var/lib/apt/lists/*",
  "var/cache/{apt,debconf}/*",
  "var/log/**/*.log",
  "etc/apt/sources.list",
  // Copied from this machine by debootstrap.
  "etc/{hostname,resolv.conf}",
  // Mesa's drivers for drawing on a screen, and their compiler.
  "usr/lib/*/dri",
  "usr/lib/*/{libLLVM,libz3,libgallium}*",
];

/** @returns A directory with `rootfs.tar`. */
export function ensureBase(cacheDir: string, log: (line: string) => void): Promise<string> {
  const osRelease = readFileSync("/etc/os-release", "utf8");
  const { suite, components } = releaseFor(osRelease);
  const key = keyOf([suite, ...components, ...packages, ...unneeded]);
  return cached(cacheDir, "base", key, (directory, scratch) =>
    inWorkshop(scratch, async (workshop) => {
      log(`Installing ${suite} with ${packages.join(", ")}: about a minute`);
      const options = ["--variant=minbase", `--components=${components.join(",")}`, `--include=${packages.join(",")}`];
      const mirror = mirrorOf(aptSources(), codenameOf(osRelease));
      await workshop.run(["debootstrap", ...options, suite, scratch, mirror], {
        problem: `${suite} could not be installed from ${mirror}.`,
        remedy: "See that `apt-get update` works on this machine, and try again.",
      });
      const rootfs = workshop.view(scratch);
      for await (const entry of glob(unneeded, { cwd: rootfs })) {
        await rm(path.join(rootfs, entry), { recursive: true, force: true });
      }
      await workshop.run(["tar", "--create", `--directory=${scratch}`, `--file=${directory}/rootfs.tar`, "."], {
        problem: "The base image could not be packed.",
        remedy: `See that there is room for it in ${cacheDir}, and try again.`,
      });
    }),
  );
}

function aptSources() {
  const directory = "/etc/apt/sources.list.d";
  const names = existsSync(directory) ? readdirSync(directory).sort() : [];
  return ["/etc/apt/sources.list", ...names.map((name) => path.join(directory, name))]
    .filter((file) => /\.(list|sources)$/.test(file) && existsSync(file))
    .map((name) => ({ name, text: readFileSync(name, "utf8") }));
}
