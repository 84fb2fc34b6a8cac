/** What a /metrics endpoint says, in Prometheus' text format. */

export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const line = /^(?<name>[A-Za-z_:][\w:]*)(?:\{(?<labels>.*)\})?\s+(?<value>\S+)(?:\s+-?\d+)?$/;
const label = /(?<name>[A-Za-z_]\w*)="(?<value>(?:[^"\\]|\\.)*)"/g;
const escaped: Readonly<Record<string, string>> = { "\\\\": "\\", '\\"': '"', "\\n": "\n" };

/** The series in a text; comments and lines that are none are left out. */
export function parseExposition(text: string): Series[] {
  return text.split("\n").flatMap((each) => {
    const parts = line.exec(each.trim())?.groups;
    if (parts === undefined) return [];
    const labels = [...(parts["labels"] ?? "").matchAll(label)].map(({ groups }) => {
      const value = (groups?.["value"] ?? "").replace(/\\[\\"n]/g, (code) => escaped[code] ?? code);
      return [groups?.["name"] ?? "", value] as const;
    });
    const value = numberOf(parts["value"] ?? "");
    return [{ name: parts["name"] ?? "", labels: Object.fromEntries(labels), value }];
  });
}

function numberOf(text: string): number {
  const infinite = /^(?<minus>-?)\+?Inf$/.exec(text)?.groups;
  return infinite === undefined ? Number(text) : infinite["minus"] === "" ? Infinity : -Infinity;
}
