import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient, ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { KubernetesProvider } from "../../../sandbox/plugins/kubernetes/provider";
import { EngineLog, type Severity } from "../../../sandbox/plugins/shared/serve";
import { fromStruct, toStruct, unknown, type Values } from "../../../sandbox/plugins/shared/values";
import { apis, type Answers } from "../../support/kubernetesApi";

class Shown extends EngineLog {
  readonly lines: string[] = [];

  constructor() {
    super(undefined);
  }

  override write(severity: Severity, message: string): Promise<void> {
    this.lines.push(`${severity}: ${message}`);
    return Promise.resolve();
  }
}

const { api, close } = apis();
let server: grpc.Server;
let client: ResourceProviderClient;
let shown: Shown;

beforeEach(async () => {
  shown = new Shown();
  server = new grpc.Server();
  server.addService(ResourceProviderService, new KubernetesProvider(shown).methods());
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
});

afterEach(async () => {
  client.close();
  server.forceShutdown();
  await close();
});

/** One call of the engine's; a failed one rejects with gRPC's own error. */
function call<Response>(send: (answer: (error: grpc.ServiceError | null, response: Response) => void) => void) {
  return new Promise<Response>((resolve, reject) => {
    send((error, response) => {
      if (error === null) resolve(response);
      else reject(error);
    });
  });
}

function kubeconfigOf(address: string): string {
  return JSON.stringify({
    clusters: [{ name: "c", cluster: { server: address, "insecure-skip-tls-verify": true } }],
    users: [{ name: "u", user: {} }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u", namespace: "from-context" } }],
    "current-context": "x",
  });
}

async function configure(args: Values): Promise<void> {
  await call((answer) => client.configure(new rpc.ConfigureRequest().setArgs(toStruct(args)), answer));
}

/** Configures for an API server with these answers. */
async function configureFor(answers: Answers) {
  const one = await api({ "GET /version": {}, ...answers });
  await configure({ kubeconfig: kubeconfigOf(one.address) });
  return one;
}

const token = "kubernetes:core/v1:ConfigMap";
const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "m", namespace: "ns" }, data: { a: "1" } };
const mapPath = "/api/v1/namespaces/ns/configmaps/m";

function aCreation(inputs: Values, preview = false, type = token): Promise<rpc.CreateResponse> {
  const request = new rpc.CreateRequest().setType(type).setProperties(toStruct(inputs)).setPreview(preview);
  return call((answer) => client.create(request, answer));
}

describe("the provider's configuration", () => {
  it("is told of once, with a word about what stands in for the official one", async () => {
    await configureFor({});
    expect(shown.lines).toEqual([
      expect.stringMatching(/^info: Sandbox: the official Kubernetes provider could not be had/),
    ]);
  });

  it("gives objects the namespace of the kubeconfig's context, and none where the kind has none", async () => {
    await configureFor({});
    const check = async (type: string) => {
      const request = new rpc.CheckRequest().setType(type).setName("x").setNews(toStruct({}));
      return fromStruct((await call<rpc.CheckResponse>((answer) => client.check(request, answer))).getInputs());
    };
    expect(await check(token)).toMatchObject({ kind: "ConfigMap", metadata: { namespace: "from-context" } });
    expect((await check("kubernetes:core/v1:Namespace"))["metadata"]).not.toHaveProperty("namespace");
  });

  it("has no client-side apply", async () => {
    await expect(configure({ enableServerSideApply: "false" })).rejects.toThrow("server-side apply alone");
  });
});

describe("without a cluster", () => {
  it("a preview goes on from the inputs, with one warning", async () => {
    await configure({ kubeconfig: unknown });
    expect(fromStruct((await aCreation(map, true)).getProperties())).toEqual(map);
    await aCreation(map, true);
    expect(shown.lines.filter((line) => line.startsWith("warning"))).toEqual([
      "warning: Kubernetes resources are previewed from their inputs alone: " +
        "the cluster is not known before it has been created",
    ]);
  });

  it("an update fails and says why", async () => {
    await configure({ kubeconfig: "/does/not/exist" });
    await expect(aCreation(map)).rejects.toThrow("the Kubernetes cluster cannot be reached: there is no kubeconfig");
  });
});

describe("a difference", () => {
  it("is told property by property, with what has to be replaced", async () => {
    await configureFor({});
    const request = new rpc.DiffRequest().setOldInputs(toStruct(map)).setNews(toStruct({ ...map, data: { a: "2" } }));
    const response = await call<rpc.DiffResponse>((answer) => client.diff(request, answer));
    expect(response.getChanges()).toBe(rpc.DiffResponse.DiffChanges.DIFF_SOME);
    expect(response.getReplacesList()).toEqual(["data.a"]);
    expect(response.getDeletebeforereplace()).toBe(true);
    expect(response.getDetaileddiffMap().get("data.a")?.toObject()).toEqual({
      kind: rpc.PropertyDiff.Kind.UPDATE_REPLACE,
      inputdiff: true,
    });
  });

  it("is none for equal inputs, whatever the cluster does", async () => {
    await configure({ kubeconfig: "/does/not/exist" });
    const request = new rpc.DiffRequest().setOldInputs(toStruct(map)).setNews(toStruct(map));
    const response = await call<rpc.DiffResponse>((answer) => client.diff(request, answer));
    expect(response.getChanges()).toBe(rpc.DiffResponse.DiffChanges.DIFF_NONE);
  });

  it("is made for a Job that failed and is to be replaced then", async () => {
    const job = {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "j", namespace: "ns", annotations: { "pulumi.com/replaceUnready": "true" } },
    };
    await configureFor({ "GET /apis/batch/v1/namespaces/ns/jobs/j": job });
    const request = new rpc.DiffRequest().setId("ns/j").setOldInputs(toStruct(job)).setNews(toStruct(job));
    const response = await call<rpc.DiffResponse>((answer) => client.diff(request, answer));
    expect(response.getReplacesList()).toEqual(['metadata.annotations["pulumi.com/replaceUnready"]']);
    expect(response.getDeletebeforereplace()).toBe(true);
  });
});

