/** `release deploy`: a version to the idle colour, verified. Traffic is not touched, whatever happens. */
import { other, type Color } from "../../components/colors";
import { settingsFrom } from "../../settings";
import { readService } from "../cluster/read";
import { openServiceContext, type ServiceContext } from "../context";
import { exitCodes, ReleaseError } from "../errors";
import { pinImage } from "../images/pin";
import type { ReleaseEvent } from "../notify/message";
import { notify } from "../notify/notify";
import { operator } from "../operator";
import { EngineError } from "./engine";
import type { ActOptions } from "./options";
import { agreedLive, mustNotTouchTraffic, renderChanges } from "./plan";
import { renderReport } from "./reportTable";
import { confirmed, plan, updateStack, write } from "./run";
import { withHeldSettings, type Setting } from "./stackFile";
import { endedAtGate, readVerdict, type Verdict } from "./verdict";

export interface DeployOptions extends ActOptions {
  models?: string;
  /** Variables of the container, added to those that it has. */
  env: Readonly<Record<string, string>>;
}

/** @param named The image as somebody names it; where ECR knows its digest, that is deployed with it. */
export async function deploy(named: string, options: DeployOptions): Promise<void> {
  const begin = performance.now();
  const context = await openServiceContext(options);
  const { cluster, output, settings, service, stack } = context;
  const { name } = service;
  const live = agreedLive(await readService(cluster, settings.namespace, name), service.configured);
  const color = other(live);
  const image = await pinImage(named, output.progress);
  const values = valuesFor(name, color, image, options);
  // The rules of the configuration speak first, with the engine not even started.
  const { name: project } = await stack.workspace.projectSettings();
  const wanted = settingsFrom(withHeldSettings(context.config, project, values), project);
  const wantedService = wanted.services[name] ?? service.settings;

  const planned = await plan(context, values);
  const { changes } = planned;
  mustNotTouchTraffic(changes, Object.keys(settings.services));
  output.progress(
    changes.length === 0
      ? `${color} runs ${image} already.`
      : `To ${color}, which is idle:\n${renderChanges(changes, name)}`,
  );
  if (changes.length > 0) await confirmed(context, options, `Deploy ${image} to ${color}?`);
  write(context, planned);

  const what = `deploy ${image} to ${name} ${color}`;
  const failure = await updateStack(context, `Deploy to ${color} and verify`, what, options).then(
    () => undefined,
    (error: unknown) => error,
  );
  const verdict = await verdictAfter(failure, context, color, wantedService);
  await tell(context, { color, image, verdict, deployed: failure === undefined || verdict.verdict === "failed" });
  if (failure !== undefined) throw explained(failure, context, { live, color, verdict });
  const result = { service: name, color, image, live, ...verdict, seconds: (performance.now() - begin) / 1000 };
  output.result(result, () => [...reportLines(verdict), deployedWords(result)].join("\n"));
}

/** The values that put a version on a colour. */
export function valuesFor(
  service: string,
  color: Color,
  image: string,
  { models, env }: Pick<DeployOptions, "models" | "env">,
): Setting[] {
  const at = (...keys: string[]): Setting["path"] => ["services", service, color, ...keys];
  return [
    { path: at("image"), value: image },
    ...(models === undefined ? [] : [{ path: at("models"), value: models }]),
    ...Object.entries(env).map(([key, value]) => ({ path: at("env", key), value })),
  ];
}

async function verdictAfter(
  failure: unknown,
  { cluster, settings, service }: ServiceContext,
  color: Color,
  wanted: ServiceContext["service"]["settings"],
): Promise<Verdict> {
  if (failure === undefined || endedAtGate(failure, service.name, color))
    return readVerdict(cluster, settings.namespace, service.name, color, wanted);
  // The update did not come that far: what the cluster has to say is about another version.
  return { verdict: "none", reasons: [], report: null };
}

function explained(
  failure: unknown,
  { service, settings }: ServiceContext,
  { live, color, verdict }: { live: Color; color: Color; verdict: Verdict },
): unknown {
  if (!(failure instanceof EngineError)) return failure;
  const gate = endedAtGate(failure, service.name, color);
  const traffic = `Traffic is untouched: ${live} is live with ${service.settings[live].image}.`;
  // The engine's words end with the verdict for people; the report says it in full.
  const said = verdict.report === null ? [failure.message] : [renderReport(verdict.report)];
  const head = gate
    ? verdict.verdict === "failed"
      ? [`${color} has failed its verification and does not go live.`]
      : [`${color} could not be verified and does not go live.`]
    : [`${color} could not be deployed.`];
  return new ReleaseError(
    [...head, ...said, traffic].join("\n"),
    `${color} keeps what was deployed, for a look at it (namespace ${settings.namespace}); deploy a better version when there is one.`,
    gate ? exitCodes.refused : failure.exitCode,
    { cause: failure },
  );
}

async function tell(
  { settings, service, stack, output }: ServiceContext,
  { color, image, verdict, deployed }: { color: Color; image: string; verdict: Verdict; deployed: boolean },
): Promise<void> {
  const common = { service: service.name, stack: stack.name, by: operator(), color, image };
  const events: ReleaseEvent[] = deployed ? [{ ...common, kind: "deploy" }] : [];
  if (verdict.verdict !== "none")
    events.push({ ...common, kind: "verdict", verdict: verdict.verdict, reasons: verdict.reasons });
  await Promise.all(events.map((event) => notify(settings.notifications, event, output.progress)));
}

function reportLines({ report }: Verdict): string[] {
  return report === null ? [] : [renderReport(report)];
}

function deployedWords({
  color,
  image,
  live,
  verdict,
  reasons,
}: Verdict & { color: Color; image: string; live: Color }) {
  const said = {
    passed: `and is verified. Make it live with: release switch ${color}`,
    skipped: `UNVERIFIED: ${reasons.join(" ")} It may go live with: release switch ${color}`,
    none: "and has no Pods at off-peak: it is verified when it is to go live.",
    failed: "and is not verified.",
    broken: "and is not verified.",
  };
  return `${color} runs ${image} ${said[verdict]}\nTraffic is untouched: ${live} is live.`;
}
