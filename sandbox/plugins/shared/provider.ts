/**
 * A resource provider in terms of plain values, and its translation to the engine's protocol. Enough for stand-ins
 * whose resources live in the state alone: check, diff by top-level property, create, update, delete, invoke.
 */
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { EngineLog, engineAddress, serve, unary } from "./serve";
import { fromStruct, toStruct, type Value, type Values } from "./values";

/** Which resource a call is about. */
export interface Subject {
  /** The type token, as in `random:index/randomId:RandomId`. */
  type: string;
  /** The name in the program. */
  name: string;
  urn: string;
}

/** An input that is not accepted. */
export interface Failure {
  property: string;
  reason: string;
}

export interface Provider {
  /** The package, as in `random`. */
  name: string;
  /** The version of the SDK that this stands in for. */
  version: string;
  /** Shown once when the provider is first used. */
  announcement: string;
  /** Takes the provider's own configuration; throws to refuse it. */
  configure?(configuration: Values): void;
  /** Fills in and checks the inputs. */
  check?(subject: Subject, news: Values, olds: Values): { inputs: Values; failures: Failure[] };
  /** Of the changed inputs, those that need a new resource. */
  replaces(subject: Subject, changed: readonly string[]): string[];
  /** Outputs of a preview may hold unknown values, and its id may be empty. */
  create(subject: Subject, inputs: Values, preview: boolean): { id: string; outputs: Values };
  update?(subject: Subject, id: string, inputs: Values, olds: Values, preview: boolean): Values;
  /** Called before a resource is read or deleted; throws to refuse. */
  guard?(subject: Subject, operation: "read" | "delete"): void;
  invoke?(token: string, args: Values): Values;
}

/** Serves the provider to the engine. */
export async function serveProvider(provider: Provider): Promise<void> {
  const log = new EngineLog(engineAddress());
  await serve((server) => {
    server.addService(ResourceProviderService, methods(provider, log));
  });
}

function methods(provider: Provider, log: EngineLog) {
  return {
    getPluginInfo: unary(() => new PluginInfo().setVersion(provider.version)),
    configure: unary(async (request: rpc.ConfigureRequest) => {
      provider.configure?.(configurationOf(provider, request));
      await log.write("info", provider.announcement);
      return new rpc.ConfigureResponse().setSupportspreview(true);
    }),
    check: unary((request: rpc.CheckRequest) => {
      const news = fromStruct(request.getNews());
      const { inputs, failures } = provider.check?.(subjectOf(request), news, fromStruct(request.getOlds())) ?? {
        inputs: news,
        failures: [],
      };
      return new rpc.CheckResponse()
        .setInputs(toStruct(inputs))
        .setFailuresList(
          failures.map(({ property, reason }) => new rpc.CheckFailure().setProperty(property).setReason(reason)),
        );
    }),
    diff: unary((request: rpc.DiffRequest) => {
      const changed = changedKeys(fromStruct(request.getOldInputs()), fromStruct(request.getNews()));
      return new rpc.DiffResponse()
        .setChanges(
          changed.length > 0 ? rpc.DiffResponse.DiffChanges.DIFF_SOME : rpc.DiffResponse.DiffChanges.DIFF_NONE,
        )
        .setDiffsList(changed)
        .setReplacesList(provider.replaces(subjectOf(request), changed));
    }),
    create: unary((request: rpc.CreateRequest) => {
      const inputs = fromStruct(request.getProperties());
      const { id, outputs } = provider.create(subjectOf(request), inputs, request.getPreview());
      return new rpc.CreateResponse().setId(id).setProperties(toStruct(outputs));
    }),
    update: unary((request: rpc.UpdateRequest) => {
      if (provider.update === undefined) throw new Error(`${request.getType()} cannot change in place`);
      const olds = fromStruct(request.getOlds());
      const news = fromStruct(request.getNews());
      const outputs = provider.update(subjectOf(request), request.getId(), news, olds, request.getPreview());
      return new rpc.UpdateResponse().setProperties(toStruct(outputs));
    }),
    read: unary((request: rpc.ReadRequest) => {
      provider.guard?.(subjectOf(request), "read");
      return new rpc.ReadResponse()
        .setId(request.getId())
        .setProperties(request.getProperties())
        .setInputs(request.getInputs());
    }),
    delete: unary((request: rpc.DeleteRequest) => {
      provider.guard?.(subjectOf(request), "delete");
      return new Empty();
    }),
    invoke: unary((request: rpc.InvokeRequest) => {
      if (provider.invoke === undefined) throw new Error(`${provider.name}: no function ${request.getTok()}`);
      return new rpc.InvokeResponse().setReturn(
        toStruct(provider.invoke(request.getTok(), fromStruct(request.getArgs()))),
      );
    }),
  };
}

/** Names of the properties that differ, at the top level. */
export function changedKeys(olds: Values, news: Values): string[] {
  const keys = new Set([...Object.keys(olds), ...Object.keys(news)]);
  return [...keys].filter((key) => canonical(olds[key]) !== canonical(news[key])).sort();
}

/** JSON with sorted keys, so that equal values are equal text. */
export function canonical(value: Value | undefined): string {
  const sorted = (_key: string, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part;
  return value === undefined ? "" : JSON.stringify(value, sorted);
}

/** The engine sends the configuration as a struct and, to old providers, as strings under `<package>:config:<key>`. */
function configurationOf(provider: Provider, request: rpc.ConfigureRequest): Values {
  const configuration: Values = {};
  request.getVariablesMap().forEach((value, key) => {
    configuration[key.replace(`${provider.name}:config:`, "")] = value;
  });
  return { ...configuration, ...fromStruct(request.getArgs()) };
}

function subjectOf(request: { getUrn(): string; getType(): string; getName(): string }): Subject {
  return { urn: request.getUrn(), type: request.getType(), name: request.getName() };
}
