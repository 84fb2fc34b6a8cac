/** The options that every command has. */
import * as path from "node:path";
import { Command, Option } from "commander";
import { exitCodes, ReleaseError } from "./errors";

export interface CommonOptions {
  /** The stack; where left out, PULUMI_STACK or the one that is selected. */
  stack?: string;
  /** One service; where left out, all of them for a command that reads, the only one for a command that acts. */
  service?: string;
  /** Do not ask. */
  yes: boolean;
  /** One JSON value on stdout and nothing else there. */
  json: boolean;
  /** The project's directory. */
  cwd: string;
}

/** Refuses a single service, for a command that is about all of a stack; `why` is a sentence. */
export function wholeStack({ service }: Pick<CommonOptions, "service">, why: string): void {
  if (service !== undefined) throw new ReleaseError(why, "Leave --service out.", exitCodes.usage);
}

/** The project that this command belongs to. */
export const ownProject = path.resolve(__dirname, "..");

/**
 * A command with the common options.
 *
 * @param description What it does: a phrase that completes "release <name>: …".
 */
export function releaseCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .addOption(new Option("--stack <name>", "the stack (default: PULUMI_STACK, else the selected one)"))
    .addOption(new Option("--service <name>", "one service (default: all, for a command that acts: the only one)"))
    .addOption(new Option("-y, --yes", "do not ask").default(false, "ask"))
    .addOption(new Option("--json", "one JSON value on stdout, progress on stderr").default(false, "text"))
    .addOption(
      new Option("--cwd <directory>", "the project's directory").default(ownProject, "the project of this command"),
    );
}
