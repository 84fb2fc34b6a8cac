/** Picks what NGINX is given when not all that is wanted is valid: one bad host must not hold up the others. */
import type { Files } from "./render";

export interface Choice {
  files: Files;
  /** The files that NGINX refused, with its words; what was there before stays in their place. */
  refused: ReadonlyMap<string, string>;
}

/** Tells why NGINX refuses a configuration; undefined where it takes it. */
export type Test = (files: Files) => Promise<string | undefined>;

/**
 * The wanted files if they are valid together. Otherwise those that are valid, one after the other, on top of what was
 * served last; a file that is refused and was not there before is left out.
 */
export async function chooseFiles(wanted: Files, last: Files, test: Test): Promise<Choice> {
  const verdict = await test(wanted);
  if (verdict === undefined) return { files: wanted, refused: new Map() };
  const refused = new Map<string, string>();
  const files = new Map([...wanted].filter(([path, text]) => last.get(path) === text));
  for (const [path, text] of last) if (wanted.has(path)) files.set(path, text);
  if (!files.has("nginx.conf")) throw new Error(`NGINX refuses the configuration of all hosts: ${verdict}`);
  for (const [path, text] of wanted) {
    if (files.get(path) === text) continue;
    const fault = await test(new Map(files).set(path, text));
    if (fault === undefined) files.set(path, text);
    else refused.set(path, fault);
  }
  return { files, refused };
}
