/** A pull request against a project: a repository of its own, whose base is what the project has now. */
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";

const fileSchema = z.looseObject({ config: z.record(z.string(), z.unknown()) });

/** The stack's keys, without their prefix. */
export type Config = Record<string, unknown>;

export class PullRequest {
  private readonly base: string;

  /** @param directory A copy of the project; all that the base has is committed now, but for the engine's state. */
  constructor(
    private readonly directory: string,
    private readonly stack: string,
  ) {
    // The copy's are links to the project's own, and of a link git keeps only where it leads.
    for (const file of ["Pulumi.yaml", "index.ts"]) this.write(file, this.read(file));
    this.write(".gitignore", "/state/\n/node_modules\n");
    this.git("init", "--quiet", "--initial-branch=main");
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message=base");
    this.base = this.git("rev-parse", "HEAD").trim();
  }

  /** Makes the checkout the base with one change of the stack's configuration. */
  change(edit: (config: Config) => Config): void {
    this.reset();
    const file = `Pulumi.${this.stack}.yaml`;
    const { config, ...rest } = fileSchema.parse(parse(this.read(file)));
    const own = Object.entries(config).map(([key, value]) => [key.replace(/^facefusion:/, ""), value] as const);
    const edited = Object.entries(edit(Object.fromEntries(own)));
    const keys = edited.map(([key, value]) => [key.includes(":") ? key : `facefusion:${key}`, value] as const);
    this.write(file, stringify({ ...rest, config: Object.fromEntries(keys) }));
  }

  /** Makes the checkout the base with lines at the end of the program. */
  addToProgram(lines: string): void {
    this.reset();
    this.write("index.ts", `${this.read("index.ts")}\n${lines}\n`);
  }

  reset(): void {
    this.git("reset", "--quiet", "--hard", this.base);
  }

  private read(file: string): string {
    return readFileSync(path.join(this.directory, file), "utf8");
  }

  /** In place of what is there; a link's target stays as it is. */
  private write(file: string, text: string): void {
    rmSync(path.join(this.directory, file), { force: true });
    writeFileSync(path.join(this.directory, file), text);
  }

  private git(...args: string[]): string {
    const who = ["-c", "user.name=tests", "-c", "user.email=tests@example.com"];
    return execFileSync("git", [...who, ...args], { cwd: this.directory, encoding: "utf8" });
  }
}

/** The configuration of the service that the tests' stacks have. */
export function withService(
  config: Config,
  change: (service: Record<string, unknown>) => Record<string, unknown>,
): Config {
  const services = z.record(z.string(), z.record(z.string(), z.unknown())).parse(config["services"]);
  return { ...config, services: { ...services, facefusion: change(services["facefusion"] ?? {}) } };
}

/** A service's colour with another image. */
export function withImage(config: Config, color: "blue" | "green", image: string): Config {
  return withService(config, (service) => ({
    ...service,
    [color]: { ...z.looseObject({}).parse(service[color]), image },
  }));
}
