/** The machine's own programs: what Debian and Ubuntu have as packages. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { run } from "../run";

/** The programs that the sandbox needs, each with the package that brings it. */
const programs: Readonly<Record<string, string>> = {
  "/usr/bin/containerd": "containerd",
  "/usr/sbin/runc": "runc",
  "/usr/lib/cni/ptp": "containernetworking-plugins",
  "/usr/sbin/nginx": "nginx-light",
  "/usr/lib/nginx/modules/ngx_stream_module.so": "libnginx-mod-stream",
  "/usr/sbin/iptables": "iptables",
  "/usr/bin/buildah": "buildah",
  "/usr/sbin/debootstrap": "debootstrap",
  "/usr/bin/tini": "tini",
  "/sbin/ip": "iproute2",
  "/usr/bin/nsenter": "util-linux",
  "/usr/sbin/sysctl": "procps",
  "/usr/bin/python3": "python3",
  "/usr/bin/openssl": "openssl",
};

/** Debian's way to say that installing a package must not start its service (policy-rc.d(8)). */
const servicePolicy = "/usr/sbin/policy-rc.d";
/** Says no to everything; its comment tells that it is ours, should a run be killed before it takes it away. */
const refuseAll = "#!/bin/sh\n# Of the sandbox, for as long as it installs packages.\nexit 101\n";

/** The packages that are missing here. */
export function missingPackages(): string[] {
  return Object.entries(programs)
    .filter(([file]) => !existsSync(file))
    .map(([, name]) => name);
}

/** Installs packages without starting the services that come with them: the sandbox runs its own. */
export async function installPackages(names: readonly string[]): Promise<void> {
  removeOwnPolicy();
  if (!existsSync(servicePolicy)) writeFileSync(servicePolicy, refuseAll, { mode: 0o755 });
  const failure = {
    problem: `These packages could not be installed: ${names.join(", ")}.`,
    remedy: "The sandbox runs on Debian and Ubuntu; install the packages by hand and try again.",
  };
  const options = { env: { DEBIAN_FRONTEND: "noninteractive" } };
  try {
    await run(["apt-get", "update", "--quiet"], failure, options);
    await run(["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", ...names], failure, options);
  } finally {
    removeOwnPolicy();
  }
}

function removeOwnPolicy(): void {
  if (existsSync(servicePolicy) && readFileSync(servicePolicy, "utf8") === refuseAll) rmSync(servicePolicy);
}
