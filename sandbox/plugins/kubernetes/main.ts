/**
 * `pulumi-resource-kubernetes`, a stand-in for the provider of @pulumi/kubernetes, for machines where the official plugin
 * can be neither found nor downloaded. It talks to the real API server, by server-side apply.
 */
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { EngineLog, engineAddress, serve } from "../shared/serve";
import { KubernetesProvider } from "./provider";

const provider = new KubernetesProvider(new EngineLog(engineAddress()));

void serve((server) => {
  server.addService(ResourceProviderService, provider.methods());
});