describe("a creation", () => {
  it("answers with the object's id and the live object", async () => {
    await configureFor({ [`PATCH ${mapPath}`]: { ...map, metadata: { ...map.metadata, uid: "u" } } });
    const response = await aCreation(map);
    expect(response.getId()).toBe("ns/m");
    expect(fromStruct(response.getProperties())).toMatchObject({ metadata: { uid: "u" }, __inputs: map });
  });

  it("refuses an object that exists already, unless the provider may take it over", async () => {
    const one = await configureFor({ [`GET ${mapPath}`]: map, [`PATCH ${mapPath}`]: map });
    await expect(aCreation(map)).rejects.toThrow("ConfigMap ns/m exists already");
    await configure({ kubeconfig: kubeconfigOf(one.address), upsertExistingObjects: "true" });
    expect((await aCreation(map)).getId()).toBe("ns/m");
  });

  it("that ends with an object that is not ready gives the engine the object, to be kept and tried again", async () => {
    const job = {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "j", namespace: "ns", uid: "u" },
      status: { conditions: [{ type: "Failed", status: "True", reason: "BackoffLimitExceeded", message: "" }] },
    };
    await configureFor({
      "PATCH /apis/batch/v1/namespaces/ns/jobs/j": job,
      "GET /api/v1/namespaces/ns/pods": { items: [] },
      "GET /api/v1/namespaces/ns/events": { items: [] },
    });
    const error: unknown = await aCreation(job).catch((reason: unknown) => reason);
    const failure = initFailureIn(error);
    expect(failure.getId()).toBe("ns/j");
    expect(failure.getReasonsList()).toEqual(["Job ns/j: the Job failed: BackoffLimitExceeded: "]);
    expect(fromStruct(failure.getProperties())).toMatchObject({ metadata: { uid: "u" }, status: job.status });
  });

  it("of a chart is previewed and then refused", async () => {
    await configureFor({});
    const release = { chart: "nginx" };
    const type = "kubernetes:helm.sh/v3:Release";
    expect(fromStruct((await aCreation(release, true, type)).getProperties())).toEqual(release);
    await expect(aCreation(release, false, type)).rejects.toThrow("charts need the official Kubernetes provider");
  });
});

/** What the engine finds in the trailing metadata of a failed call. */
function initFailureIn(error: unknown): rpc.ErrorResourceInitFailed {
  if (!(error instanceof Error) || !("metadata" in error) || !(error.metadata instanceof grpc.Metadata))
    throw new Error("no gRPC error", { cause: error });
  const [details] = error.metadata.get("grpc-status-details-bin");
  if (!(details instanceof Buffer)) throw new Error("no details", { cause: error });
  const [any] = Status.deserializeBinary(details).getDetailsList();
  expect(any?.getTypeUrl()).toBe("type.googleapis.com/pulumirpc.ErrorResourceInitFailed");
  return rpc.ErrorResourceInitFailed.deserializeBinary(any?.getValue_asU8() ?? new Uint8Array());
}

describe("reading an object", () => {
  const read = async (inputs: Values, outputs: Values) => {
    const request = new rpc.ReadRequest().setId("ns/m").setType(token);
    request.setInputs(toStruct(inputs)).setProperties(toStruct(outputs));
    return call<rpc.ReadResponse>((answer) => client.read(request, answer));
  };

  it("tells what was changed by hand as inputs", async () => {
    await configureFor({ [`GET ${mapPath}`]: { ...map, data: { a: "drifted", b: "added" } } });
    const response = await read(map, map);
    expect(fromStruct(response.getInputs())).toEqual({ ...map, data: { a: "drifted" } });
    expect(response.getId()).toBe("ns/m");
  });

  it("imports one that the state does not know", async () => {
    await configureFor({ [`GET ${mapPath}`]: map });
    expect(fromStruct((await read({}, {})).getInputs())).toEqual(map);
  });

  it("answers without an id for one that is gone", async () => {
    await configureFor({});
    expect((await read(map, map)).getId()).toBe("");
  });
});

describe("a cancellation", () => {
  it("ends what is under way", async () => {
    const job = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "j", namespace: "ns", uid: "u" } };
    const jobPath = "/apis/batch/v1/namespaces/ns/jobs/j";
    let applied = false;
    const one = await configureFor({
      [`GET ${jobPath}`]: () => (applied ? job : undefined),
      [`PATCH ${jobPath}`]: () => {
        applied = true;
        return job;
      },
    });
    const creation = aCreation(job).catch((reason: unknown) => reason);
    const polls = () => one.seen.filter(({ method, url }) => method === "GET" && url === jobPath);
    await vi.waitUntil(() => polls().length > 1);
    await call((answer) => client.cancel(new Empty(), answer));
    expect(await creation).toMatchObject({ details: expect.stringContaining("cancelled while waiting") as string });
  });
});
