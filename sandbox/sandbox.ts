/** A whole sandbox, step by step: from a bare machine to a service that answers, and back. */
import { rmSync } from "node:fs";
import { Listr, PRESET_TIMER, type ListrTask } from "listr2";
import { ensureControlPlane, type ClusterContext } from "./cluster/controlPlane";
import { ensureImages } from "./cluster/images";
import { ensureIngress } from "./cluster/ingress";
import { ensureNetwork } from "./cluster/network";
import { ensureNodes, ensureRuntimes } from "./cluster/nodes";
import { ensureEngine, linkTools } from "./engine";
import {
  buildPauseImage,
  buildServiceImage,
  buildVerificationImage,
  prepareModels,
  type ImageOptions,
} from "./images/images";
import { at, type Layout } from "./layout";
import { checkAll } from "./machine/daemons";
import { ensureMachine, stopMachine } from "./machine/machine";
import { installPackages, missingPackages } from "./machine/packages";
import { preflight, requireRoot } from "./machine/preflight";
import { recover } from "./machine/recover";
import { obtainAll, type Tools } from "./tools/tools";

/** The versions of the service's image that a sandbox holds: what is live at first, and what comes next. */
export const imageTags = ["localhost/facefusion:v1.0.0", "localhost/facefusion:v2.0.0"] as const;

/** What verifies them. */
const verificationTags = ["localhost/facefusion-verification:v1.0.0"];

/** What one step leaves for the next. */
interface Progress {
  tools?: Tools;
  archives: string[];
  cluster?: ClusterContext;
}

/** Builds an image, or finds it in the cache, and returns the path of its archive. */
export type ImageBuilder = (options: ImageOptions) => Promise<string>;

/**
 * Brings up a cluster with everything that the program needs; what is there already stays as it is.
 *
 * @param more Images that the nodes shall have besides the service's own.
 */
export async function bringUp(layout: Layout, more: readonly ImageBuilder[] = []): Promise<void> {
  const steps: ListrTask<Progress>[] = [
    {
      title: "Check this machine",
      task: async () => {
        requireRoot();
        await recover(layout);
        await preflight(layout);
      },
    },
    {
      title: "Install system packages",
      skip: () => missingPackages().length === 0,
      task: (_, task) => {
        task.title += `: ${missingPackages().join(", ")}`;
        return installPackages(missingPackages());
      },
    },
    {
      title: "Build what is not there yet",
      // Tools keep the processors busy, images the disk and the network.
      task: (_, task) =>
        task.newListr<Progress>(
          [
            {
              title: "Obtain Pulumi's engine and Kubernetes",
              task: async (progress, task) => {
                progress.tools = await obtainAll(layout.cacheDir, (line) => (task.output = line));
              },
            },
            {
              title: "Build the images",
              task: async (progress, task) => {
                const options = { cacheDir: layout.cacheDir, log: (line: string) => (task.output = line) };
                progress.archives = await buildImages(options, more);
                await prepareModels({ ...options, directory: at(layout, "models") });
              },
            },
          ],
          { concurrent: true },
        ),
    },
    {
      title: "Give the engine its plugins",
      task: async (progress, task) => {
        const { kubectl } = toolsOf(progress);
        linkTools(layout, { kubectl });
        const standIns = await ensureEngine(layout, { download: true });
        if (standIns.length > 0) task.title += ` (stand-ins for ${standIns.join(", ")}: they cannot be had here)`;
      },
    },
    {
      title: "Start the control plane",
      task: async (progress) => {
        await ensureMachine(layout);
        progress.cluster = await ensureControlPlane(layout, toolsOf(progress));
      },
    },
    {
      title: "Load the images onto the nodes",
      task: async (progress) => {
        await ensureRuntimes(clusterOf(progress));
        await ensureImages(clusterOf(progress), progress.archives);
      },
    },
    { title: "Start two GPU nodes", task: (progress) => ensureNodes(clusterOf(progress)) },
    { title: "Start the cluster's network", task: (progress) => ensureNetwork(clusterOf(progress)) },
    { title: "Start NGINX", task: (progress) => ensureIngress(clusterOf(progress)) },
    { title: "See that everything runs", task: () => checkAll(layout) },
  ];
  const timer = PRESET_TIMER;
  await new Listr(steps, {
    ctx: { archives: [] },
    rendererOptions: { timer, collapseSubtasks: false },
    fallbackRendererOptions: { timer },
  }).run();
}

/** Ends and removes everything that `bringUp` started and wrote; what it cached for the next time stays. */
export async function takeDown(layout: Layout): Promise<void> {
  requireRoot();
  await stopMachine(layout);
  rmSync(layout.directory, { recursive: true, force: true });
}

async function buildImages(options: ImageOptions, more: readonly ImageBuilder[]): Promise<string[]> {
  const archives = [
    await buildPauseImage(options),
    await buildServiceImage({ ...options, tags: imageTags }),
    await buildVerificationImage({ ...options, tags: verificationTags }),
  ];
  for (const builder of more) archives.push(await builder(options));
  return archives;
}

function clusterOf({ cluster }: Progress): ClusterContext {
  if (cluster === undefined) throw new Error("the control plane has not been started");
  return cluster;
}

function toolsOf({ tools }: Progress): Tools {
  if (tools === undefined) throw new Error("the tools have not been obtained");
  return tools;
}
