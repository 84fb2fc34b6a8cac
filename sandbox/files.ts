import { readFileSync, writeFileSync } from "node:fs";

/** Writes a file unless it says just that already: some daemons end when their configuration is so much as touched. */
export function keepFile(file: string, content: string, options: { mode?: number } = {}): void {
  if (contentOf(file) !== content) writeFileSync(file, content, options);
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
