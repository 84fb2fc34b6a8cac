/** The engine's protocol for resource providers, in front of what the provider does with Kubernetes objects. */
import type * as grpc from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { unary, type EngineLog } from "../shared/serve";
import { fromStruct, toStruct } from "../shared/values";
import { ClusterAccess } from "./access";
import type { Cluster } from "./cluster";
import { compareSettings } from "./configuration";
import type { Comparison, Difference } from "./diff";
import * as operations from "./operations";
import { pathText } from "./paths";
import { settingsOf, type Settings } from "./settings";
import { helmRelease, refusalOf } from "./tokens";

/** The version of the SDK that this stands in for. */
const version = "4.34.2";

const announcement =
  "Sandbox: the official Kubernetes provider could not be had here; a stand-in applies, watches and deletes the objects.";

const helmRefusal =
  "charts need the official Kubernetes provider, which runs Helm; the sandbox's stand-in can preview them only";

export class KubernetesProvider {
  private readonly cancellation = new AbortController();
  private settings: Settings = settingsOf({});
  private access = this.accessTo(this.settings);

  constructor(private readonly log: EngineLog) {}

  /** The methods of the gRPC service. */
  methods(): grpc.UntypedServiceImplementation {
    return {
      getPluginInfo: unary(() => new PluginInfo().setVersion(version)),
      checkConfig: unary((request: rpc.CheckRequest) => new rpc.CheckResponse().setInputs(request.getNews())),
      diffConfig: unary(async (request: rpc.DiffRequest) =>
        diffResponse(await compareSettings(fromStruct(request.getOlds()), fromStruct(request.getNews()))),
      ),
      configure: unary((request: rpc.ConfigureRequest) => this.configure(request)),
      check: unary((request: rpc.CheckRequest) => this.check(request)),
      diff: unary((request: rpc.DiffRequest) => this.diff(request)),
      create: unary((request: rpc.CreateRequest) => this.create(request)),
      update: unary((request: rpc.UpdateRequest) => this.update(request)),
      read: unary((request: rpc.ReadRequest) => this.read(request)),
      delete: unary((request: rpc.DeleteRequest) => this.delete(request)),
      invoke: unary((request: rpc.InvokeRequest) => {
        throw new Error(
          `${request.getTok()} needs the official Kubernetes provider: the sandbox's stand-in has no functions`,
        );
      }),
      construct: unary((request: rpc.ConstructRequest) => {
        throw new Error(
          `${request.getType()} needs the official Kubernetes provider: the sandbox's stand-in has no components`,
        );
      }),
      cancel: unary(() => {
        this.cancellation.abort();
        return new Empty();
      }),
    };
  }

  private accessTo(settings: Settings): ClusterAccess {
    return new ClusterAccess(settings, this.cancellation.signal, (message) => this.log.write("warning", message));
  }

  private async configure(request: rpc.ConfigureRequest): Promise<rpc.ConfigureResponse> {
    this.settings = settingsOf(fromStruct(request.getArgs()));
    this.access = this.accessTo(this.settings);
    // Not waited for: it is there by the time that the program has registered its first object.
    void this.access.open();
    await this.log.write("info", announcement);
    return new rpc.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
  }

  private async check(request: rpc.CheckRequest): Promise<rpc.CheckResponse> {
    const subject = subjectOf(request);
    const news = fromStruct(request.getNews());
    const refusal = refusalOf(subject.token, news);
    if (refusal !== undefined) throw new Error(refusal);
    if (subject.token === helmRelease) return new rpc.CheckResponse().setInputs(request.getNews());
    const cluster = async () => {
      const access = await this.access.open();
      return "cluster" in access ? access.cluster : undefined;
    };
    const inputs = await operations.check(cluster, subject, {
      news,
      olds: fromStruct(request.getOlds()),
      seed: request.getRandomseed_asU8(),
      namespace: this.settings.namespace,
    });
    return new rpc.CheckResponse().setInputs(toStruct(inputs));
  }

  private async diff(request: rpc.DiffRequest): Promise<rpc.DiffResponse> {
    const comparison = await operations.diff(() => this.access.ifReachable(), {
      olds: fromStruct(request.getOldInputs()),
      news: fromStruct(request.getNews()),
      id: request.getId(),
      mutability: this.settings.mutability,
    });
    return diffResponse(comparison);
  }

