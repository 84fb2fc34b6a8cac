import type { Command } from "commander";
import { releaseCommand } from "../options";
import type { PreviewOptions } from "../preview/preview";

export function previewCommand(): Command {
  return releaseCommand("preview", "what this checkout changes, for a pull request, as Markdown")
    .option("--offline", "without credentials: both sides planned from nothing, and compared", false)
    .option("--comment", "post it as the one comment of the pull request", false)
    .option("--base <ref>", "what to compare with (default: the pull request's base, else main)")
    .action(async (options: PreviewOptions) => {
      const { preview } = await import("../preview/preview.ts");
      await preview(options);
    });
}
