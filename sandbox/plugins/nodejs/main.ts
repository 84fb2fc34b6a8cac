/**
 * `pulumi-language-nodejs`, a stand-in: the language host that lets the real engine run a Node.js program by the SDK's
 * own runner. The official one ships with Pulumi's release archives, which a machine with only package registries
 * cannot fetch. It is not used where the official one is on the PATH.
 */
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { engineAddress, serve, unary } from "../shared/serve";
import { dependencies, install } from "./packages";
import { runPlugin } from "./policyPack";
import { runProgram } from "./run";

const announcement = "Sandbox: the official Node.js language host is not installed here; a stand-in runs the program.";

void serve((server) => {
  server.addService(LanguageRuntimeService, {
    handshake: unary(() => new language.LanguageHandshakeResponse()),
    getPluginInfo: unary(() => new PluginInfo()),
    // Nothing is named as required, so that the engine does not try to download: it asks for each plugin when needed.
    getRequiredPackages: unary(() => new language.GetRequiredPackagesResponse()),
    getRequiredPlugins: unary(() => new language.GetRequiredPluginsResponse()),
    runtimeOptionsPrompts: unary(() => new language.RuntimeOptionsResponse()),
    about: unary(() => {
      const response = new language.AboutResponse();
      response.setExecutable(process.execPath);
      response.setVersion(process.version);
      return response;
    }),
    getProgramDependencies: unary(dependencies),
    installDependencies: install,
    runPlugin,
    run: unary(async (request: language.RunRequest) => {
      process.stdout.write(`${announcement}\n`);
      const outcome = await runProgram(request, engineAddress());
      const response = new language.RunResponse();
      response.setError(outcome.error);
      response.setBail(outcome.bail);
      return response;
    }),
  });
});
