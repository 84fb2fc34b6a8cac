import { InvalidArgumentError, type Command } from "commander";
import type { DeployOptions } from "../operations/deploy";
import { waitOption } from "../operations/options";
import { releaseCommand } from "../options";

export function deployCommand(): Command {
  return releaseCommand("deploy", "a version to the idle colour, verified there; traffic is not touched")
    .argument("<image>", "with a tag of its own or a digest")
    .option("--models <version>", "version of the models (default: as it is)")
    .option("--env <name=value>", "a variable of the container; may be given again", variable, {})
    .addOption(waitOption())
    .action(async (image: string, options: DeployOptions) => {
      const { deploy } = await import("../operations/deploy.ts");
      await deploy(image, options);
    });
}

function variable(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const parts = /^(?<name>[^=]+)=(?<value>.*)$/s.exec(text)?.groups;
  if (parts === undefined) throw new InvalidArgumentError("accepted: NAME=VALUE");
  return { ...before, [parts["name"] ?? ""]: parts["value"] ?? "" };
}
