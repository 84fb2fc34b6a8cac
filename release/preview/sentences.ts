/** What a plan means for users, in plain sentences. Pure functions. */
import { colors, type Color } from "../../components/colors";
import { versionOf } from "../../components/inferenceStack";
import { stackName } from "../../components/labels";
import { at } from "../../components/values";
import type { Settings } from "../../settings";
import { isVerificationJob } from "../operations/plan";
import { colorOfRoute } from "./route";
import type { Step } from "./steps";

const template = ["spec", "template", "spec"] as const;

/**
 * A sentence for each thing that a release is about; none for what no user and no release notices.
 *
 * @param byState Whether the plan knows what is there, and with that what has been verified.
 */
export function sentencesOf(steps: readonly Step[], settings: Settings, byState = true): string[] {
  return Object.entries(settings.services)
    .flatMap(([service, { skipVerification, ...its }]) => {
      const facts = new ServiceFacts(service, steps);
      if (facts.isNew)
        return [
          `${service} is new: ${facts.live ?? settings.liveColor} is live with ${versionOf(its[facts.live ?? settings.liveColor].image)}.`,
        ];
      const skipped = colors.filter((color) => skipVerification?.image === its[color].image && facts.changes(color));
      return [
        ...switchWords(facts, skipVerification?.image, byState),
        ...colors.flatMap((color) => [...imageChange(facts, color), ...podChange(facts, color)]),
        ...skipped.map((color) => `${service}: ${color} may go live UNVERIFIED: ${skipVerification?.reason ?? ""}`),
      ];
    })
    .concat(goneServices(steps, settings));
}

/** What the steps say about one service. */
class ServiceFacts {
  constructor(
    readonly service: string,
    private readonly steps: readonly Step[],
  ) {}

  private named(name: string): Step | undefined {
    return this.steps.find((step) => step.name === name);
  }

  /** The resource that says which colour is live, and both colours that it says. */
  private get route(): { step: Step; from: Color | undefined; to: Color | undefined } | undefined {
    const [live, ingress] = [this.named(`${this.service}-route-live`), this.named(`${this.service}-route-ingress`)];
    const step = live ?? ingress;
    if (step === undefined) return undefined;
    const colorIn = (inputs: unknown) => colorOfRoute(this.service, step.name, inputs);
    return { step, from: colorIn(step.before), to: colorIn(step.after) };
  }

  get isNew(): boolean {
    return this.route?.step.op === "create";
  }

  /** The colour that is live after the update. */
  get live(): Color | undefined {
    return this.route?.to;
  }

  get move(): { from: Color; to: Color } | undefined {
    const { from, to } = this.route ?? {};
    return from === undefined || to === undefined || from === to ? undefined : { from, to };
  }

  deployment(color: Color): Step | undefined {
    return this.named(`${stackName(this.service, color)}-deployment`);
  }

  image(color: Color, when: "before" | "after"): string | undefined {
    const image = at(this.deployment(color)?.[when], [...template, "containers", "0", "image"]);
    return typeof image === "string" ? image : undefined;
  }

  replicas(color: Color, when: "before" | "after"): number | undefined {
    const replicas = at(this.deployment(color)?.[when], ["spec", "replicas"]);
    return typeof replicas === "number" ? replicas : undefined;
  }

  changes(color: Color): boolean {
    return this.image(color, "before") !== this.image(color, "after") || this.move?.to === color;
  }

  /** Whether a verification of the colour runs in the update. */
  isVerified(color: Color): boolean {
    return this.steps.some(
      ({ name, op }) => (op === "create" || op === "replace") && isVerificationJob(name, this.service, color),
    );
  }
}

function switchWords(facts: ServiceFacts, skipped: string | undefined, byState: boolean): string[] {
  const { service, move } = facts;
  if (move === undefined) return [];
  const { from, to } = move;
  const [old, now] = [facts.image(from, "before"), facts.image(to, "after")];
  const gate =
    now !== undefined && now === skipped
      ? ""
      : facts.isVerified(to)
        ? ` ${to} has to pass its verification first, in the same update.`
        : byState
          ? ` ${to} has been verified as it is.`
          : ` The update goes on only if ${to} has passed its verification.`;
  return [`${service}: traffic moves from ${withVersion(from, old)} to ${withVersion(to, now)}.${gate}`];
}

function imageChange(facts: ServiceFacts, color: Color): string[] {
  const { service, live } = facts;
  const [old, now] = [facts.image(color, "before"), facts.image(color, "after")];
  if (old === undefined || now === undefined || old === now) return [];
  const what = `${service}: ${color} gets ${versionOf(now)} instead of ${versionOf(old)}`;
  if (color === live) return [`${what}, and ${color} is live.`];
  const verified = facts.isVerified(color) ? ", and is verified there" : "";
  const stays =
    live === undefined || facts.move !== undefined
      ? ""
      : `; traffic stays on ${withVersion(live, facts.image(live, "after"))}`;
  return [`${what}${verified}${stays}.`];
}

function podChange(facts: ServiceFacts, color: Color): string[] {
  const [old, now] = [facts.replicas(color, "before"), facts.replicas(color, "after")];
  if (old === undefined || now === undefined || old === now) return [];
  const role = facts.live === undefined ? "" : color === facts.live ? ", which is live," : ", which is idle,";
  return [`${facts.service}: ${color}${role} goes from ${podWords(old)} to ${podWords(now)}.`];
}

function goneServices(steps: readonly Step[], settings: Settings): string[] {
  return steps.flatMap(({ name, op }) => {
    const service = /^(.+)-route-ingress$/.exec(name)?.[1];
    if (op !== "delete" || service === undefined || service in settings.services) return [];
    return [`${service} is removed, with all of its traffic.`];
  });
}

function withVersion(color: Color, image: string | undefined): string {
  return image === undefined ? color : `${color} ${versionOf(image)}`;
}

function podWords(count: number): string {
  return `${count} ${count === 1 ? "Pod" : "Pods"}`;
}
