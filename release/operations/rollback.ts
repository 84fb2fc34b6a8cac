/**
 * `release rollback`: users back on the other colour, in seconds, whatever is broken. By the engine where that works, so
 * that its state is right; past it where it does not, or takes too long.
 */
import pRetry from "p-retry";
import { other, type Color } from "../../components/colors";
import { stackName } from "../../components/labels";
import { readLive, readService } from "../cluster/read";
import { exitCodes, ReleaseError } from "../errors";
import { holdersIn, isLocked, waitingFor } from "../locks";
import { notify } from "../notify/notify";
import { operator } from "../operator";
import { output, type Output } from "../render/output";
import { duration } from "../render/time";
import { FirstAnswer } from "./firstAnswer";
import { decideRollback, standingsOf } from "./rollbackDecision";
import { byEngine } from "./rollbackEngine";
import { noteLeft, releasedAt, wasLeft } from "./rollbackFacts";
import { openGround, wordsOf, type Ground, type GroundOptions } from "./rollbackGround";
import { renderRollback, type RollbackResult } from "./rollbackResult";
import { moveRoute, scaleUp } from "./routePatch";
import { commitWords, withSettings, writeStackFile } from "./stackFile";

/** What the engine may take before the route is moved past it; less, where it began late after the command did. */
const engineMs = 12_000;
const engineUntilMs = 20_000;
/** How long users' first answer is waited for. */
const answerMs = 2_000;

export async function rollback(color: Color | undefined, options: GroundOptions): Promise<void> {
  const out = output(options);
  const ground = await openGround(options);
  // Node's own start counts: it is part of what somebody waits for.
  const result = await rollBack(ground, color, out, 0);
  out.result(result, () => renderRollback(result));
}

/**
 * Leads users back.
 *
 * @param begin When it began, on the clock of `performance.now()`.
 */
export async function rollBack(
  ground: Ground,
  wanted: Color | undefined,
  out: Output,
  begin: number,
): Promise<RollbackResult> {
  const { service, namespace, cluster } = ground;
  const state = await readService(cluster, namespace, service);
  const live = state.live.color === "unknown" ? undefined : state.live.color;
  const [released, rolledBack] = await Promise.all([
    releasedAt(cluster, namespace, service),
    wanted === undefined && live !== undefined && wasLeft(cluster, namespace, service, other(live)),
  ]);
  const standings = standingsOf(state, released, ground.skippedImage);
  const situation = { live, wanted, rolledBack, standings, configured: ground.configured };
  const decision = decideRollback(service, namespace, situation);
  if (decision.kind === "refuse") throw new ReleaseError(decision.problem, decision.remedy, exitCodes.refused);

  const { to } = decision;
  const { image, ready } = standings[to];
  const common = { service, from: live ?? null, to, image, ready };
  const notes = decision.reason === undefined ? [] : [`${decision.reason}.`];
  if (decision.kind === "move" && decision.warning !== undefined) notes.push(decision.warning);
  const trip: Trip = { ground, to, begin, out, notes };
  if (decision.kind === "stay") {
    configure(trip);
    return { ...common, how: "none", seconds: since(begin), answeredAfterSeconds: null, notes };
  }

  out.progress(`${service}: back to ${to} with ${image} ...`);
  const { deployment } = state.colors[to];
  const needed = ground.needed ?? state.colors[other(to)].deployment?.desired ?? 1;
  const first = ground.url === undefined ? undefined : new FirstAnswer(ground.url, to);
  try {
    const moved = ready < needed ? await withFewPods(trip, ready, needed, deployment?.desired ?? 0) : await move(trip);
    configure(trip);
    await noteLeft(cluster, namespace, service, other(to));
    const at = await first?.within(answerMs);
    const answeredAfterSeconds = at === undefined ? null : (at - begin) / 1000;
    const result: RollbackResult = { ...common, ...moved, answeredAfterSeconds, notes };
    await tell(ground, result, out);
    return result;
  } finally {
    first?.stop();
  }
}

/** One rollback under way. */
interface Trip {
  readonly ground: Ground;
  readonly to: Color;
  readonly begin: number;
  readonly out: Output;
  readonly notes: string[];
}

