/** The release command: `npx release …` or `npm run release -- …`. */
import { Command, CommanderError } from "commander";
import { applyCommand } from "./commands/apply";
import { costCommand } from "./commands/cost";
import { deployCommand } from "./commands/deploy";
import { diffCommand } from "./commands/diff";
import { doctorCommand } from "./commands/doctor";
import { driftCommand } from "./commands/drift";
import { historyCommand } from "./commands/history";
import { previewCommand } from "./commands/preview";
import { modelsCommand } from "./commands/models";
import { rollbackCommand } from "./commands/rollback";
import { scaleCommand } from "./commands/scale";
import { scheduleCommand } from "./commands/schedule";
import { statusCommand } from "./commands/status";
import { switchCommand } from "./commands/switch";
import { verifyCommand } from "./commands/verify";
import { explain, exitCodes, ReleaseError, reportOf } from "./errors";

/**
 * The commands, in the order of --help. Each loads what is heavy (the engine, the cluster's API) only when it runs, so
 * that --help answers at once.
 */
const commands: (() => Command)[] = [
  ...[statusCommand, historyCommand, diffCommand, doctorCommand, costCommand],
  ...[modelsCommand, deployCommand, verifyCommand, switchCommand, rollbackCommand, scaleCommand],
  ...[previewCommand, applyCommand, scheduleCommand, driftCommand],
];

function program(): Command {
  const release = new Command("release")
    .description("Blue-green releases: see what is live, deploy to the idle colour, verify, switch, go back.")
    .addHelpText(
      "afterAll",
      `
Exit codes:
  ${exitCodes.done}  done; for doctor: healthy
  ${exitCodes.failed}  failed; for doctor: something is wrong
  ${exitCodes.usage}  wrong usage or configuration; nothing was tried
  ${exitCodes.refused}  refused by the gate, the guard or a rule of this command; traffic was not changed; for drift: there is some
  ${exitCodes.rolledBack}  switched, and rolled back by the bake

docs/release-command.md describes every command, its options and its --json output.`,
    )
    .helpCommand(false);
  for (const command of commands) release.addCommand(command());
  for (const each of [release, ...release.commands]) each.exitOverride().configureOutput({ writeErr: () => undefined });
  return release;
}

/** Errors for people as they are shown; anything else is a bug, and keeps its stack trace. */
function show(error: unknown): void {
  const explained = error instanceof CommanderError ? usageError(error) : explain(error);
  process.exitCode = explained?.exitCode ?? exitCodes.failed;
  if (explained === undefined) console.error(error);
  if (process.argv.includes("--json")) console.log(JSON.stringify(reportOf(explained ?? bug(error)), null, 2));
  else if (explained !== undefined) console.error(`${explained.message}\n${explained.remedy}`);
}

function usageError(error: CommanderError): ReleaseError {
  const message = error.code === "commander.help" ? "No command was given." : error.message.replace(/^error: /, "");
  return new ReleaseError(
    message,
    "release --help lists the commands, release <command> --help its options.",
    exitCodes.usage,
  );
}

function bug(error: unknown): ReleaseError {
  return new ReleaseError(String(error), "This is a mistake in the release command: report it with the stack trace.");
}

void program()
  .parseAsync()
  .catch((error: unknown) => {
    // Help that was asked for is no error.
    if (error instanceof CommanderError && error.exitCode === 0) return;
    show(error);
  });
