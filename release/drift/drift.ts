/** `release drift`: what somebody has changed by hand since the last update. It only looks. */
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { readService } from "../cluster/read";
import type { Writer } from "../cluster/state";
import { openContext, type Context } from "../context";
import { exitCodes, ReleaseError } from "../errors";
import { forgeFrom, markerFor } from "../forge/forge";
import { notify } from "../notify/notify";
import { operator } from "../operator";
import { notReleased } from "../operations/engine";
import { step } from "../operations/progress";
import { readStackFile } from "../operations/stackFile";
import { wholeStack, type CommonOptions } from "../options";
import { masked, secretsIn } from "../preview/mask";
import { Steps, type Step } from "../preview/steps";
import { driftIn, type DriftReport } from "./changes";
import { issueOf, renderDrift } from "./render";

export interface DriftOptions extends CommonOptions {
  comment: boolean;
}

export async function drift(options: DriftOptions): Promise<void> {
  wholeStack(options, "Drift is a whole stack's.");
  const context = await openContext(options);
  const { output, settings, stack } = context;
  const steps = await step("Look at what is there", () => lookAtAll(context));
  const report = withoutSecrets(context, driftIn(stack.name, steps, settings, await writersOf(context)));
  const { url, problem } = options.comment ? await postIssue(report) : { url: null, problem: null };
  if (report.drifts.length > 0) {
    const event = {
      kind: "drift",
      stack: stack.name,
      by: operator(),
      drifts: report.drifts,
      advice: report.advice,
      issue: url,
    } as const;
    await notify(settings.notifications, event, output.progress);
  }
  output.result({ ...report, issue: url }, () => renderDrift(report));
  if (problem !== null) output.progress(problem);
  process.exitCode =
    report.drifts.length > 0 ? exitCodes.refused : problem === null ? exitCodes.done : exitCodes.failed;
}

/** What a refresh would note, and what stays as it was. */
async function lookAtAll({ stack }: Context): Promise<Step[]> {
  const steps = new Steps();
  await stack.previewRefresh({
    exclude: notReleased,
    color: "never",
    onEvent: (event: EngineEvent) => {
      steps.add(event);
    },
  });
  return steps.all;
}

/** Who wrote each route last; where the cluster does not tell, nobody is named. */
async function writersOf({ cluster, settings, services }: Context): Promise<Record<string, Writer | undefined>> {
  const entries = await Promise.all(
    services.map(async ({ name }) => {
      const state = await readService(cluster, settings.namespace, name).catch(() => undefined);
      return [name, state?.routeWriter] as const;
    }),
  );
  return Object.fromEntries(entries);
}

async function postIssue(report: DriftReport): Promise<{ url: string | null; problem: string | null }> {
  const marker = markerFor("drift", report.stack);
  try {
    const forge = await forgeFrom();
    const url =
      report.drifts.length > 0
        ? await forge.openIssue(marker, issueOf(report))
        : await forge.closeIssue(marker, "Nothing differs any more from what the last update left.");
    return { url: url ?? null, problem: null };
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    return { url: null, problem: `${error.message}\n${error.remedy}` };
  }
}

/** The engine hides what it knows to be secret; what somebody has written by hand may quote it. */
function withoutSecrets({ config, directory, stack }: Context, report: DriftReport): DriftReport {
  const secrets = secretsIn(readStackFile(directory, stack.name).text, config);
  if (secrets.length === 0) return report;
  const text = (value: unknown) =>
    value === undefined ? undefined : masked(typeof value === "string" ? value : JSON.stringify(value), secrets);
  const drifts = report.drifts.map((each) => ({
    ...each,
    properties: each.properties.map(({ path, from, to }) => ({ path, from: text(from), to: text(to) })),
  }));
  return { ...report, drifts };
}
