/**
 * Where the tools work that mount things, leave processes and write a lot: mount and process namespaces of their own,
 * with a directory in memory. However the work ends, by a kill of this process too, everything in them ends with it.
 */
import { once } from "node:events";
import * as os from "node:os";
import { execa } from "execa";
import { SandboxError } from "../failure";
import { childrenOf } from "../machine/processes";
import { run } from "../run";

export interface Workshop {
  /** A directory to work in; it is gone at the end. The tools see it under this path, this process by `view`. */
  directory: string;
  /** Runs a tool in the workshop, see `run`. Paths that it is given must be absolute. */
  run: typeof run;
  /** The path by which this process, which is not in the workshop, sees a path of the workshop. */
  view: (path: string) => string;
}

/**
 * In a machine with this much free memory the directory is in memory, which a disk may need twenty times as long for. It
 * takes up to half of that; the other half is for the compilers that may run beside it.
 */
const amplyFree = 10 * 1024 ** 3;

/**
 * @param directory An empty directory, which becomes the workshop's.
 * @param work What is to be done there.
 */
export async function inWorkshop<T>(directory: string, work: (workshop: Workshop) => Promise<T>): Promise<T> {
  // The first process ends, and takes the others with it, when nobody holds the other end of its standard input.
  const mount = os.freemem() > amplyFree ? 'mount -t tmpfs -o mode=755,size=5g tmpfs "$1"' : ":";
  const namespaces = ["--mount", "--propagation=private", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const holder = execa("unshare", [...namespaces, "sh", "-ec", `${mount}; echo ready; exec cat`, "sh", directory], {
    stdin: "pipe",
    reject: false,
  });
  await Promise.race([once(holder.stdout, "data"), holder]);
  const [first] = holder.pid === undefined ? [] : childrenOf(holder.pid);
  if (first === undefined) {
    throw new SandboxError(
      `No namespaces could be made to build images in: ${(await holder).stderr}`,
      "Run as root, on a machine or in a container that is allowed to mount (CAP_SYS_ADMIN).",
    );
  }
  try {
    const enter = ["nsenter", `--target=${first}`, "--mount", "--pid", "--"];
    return await work({
      directory,
      run: (command, failure, options) => run([...enter, ...command], failure, options),
      view: (path) => `/proc/${first}/root${path}`,
    });
  } finally {
    holder.stdin.end();
    await holder;
  }
}
