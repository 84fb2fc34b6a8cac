/** The pipelines' files as they are written: their jobs, what these run, and when. */
import { readFileSync, readdirSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const step = z.object({
  if: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
  env: z.record(z.string(), z.string()).optional(),
});

const job = z.object({
  "timeout-minutes": z.number().optional(),
  permissions: z.record(z.string(), z.string()).optional(),
  environment: z.string().optional(),
  needs: z.string().optional(),
  if: z.string().optional(),
  steps: z.array(step),
});

const workflowSchema = z.object({
  on: z.record(z.string(), z.unknown()),
  permissions: z.record(z.string(), z.string()),
  concurrency: z.object({ group: z.string(), "cancel-in-progress": z.boolean() }).optional(),
  env: z.record(z.string(), z.string()).optional(),
  jobs: z.record(z.string(), job),
});

export type Workflow = z.infer<typeof workflowSchema>;
export type Step = z.infer<typeof step>;

const directory = ".github/workflows";

/** GitHub's workflows, by name of the file. */
export const workflows: Readonly<Record<string, Workflow>> = Object.fromEntries(
  readdirSync(directory).map((file) => [
    path.basename(file, ".yml"),
    workflowSchema.parse(parse(readFileSync(path.join(directory, file), "utf8"))),
  ]),
);

/** The text of every file of GitHub's, with its name: for what a parser does not keep, such as comments. */
export const githubFiles: readonly { name: string; text: string }[] = [
  ...readdirSync(directory).map((file) => path.join(directory, file)),
  ".github/actions/setup/action.yml",
].map((name) => ({ name, text: readFileSync(name, "utf8") }));

const gitlabJob = z.object({
  stage: z.string(),
  extends: z.string(),
  resource_group: z.string(),
  timeout: z.string().optional(),
  rules: z.array(z.object({ if: z.string(), when: z.string().optional() })),
  script: z.array(z.string()),
  environment: z.object({ name: z.string() }).optional(),
});

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

const gitlabTag = { tag: "!reference", collection: "seq" as const, resolve: () => "" };
export const gitlabText = readFileSync(".gitlab-ci.yml", "utf8");
export const gitlab = z.record(z.string(), z.unknown()).parse(parse(gitlabText, { customTags: [gitlabTag] }));

/** GitLab's jobs, with the timeout that they have by themselves or from what they extend. */
export const gitlabJobs = Object.entries(gitlab)
  .filter(([name, value]) => !name.startsWith(".") && isObject(value) && "script" in value)
  .map(([name, value]) => {
    const parsed = gitlabJob.parse(value);
    const template = gitlab[parsed.extends];
    const inherited = isObject(template) ? template["timeout"] : undefined;
    return { name, ...parsed, timeout: parsed.timeout ?? inherited };
  });

/** Every line that a job of either forge runs, with where it stands. */
export const commandLines: readonly { where: string; line: string }[] = [
  ...Object.entries(workflows).flatMap(([name, { jobs }]) =>
    Object.entries(jobs).flatMap(([id, { steps }]) =>
      steps.flatMap(({ run }) => (run ?? "").split("\n").map((line) => ({ where: `${name}.${id}`, line }))),
    ),
  ),
  ...gitlabJobs.flatMap(({ name, script }) => script.map((line) => ({ where: `gitlab.${name}`, line }))),
].filter(({ line }) => line.trim() !== "");
