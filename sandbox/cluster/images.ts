/** Images on the nodes: there is no registry, so archives are loaded into each node's containerd. */
import { createHash } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { colors, type Color } from "../../components/colors";
import { at } from "../layout";
import { run } from "../run";
import { containerdSocket } from "./nodes";
import type { ClusterContext } from "./controlPlane";

/** Loads the archives into every node that does not have them. */
export async function ensureImages(context: ClusterContext, archives: readonly string[]): Promise<void> {
  await Promise.all(colors.map((color) => load(context, color, archives)));
}

async function load(context: ClusterContext, color: Color, archives: readonly string[]): Promise<void> {
  const record = at(context.layout, "nodes", color, "images.sha256");
  const wanted = fingerprint(archives);
  if (loaded(record) === wanted) return;
  for (const archive of archives) {
    await run(
      ["ctr", "--address", containerdSocket(context, color), "--namespace", "k8s.io", "images", "import", archive],
      {
        problem: `${archive} could not be loaded onto the ${color} node.`,
        remedy: "Run make sandbox-down, then try again.",
      },
    );
  }
  writeFileSync(record, wanted);
}

/** Archives are named after their content, but may be made again under the same name. */
function fingerprint(archives: readonly string[]): string {
  const files = archives.map((archive) => `${archive} ${statSync(archive).size} ${statSync(archive).mtimeMs}`);
  return createHash("sha256").update(files.join("\n")).digest("hex");
}

function loaded(record: string): string | undefined {
  try {
    return readFileSync(record, "utf8");
  } catch {
    return undefined;
  }
}
