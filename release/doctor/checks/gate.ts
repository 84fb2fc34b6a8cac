/** Has each colour proved itself, and if not, why? */
import { ownReport, problemsOf } from "../../operations/reportTable";
import { verificationStatus } from "../../status/report";
import { finding, kubectlIn, type Check } from "../snapshot";
import { perColor } from "./colors";

export const gateChecks: Check[] = [
  {
    name: "gate",
    find: perColor((service, color, { settings }) => {
      const { verification, deployment } = service.state.colors[color];
      // Nobody there to prove anything; it proves itself when it has Pods again.
      if (deployment === undefined || deployment.desired === 0) return [];
      const { status, reason, image } = verificationStatus(
        service.state.colors[color],
        service.settings.skipVerification,
      );
      const report = ownReport(verification);
      const job = verification.job ?? "";
      const closed = `${color} cannot go live like this.`;
      switch (status) {
        case "passed":
          return [];
        case "failed":
          return [
            finding(service, "error", {
              problem: `${color} (${deployment.image}) did not pass its verification.`,
              meaning: closed,
              help: "release deploy IMAGE with a version that does; after a change outside the image: release verify",
              details: report === undefined ? [] : problemsOf(report),
            }),
          ];
        case "broken":
          return [
            finding(service, "error", {
              problem: `The verification of ${color} (${deployment.image}) could not be run to a verdict.`,
              meaning: closed,
              help: `${kubectlIn(settings)} logs job/${job}; then: release verify`,
            }),
          ];
        case "running":
          return [
            finding(service, "note", {
              problem: `The verification of ${color} is running.`,
              meaning: "There is no verdict yet.",
              help: `${kubectlIn(settings)} logs --follow job/${job}`,
            }),
          ];
        case "skipped":
          return [
            finding(service, "warning", {
              problem: `${color} (${deployment.image}) is let through unverified: ${reason ?? ""}`,
              meaning: "Nobody has checked it; that was decided in the configuration (skipVerification).",
              help: `pulumi config rm --path services.${service.name}.skipVerification; pulumi up`,
            }),
          ];
        case "outdated":
        case "none":
          return [
            finding(service, "warning", {
              problem:
                status === "none"
                  ? `${color} (${deployment.image}) has not been verified.`
                  : `What was verified on ${color} is ${image ?? "unknown"}; it runs ${deployment.image}.`,
              meaning: closed,
              help: "release verify",
            }),
          ];
      }
    }),
  },
];
