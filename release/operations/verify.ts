/** `release verify`: has a colour prove itself once more, though nothing about it has changed. */
import { other, type Color } from "../../components/colors";
import { readService } from "../cluster/read";
import { openServiceContext } from "../context";
import { asError, exitCodes, ReleaseError } from "../errors";
import { notify } from "../notify/notify";
import { operator } from "../operator";
import type { ActOptions } from "./options";
import { agreedLive, isVerificationJob } from "./plan";
import { renderReport } from "./reportTable";
import { updateStack } from "./run";
import { endedAtGate, readVerdict } from "./verdict";

export interface VerifyOptions extends ActOptions {
  color?: Color;
}

export async function verify(options: VerifyOptions): Promise<void> {
  const context = await openServiceContext(options);
  const { cluster, output, settings, service, stack } = context;
  const { name } = service;
  const state = await readService(cluster, settings.namespace, name);
  const live = agreedLive(state, service.configured);
  const color = options.color ?? other(live);
  const { image } = service.settings[color];
  const { job } = state.colors[color].verification;
  if (job === undefined || !isVerificationJob(job, name, color))
    throw new ReleaseError(
      `${name}: ${color} has no verification that could be run again.`,
      service.settings.skipVerification?.image === image
        ? "The configuration skips it: take skipVerification away first."
        : "Where it has no Pods: release scale peak. Where it was never deployed: pulumi up",
      exitCodes.refused,
    );

  const title = `Verify ${color}`;
  // The Job alone: nothing else of the stack is to change by this. By the engine, which holds the stack's lock while there
  // is none: another update must not find it gone.
  const failure = await updateStack(context, title, `verify ${name} ${color}`, {
    wait: options.wait,
    target: [`**::${job}`],
    replace: [`**::${job}`],
  }).then(() => undefined, asError);
  if (failure !== undefined && !endedAtGate(failure, name, color)) throw failure;

  const verdict = await readVerdict(cluster, settings.namespace, name, color, service.settings);
  // Of the Job before, which is still there.
  if (failure !== undefined && verdict.verdict === "passed") throw failure;
  const event = { kind: "verdict", service: name, stack: stack.name, by: operator(), color, image } as const;
  if (verdict.verdict !== "none")
    await notify(
      settings.notifications,
      { ...event, verdict: verdict.verdict, reasons: verdict.reasons },
      output.progress,
    );
  const words = `${color} (${image}) is ${verdict.verdict === "passed" ? "verified" : "NOT verified"}.`;
  output.result({ service: name, color, image, live, ...verdict }, () => {
    const said =
      verdict.report === null ? (failure === undefined ? [] : [failure.message]) : [renderReport(verdict.report)];
    return [...said, words].join("\n");
  });
  if (failure !== undefined) process.exitCode = exitCodes.refused;
}
