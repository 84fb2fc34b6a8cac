/** `release status [--watch]`. */
import { setTimeout as sleep } from "node:timers/promises";
import { createLogUpdate } from "log-update";
import { readService } from "../cluster/read";
import { openContext, type ChosenService, type Context } from "../context";
import { exitCodes, explain } from "../errors";
import { lastSwitch, type Release } from "../history/releases";
import { readReleases } from "../history/history";
import { sampleTraffic } from "../metrics/traffic";
import type { CommonOptions } from "../options";
import { output } from "../render/output";
import { renderStatus } from "./render";
import { serviceReport, type ServiceReport, type StatusReport } from "./report";
import { measureTraffic } from "./traffic";

export interface StatusOptions extends CommonOptions {
  watch: boolean;
}

/** How far back a switch is looked for. */
const releasesLooked = 50;

export async function status(options: StatusOptions): Promise<void> {
  if (options.watch) {
    await watch(options);
    return;
  }
  const report = await statusReport(options);
  output(options).result(report, () => renderStatus(report, new Date()));
}

async function statusReport(options: StatusOptions): Promise<StatusReport> {
  const context = await openContext(options);
  const releases = await readReleases(context.stack, releasesLooked);
  const services = await Promise.all(context.services.map((service) => readReport(context, service, releases)));
  return { stack: context.stack.name, capacity: context.settings.capacity, services };
}

async function readReport(
  { cluster, settings }: Context,
  service: ChosenService,
  releases: readonly Release[],
): Promise<ServiceReport> {
  const { namespace } = settings;
  const [state, traffic] = await Promise.all([
    readService(cluster, namespace, service.name),
    // Who may not reach the Pods still sees the rest.
    measureTraffic(() => sampleTraffic(cluster, namespace, service.name)).catch(() => undefined),
  ]);
  return serviceReport(service, state, traffic, lastSwitch(releases, service.name));
}

/**
 * Draws over what it drew; one line of JSON each time for a program, and one text after the other into a file. The
 * configuration is read again each time: it is what others change.
 */
async function watch(options: StatusOptions): Promise<never> {
  const { json, interactive, progress } = output(options);
  const draw = interactive ? createLogUpdate(process.stdout) : (text: string) => process.stdout.write(`${text}\n\n`);
  for (;;) {
    try {
      const report = await statusReport(options);
      const now = new Date();
      if (json) console.log(JSON.stringify(report));
      else draw(`${renderStatus(report, now)}\n\n  ${now.toLocaleTimeString("sv-SE")}; Ctrl+C ends this`);
    } catch (error) {
      // A cluster that does not answer for a while is what one watches for; a wrong option stays wrong.
      const explained = explain(error);
      if (explained?.exitCode !== exitCodes.failed) throw error;
      progress(explained.message);
      await sleep(retryMs);
    }
  }
}

const retryMs = 2000;
