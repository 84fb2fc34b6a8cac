/** `release switch`: users to the other colour, if it has proved itself, watched until the old one has finished. */
import { other, type Color } from "../../components/colors";
import { readService } from "../cluster/read";
import type { ServiceState } from "../cluster/state";
import { openServiceContext, type ServiceContext } from "../context";
import { exitCodes, ReleaseError } from "../errors";
import { sampleTraffic } from "../metrics/traffic";
import { notify } from "../notify/notify";
import { operator } from "../operator";
import { flipRoute, type Flip } from "./flip";
import type { ActOptions } from "./options";
import {
  besidesSwitch,
  isRoute,
  isVerificationJob,
  lackingPods,
  liveColorSetting,
  mustNotTouchTraffic,
  podsWhenLive,
  renderChanges,
} from "./plan";
import { seldom, step } from "./progress";
import { rollBack } from "./rollback";
import { groundOf } from "./rollbackGround";
import { confirmed, plan, type Plan } from "./run";
import { readStackFile, withSettings, writeStackFile } from "./stackFile";
import { renderSwitch, type SwitchResult } from "./switchResult";
import { openTrial } from "./trial";
import { watchSwitch, type Watched } from "./watchSwitch";

export interface SwitchOptions extends ActOptions {
  /** Milliseconds for which the new colour is on trial. */
  bake?: number;
  /** What somebody has agreed to: another image does not go live. */
  image?: string;
}

export async function switchTo(wanted: Color | undefined, options: SwitchOptions): Promise<void> {
  const context = await openServiceContext(options);
  const { cluster, output, settings, service } = context;
  const { name } = service;
  const state = await readService(cluster, settings.namespace, name);
  const { from, to } = direction(state, wanted);
  refuseOtherImage(context, to, options.image);
  if (from === to) {
    settle(context, to);
    return;
  }
  const skipped = skippedReason(context, to);
  refuseLackingPods(state, to, podsWhenLive(settings, service.settings));
  if (skipped === undefined) refuseFailed(state, to);

  const planned = await plan(context, [liveColorSetting(settings, name, to)]);
  refuseUnverified(planned, state, to);
  mustNotTouchTraffic(
    planned.changes,
    Object.keys(settings.services).filter((other) => other !== name),
  );
  show(context, planned, skipped);
  const { image } = service.settings[to];
  await confirmed(context, options, `Switch ${name} from ${from} to ${to} (${image})?`);

  const flip = await flipRoute(context, planned, { from, to }, options);
  const { switchMs, measuredBy } = flip;
  const skipVerification = skipped ?? null;
  const common = { service: name, from, to, image, switchMs, skipVerification };
  const event = { ...common, kind: "switch", stack: context.stack.name, by: operator() } as const;
  await notify(settings.notifications, event, output.progress);
  const watched = await watch(context, { from, to }, flip, options.bake);
  await conclude(context, { ...common, measuredBy, ...watched, rollback: null });
}

/** Where from and where to; the same where nothing is to be done. */
function direction({ service, live }: ServiceState, wanted: Color | undefined): { from: Color; to: Color } {
  if (live.color === "unknown")
    throw new ReleaseError(
      `${service}: it cannot be told which colour is live: ${live.reason}.`,
      "See release doctor. To put users on a colour whatever the route says: release rollback <color>",
      exitCodes.refused,
    );
  return { from: live.color, to: wanted ?? other(live.color) };
}

/** Between the question and the answer of the one who approves, somebody else may have deployed. */
function refuseOtherImage({ service }: ServiceContext, to: Color, agreed: string | undefined): void {
  const { image } = service.settings[to];
  if (agreed !== undefined && image !== agreed)
    throw new ReleaseError(
      `${service.name}: ${to} has ${image}, and not ${agreed}. It does not go live.`,
      "Another version was deployed meanwhile: switch to that one, or deploy this one once more.",
      exitCodes.refused,
    );
}

/** Users are there already; the configuration has to say so as well. */
function settle({ output, service, settings, stack, directory }: ServiceContext, color: Color): void {
  const agrees = service.configured === color;
  if (!agrees) {
    const file = readStackFile(directory, stack.name);
    writeStackFile(file, withSettings(file, [liveColorSetting(settings, service.name, color)]));
  }
  const words = agrees ? "" : ` The configuration said ${service.configured}; now it says ${color} as well.`;
  const result = { service: service.name, from: color, to: color, changed: !agrees };
  output.result(result, () => `${service.name}: ${color} is live already.${words}`);
}

function refuseLackingPods(state: ServiceState, to: Color, needed: number): void {
  const problem = lackingPods(state, to, needed);
  if (problem !== undefined)
    throw new ReleaseError(
      `${problem}. It does not go live.`,
      "Wait until its Pods are ready; release doctor says what is wrong with them.",
      exitCodes.refused,
    );
}

