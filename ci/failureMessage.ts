/** What a failed job of a pipeline is told as. A pure function of the job's environment. */

export function failureMessage(environment: Readonly<NodeJS.ProcessEnv>): string {
  const value = (...names: string[]) =>
    names.map((name) => environment[name]).find((text) => text !== undefined && text !== "");
  const job = value("GITHUB_WORKFLOW", "CI_JOB_NAME") ?? "A pipeline";
  const stack = value("PULUMI_STACK", "STACK");
  const by = value("GITHUB_ACTOR", "GITLAB_USER_LOGIN");
  const log = value("CI_JOB_URL") ?? githubRun(environment);
  return [
    `FAILED: ${job}${stack === undefined ? "" : ` (${stack})`}. What it had not done by then, it leaves as it was.`,
    ...(environment["AWS_OUTCOME"] === "failure" ? ["AWS did not accept the identity of the run."] : []),
    ...(log === undefined ? [] : [`log: ${log}`]),
    "See what is live: npx release status. What is wrong: npx release doctor.",
    ...(by === undefined ? [] : [`by ${by}`]),
  ].join("\n");
}

function githubRun({
  GITHUB_SERVER_URL: server,
  GITHUB_REPOSITORY: repository,
  GITHUB_RUN_ID: run,
}: Readonly<NodeJS.ProcessEnv>): string | undefined {
  return server && repository && run ? `${server}/${repository}/actions/runs/${run}` : undefined;
}