  private async create(request: rpc.CreateRequest): Promise<rpc.CreateResponse> {
    const inputs = fromStruct(request.getProperties());
    if (request.getType() === helmRelease && !request.getPreview()) throw new Error(helmRefusal);
    if (request.getPreview()) {
      const cluster = await this.previewCluster(request);
      return new rpc.CreateResponse().setProperties(toStruct(await operations.previewCreation(cluster, inputs)));
    }
    const cluster = await this.access.require();
    const { patchForce: force, upsert } = this.settings;
    const { id, outputs } = await operations.create(cluster, inputs, { force, upsert }, this.runOf(request));
    return new rpc.CreateResponse().setId(id).setProperties(toStruct(outputs));
  }

  private async update(request: rpc.UpdateRequest): Promise<rpc.UpdateResponse> {
    if (request.getType() === helmRelease && !request.getPreview()) throw new Error(helmRefusal);
    const change = {
      inputs: fromStruct(request.getNews()),
      olds: fromStruct(request.getOlds()),
      ignored: request.getIgnorechangesList(),
      force: this.settings.patchForce,
    };
    const outputs = request.getPreview()
      ? await operations.previewUpdate(await this.previewCluster(request), change)
      : await operations.update(await this.access.require(), change, this.runOf(request));
    return new rpc.UpdateResponse().setProperties(toStruct(outputs));
  }

  private async read(request: rpc.ReadRequest): Promise<rpc.ReadResponse> {
    if (request.getType() === helmRelease) throw new Error(helmRefusal);
    const access = await this.access.open();
    if ("reason" in access && this.settings.deleteUnreachable) return new rpc.ReadResponse();
    const state = {
      id: request.getId(),
      inputs: fromStruct(request.getInputs()),
      outputs: fromStruct(request.getProperties()),
    };
    const live = await operations.read(await this.access.require(), subjectOf(request), state);
    if (live === undefined) return new rpc.ReadResponse();
    return new rpc.ReadResponse().setId(live.id).setProperties(toStruct(live.outputs)).setInputs(toStruct(live.inputs));
  }

  private async delete(request: rpc.DeleteRequest): Promise<Empty> {
    if (request.getType() === helmRelease) throw new Error(helmRefusal);
    const access = await this.access.open();
    if ("reason" in access && this.settings.deleteUnreachable) return new Empty();
    const state = {
      id: request.getId(),
      inputs: fromStruct(request.getOldInputs()),
      outputs: fromStruct(request.getProperties()),
    };
    await operations.destroy(await this.access.require(), subjectOf(request), state, this.runOf(request));
    return new Empty();
  }

  private async previewCluster(request: { getType(): string }): Promise<Cluster | undefined> {
    return request.getType() === helmRelease ? undefined : this.access.ifReachable();
  }

  /** Progress is shown beside the resource, and only when there is something new to say. */
  private runOf(request: { getTimeout(): number; getUrn(): string }): operations.Run {
    let shown = "";
    return {
      timeoutSeconds: request.getTimeout(),
      report: (progress) => {
        // An empty text clears what was shown.
        if (progress === shown) return;
        shown = progress;
        void this.log.write("info", progress, { urn: request.getUrn(), ephemeral: true });
      },
    };
  }
}

function subjectOf(request: { getUrn(): string; getType(): string; getName(): string }): operations.Subject {
  return { urn: request.getUrn(), token: request.getType(), name: request.getName() };
}

const { Kind } = rpc.PropertyDiff;
const kinds = {
  add: { inPlace: Kind.ADD, replacing: Kind.ADD_REPLACE },
  delete: { inPlace: Kind.DELETE, replacing: Kind.DELETE_REPLACE },
  update: { inPlace: Kind.UPDATE, replacing: Kind.UPDATE_REPLACE },
};

function diffResponse({ differences, deleteBeforeReplace }: Comparison): rpc.DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = rpc.DiffResponse.DiffChanges;
  const response = new rpc.DiffResponse()
    .setChanges(differences.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList([...new Set(differences.map(({ path }) => String(path[0])))])
    .setReplacesList(differences.filter(({ replaces }) => replaces).map(({ path }) => pathText(path)))
    .setDeletebeforereplace(deleteBeforeReplace)
    .setHasdetaileddiff(true);
  for (const difference of differences)
    response.getDetaileddiffMap().set(pathText(difference.path), propertyDiff(difference));
  return response;
}

function propertyDiff({ kind, replaces }: Difference): rpc.PropertyDiff {
  return new rpc.PropertyDiff().setKind(replaces ? kinds[kind].replacing : kinds[kind].inPlace).setInputdiff(true);
}
