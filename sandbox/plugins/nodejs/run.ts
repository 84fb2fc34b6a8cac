/**
 * Runs a program as the official host does: the SDK's runner in a process of its own, told everything by arguments and
 * environment.
 */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import * as path from "node:path";
import type { RunRequest } from "@pulumi/pulumi/proto/language_pb";
import { fromStruct } from "../shared/values";

/** How the program ended; `bail` when it has already said why, so that the engine adds nothing. */
export interface Outcome {
  error: string;
  bail: boolean;
}

/** The runner's exit code for "the error has been shown to the user" (cmd/run/index.js of the SDK). */
const alreadyExplained = 32;

/** Runs the program to its end. */
export async function runProgram(request: RunRequest, engine: string | undefined): Promise<Outcome> {
  const child = spawn(
    process.execPath,
    [...nodeArguments(request), runner(request.getPwd()), ...runArguments(request, engine)],
    {
      cwd: request.getPwd(),
      env: { ...process.env, ...runEnvironment(request) },
      // The engine reads this process's own streams and shows them: whatever the program prints is passed on as it is.
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  const end = () => child.kill("SIGTERM");
  process.once("exit", end);
  try {
    return await new Promise<Outcome>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => {
        resolve(outcomeOf(code, signal));
      });
    });
  } finally {
    process.off("exit", end);
  }
}

/** What the engine is to be told about a runner that ended. */
export function outcomeOf(code: number | null, signal: NodeJS.Signals | null): Outcome {
  if (code === 0) return { error: "", bail: false };
  if (code === alreadyExplained) return { error: "", bail: true };
  if (signal !== null) return { error: `Program was ended by ${signal}`, bail: false };
  return { error: `Program exited with non-zero exit code: ${code ?? "unknown"}`, bail: false };
}

/** The runner's command line. */
export function runArguments(request: RunRequest, engine: string | undefined): string[] {
  const flags: [string, string | undefined][] = [
    ["monitor", request.getMonitorAddress()],
    ["engine", engine],
    ["organization", request.getOrganization()],
    ["root-directory", request.getInfo()?.getRootDirectory()],
    ["project", request.getProject()],
    ["stack", request.getStack()],
    ["pwd", request.getPwd()],
    ["parallel", String(request.getParallel())],
  ];
  const given = flags.flatMap(([name, value]) => (value === undefined || value === "" ? [] : [`--${name}`, value]));
  if (request.getDryrun()) given.push("--dry-run");
  if (request.getQuerymode()) given.push("--query-mode");
  const program = request.getInfo()?.getEntryPoint() ?? request.getProgram();
  return [...given, program === "" ? "." : program, ...request.getArgsList()];
}

/** What the runner and the SDK read from the environment. */
export function runEnvironment(request: RunRequest): Record<string, string> {
  const config: Record<string, string> = {};
  request.getConfigMap().forEach((value, key) => {
    config[key] = value;
  });
  const { typescript, tsconfig } = options(request);
  return {
    PULUMI_CONFIG: JSON.stringify(config),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    PULUMI_NODEJS_TYPESCRIPT: String(typescript !== false),
    ...(typeof tsconfig === "string" ? { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig } : {}),
    // Types are checked by `make check`; checking them again would add seconds to every update.
    PULUMI_NODEJS_TRANSPILE_ONLY: process.env["PULUMI_NODEJS_TRANSPILE_ONLY"] ?? "true",
  };
}

function nodeArguments(request: RunRequest): string[] {
  const { nodeargs } = options(request);
  return typeof nodeargs === "string" ? nodeargs.split(/\s+/).filter((argument) => argument !== "") : [];
}

/** `runtime.options` of Pulumi.yaml. */
function options(request: RunRequest) {
  return fromStruct(request.getInfo()?.getOptions());
}

/** The runner of the program's own SDK, so that both are of one version. */
function runner(directory: string): string {
  try {
    return createRequire(path.join(directory, "index.js")).resolve("@pulumi/pulumi/cmd/run");
  } catch (cause) {
    throw new Error(`@pulumi/pulumi is not installed for the program in ${directory}: run "npm ci" there`, { cause });
  }
}
