/** The sandbox's command line; the Makefile's targets call it. */
import * as path from "node:path";
import { Argument, Command, Option } from "commander";
import { ExecaError } from "execa";
import { colors } from "../components/colors";
import { ensureEngine, hasCluster, projectCopy, pulumi, recoverStack } from "./engine";
import { SandboxError } from "./failure";
import { preparePictures } from "./images/images";
import { at, kubeconfigPath, layouts } from "./layout";

// What brings a whole cluster up is loaded where it is needed: a flip should not wait for it.
const layout = layouts.local;
const url = `http://facefusion.localhost:${layout.ports.http}`;
const program = new Command("sandbox").description("a real cluster on this machine, with the program deployed on it");
/** A preview says what the policies have against it. */
const policies = ["--policy-pack", "policy"];
const stack = new Option("--stack <name>", "the stack").default("local");

program
  .command("up")
  .description("bring up the cluster, deploy the program, send a request")
  .action(async () => {
    const { bringUp } = await import("./sandbox.ts");
    await bringUp(layout);
    await pulumi(layout, ["stack", "select", "--create", "local"]);
    const killed = await recoverStack(layout);
    await update(killed ? { env: { PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true" } } : {});
    await tryOut();
  });

program
  .command("down")
  .description("end and remove everything that sandboxes started and wrote, except what they cached")
  .action(async () => {
    const { takeDown } = await import("./sandbox.ts");
    // The tests' own as well: they end it themselves unless they are interrupted.
    for (const each of Object.values(layouts)) await takeDown(each);
  });

program
  .command("update")
  .description("pulumi up")
  .addOption(stack)
  .action(async (options: { stack: string }) => {
    requireLocal(options.stack);
    await update();
  });

program
  .command("preview")
  .description("pulumi preview with the policy pack; stacks on AWS are planned from nothing, without credentials")
  .addOption(stack)
  .action(async ({ stack }: { stack: string }) => {
    if (stack === "local") {
      requireLocal(stack);
      await pulumi(layout, ["preview", "--stack", stack, "--diff", ...policies]);
      return;
    }
    await ensureEngine(layout, { download: false });
    const project = projectCopy(at(layout, "plans", stack), [`Pulumi.${stack}.yaml`]);
    await pulumi(layout, ["stack", "select", "--create", stack], { cwd: project });
    await pulumi(layout, ["preview", "--stack", stack, ...policies], { cwd: project });
  });

program
  .command("flip")
  .description("move all requests to a colour")
  .addArgument(new Argument("<color>").choices(colors))
  .addOption(stack)
  .action(async (color: string, options: { stack: string }) => {
    requireLocal(options.stack);
    const start = Date.now();
    await update({ args: ["--config", `liveColor=${color}`] });
    console.log(`All requests go to ${color}; that took ${((Date.now() - start) / 1000).toFixed(1)} s.`);
  });

program
  .command("destroy")
  .description("remove the program from the cluster")
  .addOption(stack)
  .action(async (options: { stack: string }) => {
    requireLocal(options.stack);
    await pulumi(layout, ["destroy", "--stack", "local", "--yes", "--skip-preview"]);
  });

void program.parseAsync().catch((error: unknown) => {
  if (error instanceof SandboxError) console.error(`\n${error.message}`);
  // The engine has said on this terminal what went wrong.
  else if (!(error instanceof ExecaError)) console.error(error);
  // What is done beside the step that failed would go on for minutes; the programs that it has started end with this one.
  process.exit(1);
});

async function update({ args = [], env = {} }: { args?: string[]; env?: Record<string, string> } = {}): Promise<void> {
  await pulumi(layout, ["up", "--stack", "local", "--yes", "--skip-preview", ...args], { env });
}

/** Sends two photographs through the service, and says what a person can do next. */
async function tryOut(): Promise<void> {
  const { swapFaces } = await import("./request.ts");
  const directory = at(layout, "pictures");
  const pictures = await preparePictures({ cacheDir: layout.cacheDir, directory, log: console.log });
  const result = path.join(directory, "result.png");
  const { color, version, faces } = await swapFaces(url, { ...pictures, result });
  console.log(`
${url} answers: ${faces} faces swapped by ${color}, version ${version}. The picture: ${result}

  curl -F source=@${pictures.source} -F target=@${pictures.target} ${url}/v1/swap -o result.png
  make flip COLOR=green              move all requests to green
  . .sandbox/env                     pulumi and kubectl for this sandbox (kubeconfig: ${kubeconfigPath(layout)})
  make sandbox-down                  remove everything`);
}

function requireLocal(name: string): void {
  if (name !== "local")
    throw new SandboxError(
      `The sandbox is stack local; ${name} is on AWS.`,
      `Run pulumi itself, with your credentials: pulumi up --stack ${name}`,
    );
  if (!hasCluster(layout)) throw new SandboxError("There is no sandbox here.", "Start one with: make sandbox");
}
