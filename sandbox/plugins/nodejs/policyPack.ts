/**
 * Runs a policy pack as the official host does: the SDK's runner in the pack's own folder. The runner reads the stack's
 * name and configuration from its environment, and the engine tells them by a call, so this process answers that call
 * and passes every other on to the pack.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import * as path from "node:path";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { listen, maxMessageSize, unary } from "../shared/serve";

type Call = grpc.ServerWritableStream<language.RunPluginRequest, language.RunPluginResponse>;

/** Starts a pack and serves it until the engine has no more use for it. Plugins of other kinds are refused. */
export const runPlugin: grpc.handleServerStreamingCall<language.RunPluginRequest, language.RunPluginResponse> = (
  call,
) => {
  const kind = call.request.getKind();
  if (kind === "analyzer") void servePack(call).catch((error: unknown) => call.destroy(asError(error)));
  else call.destroy(new Error(`Sandbox: the stand-in for the language host runs no ${kind} plugins`));
};

async function servePack(call: Call): Promise<void> {
  let configure: (stack: analyzer.AnalyzerStackConfigureRequest) => void = () => undefined;
  const configured = new Promise<analyzer.AnalyzerStackConfigureRequest>((resolve) => (configure = resolve));
  const pack = configured.then((stack) => startPack(call, stack));
  const server = new grpc.Server({ "grpc.max_receive_message_length": maxMessageSize });
  call.once("cancelled", () => {
    server.forceShutdown();
  });

  const passOn = <Request, Response>(method: grpc.MethodDefinition<Request, Response>) =>
    unary(async (request: Request) => {
      // Some commands of the engine, such as `policy publish`, have no stack.
      configure(new analyzer.AnalyzerStackConfigureRequest());
      return ask(await pack, method, request);
    });
  server.addService(AnalyzerService, {
    handshake: unary(() => new analyzer.AnalyzerHandshakeResponse()),
    configureStack: unary((request: analyzer.AnalyzerStackConfigureRequest) => {
      configure(request);
      return new analyzer.AnalyzerStackConfigureResponse();
    }),
    analyze: passOn(AnalyzerService.analyze),
    analyzeStack: passOn(AnalyzerService.analyzeStack),
    remediate: passOn(AnalyzerService.remediate),
    getAnalyzerInfo: passOn(AnalyzerService.getAnalyzerInfo),
    getPluginInfo: passOn(AnalyzerService.getPluginInfo),
    configure: passOn(AnalyzerService.configure),
    cancel: passOn(AnalyzerService.cancel),
  });
  const port = await listen(server);
  // What the engine waits for, as from any plugin.
  call.write(new language.RunPluginResponse().setStdout(Buffer.from(`${port}\n`)));
  await pack;
}

/** Starts the runner and waits until it serves. */
async function startPack(call: Call, configuration: analyzer.AnalyzerStackConfigureRequest): Promise<grpc.Client> {
  const directory = call.request.getInfo()?.getProgramDirectory() ?? call.request.getPwd();
  const child = spawn(process.execPath, [runner(directory), ...call.request.getArgsList(), directory], {
    cwd: directory,
    env: { ...environmentOf(call.request), ...stackEnvironment(configuration) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const end = () => child.kill("SIGTERM");
  process.once("exit", end);
  call.once("cancelled", end);
  child.stderr.on("data", (chunk: Buffer) => call.write(new language.RunPluginResponse().setStderr(chunk)));

  const lines = createInterface(child.stdout);
  const port = await Promise.race([
    once(lines, "line").then(([line]) => Number(line)),
    ended(child).then((code) => {
      throw new Error(`the policy pack in ${directory} ended with code ${code} before it was ready`);
    }),
  ]);
  lines.on("line", (line) => call.write(new language.RunPluginResponse().setStdout(Buffer.from(`${line}\n`))));
  void ended(child).then((code) => {
    process.off("exit", end);
    call.end(new language.RunPluginResponse().setExitcode(code));
  });
  return new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
    "grpc.max_receive_message_length": maxMessageSize,
  });
}

function ask<Request, Response>(
  client: grpc.Client,
  method: grpc.MethodDefinition<Request, Response>,
  request: Request,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      (error, response) => {
        if (response === undefined) reject(error ?? new Error(`${method.path} gave no answer`));
        else resolve(response);
      },
    );
  });
}

async function ended(child: ChildProcess): Promise<number> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return child.exitCode ?? 1;
}

/** What the SDK reads from the environment of a pack. */
export function stackEnvironment(stack: analyzer.AnalyzerStackConfigureRequest): Record<string, string> {
  const configuration: Record<string, string> = {};
  stack.getConfigMap().forEach((value, key) => {
    configuration[key] = value;
  });
  return {
    PULUMI_NODEJS_ORGANIZATION: stack.getOrganization(),
    PULUMI_NODEJS_PROJECT: stack.getProject(),
    PULUMI_NODEJS_STACK: stack.getStack(),
    PULUMI_NODEJS_DRY_RUN: String(stack.getDryRun()),
    PULUMI_CONFIG: JSON.stringify(configuration),
  };
}

/** The engine's own environment, and what it adds for the pack: lines of `NAME=value`. */
function environmentOf(request: language.RunPluginRequest): Record<string, string> {
  return Object.fromEntries(
    request.getEnvList().map((line) => {
      const name = line.slice(0, line.indexOf("="));
      return [name, line.slice(name.length + 1)];
    }),
  );
}

/** The runner of the pack's own SDK. */
function runner(directory: string): string {
  try {
    return createRequire(path.join(directory, "index.js")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  } catch (cause) {
    throw new Error(`@pulumi/pulumi is not installed for the policy pack in ${directory}: run "npm ci"`, { cause });
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
