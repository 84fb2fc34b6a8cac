import { Argument, type Command } from "commander";
import { exitCodes, ReleaseError } from "../errors";
import type { PushOptions } from "../models/push";
import { releaseCommand } from "../options";

export function modelsCommand(): Command {
  return releaseCommand("models", "versions of the models: push one to the store, list what is there")
    .addArgument(new Argument("<action>", "what to do").choices(["push", "list"]))
    .argument("[directory]", "for push: the files of the version")
    .option("--version <version>", "for push: what it is called, below the service's name with --service")
    .action(async (action: string, directory: string | undefined, options: PushOptions) => {
      if (action === "push") return push(directory, options);
      const { list } = await import("../models/list.ts");
      await list(options);
    });
}

async function push(directory: string | undefined, options: PushOptions): Promise<void> {
  if (directory === undefined)
    throw new ReleaseError(
      "Which files are they?",
      "Name their directory: release models push <directory>",
      exitCodes.usage,
    );
  const { push: run } = await import("../models/push.ts");
  await run(directory, options);
}
