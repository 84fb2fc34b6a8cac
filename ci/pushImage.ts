/**
 * Builds the service's image and pushes it, by Docker's buildx or by Buildah, whichever is there. On stdout is then one
 * line, `IMAGE=<repository>:<tag>@<digest>`: what was pushed, whatever becomes of the tag. Both forges read such lines, and
 * OUTPUT names a file that it is added to.
 */
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { commandsFor, digestIn, ecrRegionOf, tagFor, type Builder } from "./builders";

async function push(repository: string, output: string): Promise<void> {
  const revision = said(["git", "rev-parse", "HEAD"]);
  const image = `${repository}:${tagFor(new Date(), revision)}`;
  const builder = builderHere();
  await logIn(builder, repository);
  const directory = mkdtempSync(path.join(os.tmpdir(), "image-"));
  try {
    const answer = path.join(directory, "answer");
    const context = path.resolve(__dirname, "..", "image");
    for (const command of commandsFor(builder, { image, revision, context, answer })) run(command);
    const line = `IMAGE=${image}@${digestIn(builder, readFileSync(answer, "utf8"))}\n`;
    process.stdout.write(line);
    if (output !== "") appendFileSync(output, line);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function builderHere(): Builder {
  const works = (...command: readonly [string, ...string[]]) => attempt(command).status === 0;
  // Docker's command line is often there with nothing that answers it, such as in Pulumi's own image.
  if (works("docker", "buildx", "version") && works("docker", "info")) return "buildx";
  if (works("buildah", "version")) return "buildah";
  throw new Error("There is neither a Docker that answers, with buildx, nor Buildah here: install one of them.");
}

/** AWS's registry takes a token of twelve hours instead of a password; for any other one, log in beforehand. */
async function logIn(builder: Builder, repository: string): Promise<void> {
  const region = ecrRegionOf(repository);
  if (region === undefined) return;
  const { ECRClient, GetAuthorizationTokenCommand } = await import("@aws-sdk/client-ecr");
  const { authorizationData } = await new ECRClient({ region }).send(new GetAuthorizationTokenCommand({}));
  const token = authorizationData?.[0]?.authorizationToken;
  if (token === undefined) throw new Error(`ECR in ${region} gives no token for ${repository}.`);
  const [user = "", password = ""] = Buffer.from(token, "base64").toString().split(":");
  const [registry = ""] = repository.split("/");
  const program = builder === "buildx" ? "docker" : "buildah";
  run([program, "login", `--username=${user}`, "--password-stdin", registry], password);
}

function run(command: readonly [string, ...string[]], input?: string): void {
  const { status } = attempt(command, input);
  if (status !== 0) throw new Error(`This failed, for the reason above: ${command.slice(0, 3).join(" ")} …`);
}

/** What a command says on stdout. */
function said(command: readonly [string, ...string[]]): string {
  const { status, stdout } = spawnSync(command[0], command.slice(1), { encoding: "utf8" });
  if (status !== 0) throw new Error(`This failed: ${command.join(" ")}`);
  return stdout.trim();
}

/** Everything that it says goes to stderr: stdout is for the result. */
function attempt([program, ...args]: readonly [string, ...string[]], input?: string) {
  return spawnSync(program, args, { stdio: [input === undefined ? "ignore" : "pipe", 2, 2], input });
}

const repository = process.env["IMAGE_REPOSITORY"] ?? "";
if (repository === "") throw new Error("Say where to: IMAGE_REPOSITORY=registry.example.com/facefusion");
push(repository, process.env["OUTPUT"] ?? "").catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
