/** What `release status` shows a person. */
import { colors, type Color } from "../../components/colors";
import { colorName, paint } from "../render/colors";
import { table } from "../render/table";
import { age, duration, timeOf } from "../render/time";
import type { ColorReport, ServiceReport, StatusReport, VerificationStatus } from "./report";

export function renderStatus({ stack, capacity, services }: StatusReport, now: Date): string {
  const head = `stack ${paint.bold(stack)}, capacity ${paint.bold(capacity)}`;
  return [head, ...services.map((service) => renderService(service, now))].join("\n\n");
}

function renderService(report: ServiceReport, now: Date): string {
  const rows = colors.map((color) => {
    const { version, image, ...rest } = report.colors[color];
    return [
      colorName(color),
      roleOf(report, color),
      version ?? "-",
      readyWords(rest),
      verificationWords(rest.verification, now),
      trafficWords(rest.traffic),
      image ?? paint.red("no Deployment"),
    ];
  });
  const troubles = colors.flatMap((color) =>
    report.colors[color].troubles.map((words) => `  ${paint.yellow("!")} ${words}`),
  );
  return [
    `${paint.bold(report.service)}  ${report.host}  ${liveWords(report)}`,
    table(["COLOUR", "ROLE", "VERSION", "READY", "VERIFICATION", "TRAFFIC", "IMAGE"], rows, "  "),
    ...troubles,
    `  last switch: ${switchWords(report, now)}`,
  ].join("\n");
}

function liveWords({ live, liveProblem, configured, drift }: ServiceReport): string {
  if (live === null)
    return paint.red(`live: unknown, because ${liveProblem ?? ""}; the configuration says ${configured}`);
  const words = `live: ${colorName(live)}`;
  return drift ? `${words}  ${paint.red(`DRIFT: the configuration says ${configured}`)}` : words;
}

function roleOf({ live, preview }: ServiceReport, color: Color): string {
  if (live === null) return "-";
  if (live === color) return paint.bold("live");
  return preview === color ? "idle" : "idle, no preview";
}

function readyWords({ ready, desired, updating }: Pick<ColorReport, "ready" | "desired" | "updating">): string {
  const words = `${ready}/${desired}${updating ? ", updating" : ""}`;
  return ready < desired ? paint.yellow(words) : words;
}

function verificationWords({ status, finishedAt, reason, image }: VerificationStatus, now: Date): string {
  const when = finishedAt === null ? "" : `, ${age(finishedAt, now)}`;
  switch (status) {
    case "passed":
      return paint.green(`passed${when}`);
    case "failed":
      return paint.red(`failed${when}`);
    case "broken":
      return paint.red(`could not be run${when}`);
    case "running":
      return paint.yellow("running");
    case "skipped":
      return paint.yellow(`skipped: ${reason ?? ""}`);
    case "outdated":
      return paint.yellow(`of another image: ${image ?? "unknown"}`);
    case "none":
      return paint.yellow("none");
  }
}

function trafficWords(traffic: ColorReport["traffic"]): string {
  if (traffic === null) return "not known";
  const { share, requestsPerSecond, errorsPerSecond, inFlight } = traffic;
  const running = inFlight > 0 ? `${inFlight} running` : "";
  if (share === null) return ["no requests", running].filter((part) => part !== "").join(", ");
  const errors = errorsPerSecond > 0 ? paint.red(`${errorsPerSecond.toFixed(1)} errors/s`) : "";
  const rate = requestsPerSecond > 0 ? `${requestsPerSecond.toFixed(1)}/s` : "";
  return [`${Math.round(share * 100)} %`, rate, errors, running].filter((part) => part !== "").join(", ");
}

function switchWords({ lastSwitch }: ServiceReport, now: Date): string {
  if (lastSwitch === null) return "none that the stack's history knows of";
  const { from, to, at, by, seconds } = lastSwitch;
  const who = by === null ? "" : ` by ${by}`;
  return `${from} -> ${to}, ${age(at, now)} (${timeOf(at)})${who}, took ${duration(seconds * 1000)}`;
}
