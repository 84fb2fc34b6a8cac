import { Option, type Command } from "commander";
import { colorIn, waitOption } from "../operations/options";
import type { VerifyOptions } from "../operations/verify";
import { releaseCommand } from "../options";

export function verifyCommand(): Command {
  return releaseCommand("verify", "have a colour prove itself once more")
    .addOption(new Option("--color <color>", "which (default: the idle one)").argParser(colorIn))
    .addOption(waitOption())
    .action(async (options: VerifyOptions) => {
      const { verify } = await import("../operations/verify.ts");
      await verify(options);
    });
}
