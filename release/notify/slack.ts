/** An event as a message of Slack with blocks: what happened as a headline, what else there is to know below. Pure. */
import { linesOf, subjectOf, type ReleaseEvent } from "./message";

interface Text {
  readonly type: "plain_text" | "mrkdwn";
  readonly text: string;
}

export type Block =
  | { readonly type: "header"; readonly text: Text }
  | { readonly type: "section"; readonly text: Text }
  | { readonly type: "context"; readonly elements: readonly Text[] };

/** What Slack takes in a header, and in a section; a longer message would be refused as a whole. */
const limits = { header: 150, section: 3000 };

export function blocksOf(event: ReleaseEvent): Block[] {
  const [what = "", ...more] = linesOf(event);
  const { icon, title } = headlineOf(event);
  return [
    { type: "header", text: { type: "plain_text", text: cut(`${icon} ${title}`, limits.header) } },
    section(`*${escaped(subjectOf(event))}*: ${escaped(what)}`),
    ...(more.length === 0 ? [] : [section(more.map(lineOf).join("\n"))]),
    { type: "context", elements: [{ type: "mrkdwn", text: escaped(`by ${event.by}`) }] },
  ];
}

interface Headline {
  readonly icon: string;
  readonly title: string;
}

const verdicts: Readonly<Record<"passed" | "failed" | "broken" | "skipped", (what: string) => Headline>> = {
  passed: (what) => ({ icon: "✅", title: `${what} is verified` }),
  failed: (what) => ({ icon: "⛔", title: `${what} failed its verification` }),
  broken: (what) => ({ icon: "⚠️", title: `${what} could not be verified` }),
  skipped: (what) => ({ icon: "⚠️", title: `${what} may go live unverified` }),
};

function headlineOf(event: ReleaseEvent): Headline {
  switch (event.kind) {
    case "deploy":
      return { icon: "📦", title: `${event.service}: deployed to ${event.color}` };
    case "verdict":
      return verdicts[event.verdict](`${event.service}: ${event.color}`);
    case "switch":
      return { icon: "🔀", title: `${event.service}: ${event.to} is live` };
    case "rollback":
      return { icon: "⏪", title: `${event.service}: rolled back to ${event.to}` };
    case "bake":
      return { icon: event.rolledBack ? "⏪" : "🔥", title: `${event.service}: ${event.color} does worse` };
    case "schedule": {
      const { capacity, stack, services, trouble } = event;
      if (trouble !== null) return { icon: "⛔", title: `${stack}: not scaled to ${capacity}` };
      if (services.some(({ problems }) => problems.length > 0))
        return { icon: "⚠️", title: `${stack}: ${capacity}, with problems` };
      return capacity === "peak"
        ? { icon: "☀️", title: `${stack}: peak` }
        : { icon: "🌙", title: `${stack}: off-peak` };
    }
    case "drift":
      return { icon: "🧭", title: `${event.stack}: changed by hand` };
  }
}

function section(text: string): Block {
  return { type: "section", text: { type: "mrkdwn", text: cut(text, limits.section) } };
}

/** A list with Slack's own dots; a command as code. */
function lineOf(line: string): string {
  const bullet = /^- (.*)$/s.exec(line)?.[1];
  if (bullet !== undefined) return `• ${escaped(bullet)}`;
  const command = /^(?<command>(pulumi|release) [^(]+) \((?<effect>.+)\)$/.exec(line)?.groups;
  return command === undefined
    ? escaped(line)
    : `\`${escaped(command["command"] ?? "")}\`: ${escaped(command["effect"] ?? "")}`;
}

/** Slack's three characters, and with them what would call everybody in a channel. */
function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}
