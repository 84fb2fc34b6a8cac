/** The npm side of the language host: what `pulumi install` and `pulumi about` ask for. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import type * as grpc from "@grpc/grpc-js";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { isObject } from "../shared/values";

/** The packages that package.json names, with their installed versions. */
export function dependencies(request: language.GetProgramDependenciesRequest): language.GetProgramDependenciesResponse {
  const directory = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
  const response = new language.GetProgramDependenciesResponse();
  response.setDependenciesList(
    named(directory).map((name) => {
      const { version } = readJson(path.join(directory, "node_modules", name, "package.json"));
      const dependency = new language.DependencyInfo();
      dependency.setName(name);
      dependency.setVersion(typeof version === "string" ? version : "");
      return dependency;
    }),
  );
  return response;
}

/** Installs the program's packages, as locked where there is a lock file. */
export const install: grpc.handleServerStreamingCall<
  language.InstallDependenciesRequest,
  language.InstallDependenciesResponse
> = (call) => {
  const directory = call.request.getInfo()?.getProgramDirectory() ?? call.request.getDirectory();
  const command = existsSync(path.join(directory, "package-lock.json")) ? "ci" : "install";
  const npm = spawn("npm", [command], { cwd: directory, stdio: ["ignore", "pipe", "pipe"] });
  const send = (set: "setStdout" | "setStderr") => (chunk: Buffer) => {
    call.write(new language.InstallDependenciesResponse()[set](new Uint8Array(chunk)));
  };
  npm.stdout.on("data", send("setStdout"));
  npm.stderr.on("data", send("setStderr"));
  npm.once("error", (error) => call.destroy(error));
  npm.once("close", (code) => {
    if (code === 0) call.end();
    else call.destroy(new Error(`npm ${command} failed in ${directory}`));
  });
};

function named(directory: string): string[] {
  const { dependencies = {}, devDependencies = {} } = readJson(path.join(directory, "package.json"));
  return [dependencies, devDependencies].flatMap((group) => (isObject(group) ? Object.keys(group) : []));
}

function readJson(file: string): Record<string, unknown> {
  const parsed: unknown = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  return isObject(parsed) ? parsed : {};
}
