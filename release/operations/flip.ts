/** The switch itself: the configuration, the update, the moment in which users move; and the way back where it fails. */
import type { Color, PerColor } from "../../components/colors";
import { readLive } from "../cluster/read";
import type { ServiceContext } from "../context";
import { explain, ReleaseError } from "../errors";
import { sampleTraffic, type Traffic } from "../metrics/traffic";
import { FirstAnswer, urlOf } from "./firstAnswer";
import type { ActOptions } from "./options";
import { isRoute, liveColorSetting } from "./plan";
import { wordsOf } from "./rollbackGround";
import { updateStack, type Plan } from "./run";
import { commitWords, readStackFile, withSettings, writeStackFile } from "./stackFile";

/** How long the first answer is waited for after the update. */
const answerMs = 2_000;

export interface Flip {
  /** From the moment in which the engine changes the route to the first answer of the new colour. */
  readonly switchMs: number | null;
  /** `route`: the URL cannot be reached from here, so the engine's word that the route is changed has to do. */
  readonly measuredBy: "answers" | "route";
  /** Traffic before the update, and when the route had just changed. */
  readonly before: PerColor<Traffic> | undefined;
  readonly atSwitch: PerColor<Traffic> | undefined;
}

export async function flipRoute(
  context: ServiceContext,
  planned: Plan,
  { from, to }: { from: Color; to: Color },
  { wait }: ActOptions,
): Promise<Flip> {
  const { cluster, settings, service } = context;
  const sample = () => sampleTraffic(cluster, settings.namespace, service.name).catch(() => undefined);
  const before = await sample();
  const first = new FirstAnswer(urlOf(settings, service.settings), to);
  let begun: number | undefined;
  let moved: number | undefined;
  let atSwitch: ReturnType<typeof sample> | undefined;
  const watch: Parameters<typeof updateStack>[3]["watch"] = ({ name }, phase) => {
    if (!isRoute(name, service.name)) return;
    if (phase === "begins") begun = performance.now();
    if (phase !== "done") return;
    moved = performance.now();
    atSwitch = sample();
  };
  writeStackFile(planned.file, planned.text);
  try {
    await updateStack(context, `Switch to ${to}`, `switch ${service.name} to ${to}`, { wait, watch });
    await first.within(answerMs);
  } catch (error) {
    throw await putBack(context, planned, { from, to }, error);
  } finally {
    first.stop();
  }
  if (planned.text !== planned.file.text) context.output.progress(commitWords(planned.file));
  const answered = first.at;
  const end = answered ?? moved;
  return {
    switchMs: begun === undefined || end === undefined ? null : end - begun,
    measuredBy: answered === undefined ? "route" : "answers",
    before,
    atSwitch: await atSwitch,
  };
}

/** Has the configuration say what the route says, whatever an update has come to; the error says where users are. */
async function putBack(
  context: ServiceContext,
  { file, text }: Plan,
  { from, to }: { from: Color; to: Color },
  failure: unknown,
): Promise<ReleaseError> {
  const { cluster, settings, service, directory, stack } = context;
  // Whatever it is, nobody else puts the configuration back.
  const known = explain(failure) ?? new ReleaseError(wordsOf(failure), "See release status.");
  const live = await readLive(cluster, settings.namespace, service.name).catch((error: unknown) => wordsOf(error));
  if (typeof live === "string" || live.color === "unknown") {
    const key = liveColorSetting(settings, service.name, from).path.join(".");
    const unknown = `Where users are cannot be told now, and ${key} says ${to}: see release status.`;
    return said(known, unknown);
  }
  if (live.color === to) return said(known, `Users are on ${to} already: the route had changed before that.`);
  const now = readStackFile(directory, stack.name);
  // Every character as it was, unless somebody has written to it meanwhile, or it was at odds with the route before.
  const exact = now.text === text && service.configured === from;
  writeStackFile(now, exact ? file.text : withSettings(now, [liveColorSetting(settings, service.name, from)]));
  return said(known, `Users are still on ${from}, and the configuration says so again.`);
}

function said({ message, remedy, exitCode, cause }: ReleaseError, more: string): ReleaseError {
  return new ReleaseError(`${message}\n${more}`, remedy, exitCode, { cause });
}
