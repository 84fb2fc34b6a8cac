/** Markdown that shows what others wrote as it is: whatever is in a name or a message, it stays text. */

/** Text in a line. */
export function code(text: string): string {
  const inner = text.replace(/\s*\n\s*/g, " ");
  const fence = "`".repeat(longestRun(inner) + 1);
  const padded = inner.startsWith("`") || inner.endsWith("`") || inner === "" ? ` ${inner} ` : inner;
  return `${fence}${padded}${fence}`;
}

/** Text in a block of its own. */
export function block(text: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}text\n${text}\n${fence}`;
}

/** Words in a line that are no code: nobody is called by them, and no markup is in them. */
export function plain(text: string): string {
  return (
    text
      .replace(/\s*\n\s*/g, " ")
      .replace(/&/g, "&amp;")
      .replace(/</g, "&lt;")
      .replace(/[\\`*_{}[\]#|~>$]/g, (mark) => `\\${mark}`)
      // A name after an at sign would be told.
      .replace(/@(?=\w)/g, "@\u200b")
  );
}

/** What is only seen by whoever opens it. */
export function details(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("\n", " ")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** A value in a cell, where a vertical line would end it even in code. */
export function cell(text: string): string {
  return code(text).replaceAll("|", "\\|");
}

/** Text that is not longer than so many characters. */
export function shortened(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1).trimEnd()}…`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
