/** What `record` decides and writes. Pure functions. */
import { z } from "zod";

const statusSchema = z.object({
  services: z.array(z.object({ service: z.string(), live: z.string().nullable(), configured: z.string() })),
});

/** The services whose users are not where the configuration says, by the JSON of `release status`. */
export function disagreeing(status: string): readonly string[] {
  const { services } = statusSchema.parse(JSON.parse(status));
  return services.filter(({ live, configured }) => live !== configured).map(({ service }) => service);
}

/** `[skip ci]`: GitHub and GitLab would start the pipelines of a merge for it. */
export function recordMessage(stack: string, environment: Readonly<NodeJS.ProcessEnv>): string {
  const what = environment["GITHUB_WORKFLOW"] ?? environment["CI_JOB_NAME"] ?? "an update";
  const by = environment["GITHUB_ACTOR"] ?? environment["GITLAB_USER_LOGIN"];
  return `Record what ${what} has changed in ${stack} [skip ci]${by === undefined ? "" : `\n\nBy ${by}`}`;
}

/**
 * Who commits, and with what right it is pushed. PUSH_TOKEN is handed to git by its environment: an argument could be read
 * by every process of the machine, and a token in the repository's configuration by every later step.
 */
export function gitEnvironment(environment: Readonly<NodeJS.ProcessEnv>): Record<string, string> {
  const name = "release pipeline";
  const email = "release-pipeline@users.noreply.invalid";
  const who = { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email };
  const token = environment["PUSH_TOKEN"] ?? "";
  if (token === "") return who;
  const credentials = Buffer.from(`x-access-token:${token}`).toString("base64");
  const header = { GIT_CONFIG_KEY_0: "http.extraHeader", GIT_CONFIG_VALUE_0: `Authorization: Basic ${credentials}` };
  return { ...who, GIT_CONFIG_COUNT: "1", ...header };
}
