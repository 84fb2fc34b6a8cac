/** Which Debian or Ubuntu the base image is made of, and where this machine gets its own packages from. */
import { SandboxError } from "../failure";

export interface Release {
  suite: string;
  components: readonly string[];
}

/** A file of /etc/apt with its name, which decides its format. */
export interface SourceFile {
  name: string;
  text: string;
}

interface Source {
  uri: string;
  suite: string;
  components: readonly string[];
}

/**
 * The release to install.
 *
 * Any Debian can fetch Debian 12 from its mirror; an Ubuntu installs itself, since its mirror has nothing of Debian.
 *
 * @param osRelease The text of /etc/os-release.
 */
export function releaseFor(osRelease: string): Release {
  if (field(osRelease, "ID") === "debian") return { suite: "bookworm", components: ["main"] };
  // ffmpeg is in universe.
  if (field(osRelease, "ID") === "ubuntu") return { suite: codenameOf(osRelease), components: ["main", "universe"] };
  throw new SandboxError(
    `The base image is made from the mirror of Debian or Ubuntu, and this is ${field(osRelease, "PRETTY_NAME") ?? "neither"}.`,
    "Use Debian or Ubuntu.",
  );
}

/** The name of the release that this machine runs, such as `bookworm`. */
export function codenameOf(osRelease: string): string {
  return field(osRelease, "VERSION_CODENAME") ?? "stable";
}

/**
 * The mirror that this machine's apt is set up with.
 *
 * @param files The files of /etc/apt/sources.list.d and /etc/apt/sources.list.
 */
export function mirrorOf(files: readonly SourceFile[], codename: string): string {
  const sources = files.flatMap(({ name, text }) => (name.endsWith(".sources") ? deb822(text) : oneLine(text)));
  const releases = [codename, "stable", "oldstable", "testing"];
  const candidates = sources.filter(
    ({ uri, suite, components }) => /^https?:/.test(uri) && releases.includes(suite) && components.includes("main"),
  );
  // Other vendors' repositories take the names of releases too, but only the distribution itself has updates to them.
  const isOfficial = ({ uri, suite }: Source) =>
    sources.some((source) => source.uri === uri && source.suite === `${suite}-updates`);
  const mirror = candidates.find(isOfficial) ?? candidates[0];
  if (mirror) return mirror.uri;
  throw new SandboxError(
    `No mirror of ${codename} was found in /etc/apt/sources.list and /etc/apt/sources.list.d.`,
    "Set up apt with an http or https mirror of the distribution, so that `apt-get update` works.",
  );
}

/** Stanzas of fields, as sources.list(5) describes them. */
function deb822(text: string): Source[] {
  const withoutComments = text.replace(/^#.*\n?/gm, "");
  return withoutComments.split(/\n\s*\n/).flatMap((stanza) => {
    const words = (name: string) =>
      new RegExp(`^${name}:(.*(?:\\n[ \\t].*)*)`, "im").exec(stanza)?.[1]?.split(/\s+/).filter(Boolean) ?? [];
    if (!words("Types").includes("deb") || words("Enabled").includes("no")) return [];
    const components = words("Components");
    return words("URIs").flatMap((uri) => words("Suites").map((suite) => ({ uri, suite, components })));
  });
}

/** One source a line: `deb [options] uri suite components`. */
function oneLine(text: string): Source[] {
  return [...text.matchAll(/^[ \t]*deb[ \t]+(?:\[[^\]]*\][ \t]*)?(\S+)[ \t]+(\S+)(.*)$/gm)].map(
    ([, uri = "", suite = "", rest = ""]) => ({ uri, suite, components: rest.split(/\s+/) }),
  );
}

/** A field of os-release(5). */
function field(osRelease: string, name: string): string | undefined {
  return new RegExp(`^${name}="?([^"\\n]*)"?$`, "m").exec(osRelease)?.[1];
}