/** With no Pods there was nobody to verify: the update brings them up, verifies them, and only then moves the route. */
function hasNobody({ colors }: ServiceState, to: Color): boolean {
  return colors[to].deployment?.desired === 0;
}

/** What its last verification says. */
function refuseFailed(state: ServiceState, to: Color): void {
  const { status } = state.colors[to].verification;
  if (status !== "passed" && !hasNobody(state, to)) throw unverified(state, to, verdictWords[status]);
}

/** A verification that the update would have to run first says that there is none of what is there now. */
function refuseUnverified({ changes }: Plan, state: ServiceState, to: Color): void {
  const runs = changes.some(({ name, op }) => op !== "delete" && isVerificationJob(name, state.service, to));
  if (runs && !hasNobody(state, to)) throw unverified(state, to, "has changed since it was verified");
}

const verdictWords = {
  none: "has never been verified",
  running: "is still being verified",
  failed: "has failed its verification",
  broken: "could not be verified",
};

function unverified({ service }: ServiceState, to: Color, words: string): ReleaseError {
  return new ReleaseError(
    `${service}: ${to} ${words}. It does not go live.`,
    "Have it verified: pulumi up, or once more with: release verify",
    exitCodes.refused,
  );
}

/** Why the colour may go live unverified; undefined where it may not. */
function skippedReason({ service: { settings } }: ServiceContext, to: Color): string | undefined {
  const { skipVerification } = settings;
  return skipVerification?.image === settings[to].image ? skipVerification.reason : undefined;
}

function show({ output, service: { name } }: ServiceContext, { changes }: Plan, skipped: string | undefined): void {
  if (!changes.some((change) => isRoute(change.name, name)))
    throw new ReleaseError(
      "The engine sees no change of the route in this.",
      "See what it says itself: pulumi preview",
      exitCodes.failed,
    );
  output.progress(`The switch:\n${renderChanges(changes, name)}`);
  const besides = besidesSwitch(changes, name);
  if (besides.length > 0)
    output.progress(`Besides the switch, this changes ${besides.map((each) => each.name).join(", ")}.`);
  if (skipped !== undefined) output.progress(`UNVERIFIED, because: ${skipped}`);
}

async function watch(
  context: ServiceContext,
  { from, to }: { from: Color; to: Color },
  { before, atSwitch }: Flip,
  bakeMs: number | undefined,
): Promise<Watched> {
  const { cluster, settings, service } = context;
  const bake = bakeMs === undefined ? undefined : { ms: bakeMs, judge: await openTrial(context, { from, to }, before) };
  const interrupted = new AbortController();
  const stop = () => {
    interrupted.abort();
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    return await step(bake === undefined ? `Watch ${from} finish` : `Watch ${to} on trial`, (report) =>
      watchSwitch({
        ...{ from, to, before, atSwitch, bake, report: seldom(report) },
        sample: () => sampleTraffic(cluster, settings.namespace, service.name),
        drainMs: service.settings.requestTimeoutSeconds * 1000,
        stopped: interrupted.signal,
      }),
    );
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}

/** While it was watched somebody may have taken users back; then the configuration says so as well. */
async function refuseTakenBack(context: ServiceContext, from: Color): Promise<void> {
  const { cluster, settings, service, stack, directory } = context;
  const { live } = await readService(cluster, settings.namespace, service.name);
  if (live.color !== from) return;
  const file = readStackFile(directory, stack.name);
  writeStackFile(file, withSettings(file, [liveColorSetting(settings, service.name, from)]));
  throw new ReleaseError(
    `${service.name}: users are on ${from} again: somebody took them back meanwhile.`,
    "See release status, and release history for who did.",
    exitCodes.failed,
  );
}

/** The result, and the way back where the trial has failed. */
async function conclude(context: ServiceContext, result: SwitchResult): Promise<void> {
  const { output, service, settings, stack } = context;
  const { from, to, image, bake, interrupted } = result;
  if (bake?.verdict !== "worse") await refuseTakenBack(context, from);
  if (bake?.verdict !== "worse") {
    output.result(result, () => renderSwitch(result));
    if (interrupted && bake !== null) process.exitCode = exitCodes.failed;
    return;
  }
  output.progress(`${to} does worse: ${bake.reasons.join("; ")}`);
  const event = { kind: "bake", service: service.name, stack: stack.name, by: operator(), color: to, image } as const;
  const told = (rolledBack: boolean) =>
    notify(settings.notifications, { ...event, reasons: bake.reasons, rolledBack }, output.progress);
  const ground = { ...groundOf(context), configured: to };
  const rollback = await rollBack(ground, from, output, performance.now()).catch(async (error: unknown) => {
    await told(false);
    throw error;
  });
  await told(true);
  const all = { ...result, rollback };
  output.result(all, () => renderSwitch(all));
  process.exitCode = exitCodes.rolledBack;
}