type Moved = Pick<RollbackResult, "how" | "seconds">;

/** By the engine where it can, else past it. */
async function move(trip: Trip): Promise<Moved> {
  const { ground, to, begin, out, notes } = trip;
  const { service, namespace, cluster, engine } = ground;
  if (engine === undefined) {
    notes.push(`The engine cannot be used: ${ground.engineTrouble ?? "it does not say why"}`);
    return directly(trip);
  }
  let seconds: number | undefined;
  const onMoved = () => {
    seconds = since(begin);
    out.progress(`${to} is live again, after ${duration(seconds * 1000)}.`);
  };
  const limitMs = Math.max(Math.min(engineMs, engineUntilMs - (performance.now() - begin)), 1_000);
  const configured = () => {
    configure(trip);
  };
  const { done, ended } = byEngine(engine, { service, to, configure: configured, onMoved, limitMs });
  await done.catch((error: unknown) => notes.push(engineNote(error)));
  // It is believed when the route says so: what it takes for done may be what its own state says.
  const { color } = await readLive(cluster, namespace, service);
  const moved = color === to ? ({ how: "engine", seconds: seconds ?? since(begin) } as const) : await directly(trip);
  await ended;
  return moved;
}

/** At night, and after Pods were lost: fewer answers now are better than none until there are more Pods. */
async function withFewPods(trip: Trip, ready: number, needed: number, desired: number): Promise<Moved> {
  const { ground, to, notes } = trip;
  const moved = await directly(trip);
  const few = `${to} has ${ready} of ${needed} Pods ready`;
  if (desired >= needed) {
    notes.push(`${few}: it answers with what it has, until the others are.`);
    return moved;
  }
  try {
    await scaleUp(ground.cluster, ground.namespace, stackName(ground.service, to), needed);
    notes.push(`${few}: it answers with what it has, and grows to ${needed} meanwhile.`);
  } catch (error) {
    notes.push(`${few}, and could not be told to grow: ${wordsOf(error)}`);
  }
  return moved;
}

/** Past the engine, whose state agrees again after its next update. */
async function directly({ ground, to, begin, out, notes }: Trip): Promise<Moved> {
  const { cluster, namespace, service } = ground;
  // Whoever changes the object at the same time makes it fail; the next attempt sees what they made of it.
  await pRetry(() => moveRoute(cluster, namespace, service, to), { retries: 3, minTimeout: 200 });
  const seconds = since(begin);
  out.progress(`${to} is live again, after ${duration(seconds * 1000)}.`);
  notes.push("The route was changed past the engine: its state agrees again after the next pulumi up.");
  return { how: "direct", seconds };
}

/** Has the configuration say what the route says, so that the next update does not undo it. */
function configure({ ground, to, notes }: Trip): void {
  const { file } = ground;
  const setting = ground.flag(to);
  const note = (words: string) => {
    if (!notes.includes(words)) notes.push(words);
  };
  try {
    const text = withSettings(file, [setting]);
    if (text === file.text) return;
    writeStackFile(file, text);
    note(commitWords(file));
  } catch (error) {
    const key = setting.path.join(".");
    note(
      `${file.path} could not be changed: ${wordsOf(error)} Set ${key} to ${to} in it: an update would undo this otherwise.`,
    );
  }
}

function engineNote(error: unknown): string {
  if (isLocked(error))
    return `The engine was not let in: ${waitingFor(holdersIn(error.message))}. Where that runs no more: pulumi cancel. Where it runs: it may move the route again.`;
  return `The engine failed: ${wordsOf(error)}`;
}

async function tell({ notifications, stackName: stack }: Ground, result: RollbackResult, out: Output): Promise<void> {
  const { service, from, to, image, seconds, how } = result;
  if (how === "none") return;
  const event = {
    kind: "rollback",
    service,
    stack,
    by: operator(),
    from: from ?? other(to),
    to,
    image,
    seconds,
    how,
  } as const;
  await notify(notifications, event, out.progress);
}

function since(begin: number): number {
  return (performance.now() - begin) / 1000;
}
